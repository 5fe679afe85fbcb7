import { z } from 'zod';
import type { ValueType } from '../../domain/settings/setting-value.js';

/** How a value of a setting is shown: whole. */
export function shownValue(type: ValueType): z.ZodType {
  switch (type.kind) {
    case 'flag':
      return z.boolean();
    case 'whole':
      return z.int();
    case 'decimal':
      return z.number();
    case 'text':
      return z.string();
    case 'one-of':
      return z.literal([...type.values]);
    case 'list':
      return z.array(shownValue(type.of));
    case 'or-null':
      return shownValue(type.of).nullable();
    case 'group':
      return z.object(eachField(type.fields, shownValue));
  }
}

/**
 * How a change of a setting is sent: of groups, the fields that change. What the fields may hold is the catalogue's business, which
 * names field and remedy; here is only what keeps anything from growing without bounds.
 */
export function sentValue(type: ValueType, strict: boolean): z.ZodType {
  switch (type.kind) {
    case 'flag':
      return z.boolean();
    case 'whole':
      return z.int().min(type.minimum).max(type.maximum);
    case 'decimal':
      return z.number().min(type.minimum).max(type.maximum);
    case 'text':
      return z.string().max(type.longest);
    case 'one-of':
      return z.literal([...type.values]);
    case 'list':
      return z.array(wholeValue(type.of)).max(type.longest);
    case 'or-null':
      return sentValue(type.of, strict).nullable();
    case 'group': {
      const fields = eachField(type.fields, (field) => sentValue(field, strict).optional());
      return strict ? z.strictObject(fields) : z.object(fields);
    }
  }
}

/** Entries of a list are sent whole. */
function wholeValue(type: ValueType): z.ZodType {
  return type.kind === 'group' ? z.object(eachField(type.fields, wholeValue)) : sentValue(type, false);
}

function eachField(fields: Readonly<Record<string, ValueType>>, make: (type: ValueType) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, make(type)]));
}
