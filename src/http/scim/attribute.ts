/** One attribute of a resource (RFC 7643 §7): what /Schemas shows, and what bodies, filters and patches are read by. */
export interface Attribute {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'binary' | 'complex';
  readonly description: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'default' | 'never' | 'request';
  readonly uniqueness: 'none' | 'server';
  readonly canonicalValues: readonly string[];
  readonly referenceTypes: readonly string[];
  /** Longest text. */
  readonly longest: number;
  /** Of a complex one; empty otherwise. */
  readonly subAttributes: readonly Attribute[];
}

const USUAL = {
  type: 'string', description: '', multiValued: false, required: false, caseExact: false, mutability: 'readWrite', returned: 'default', uniqueness: 'none',
  canonicalValues: [], referenceTypes: [], longest: 1024, subAttributes: [],
} as const;

export function attribute(name: string, description: string, more: Partial<Attribute> = {}): Attribute {
  return { ...USUAL, name, description, ...more };
}

/** A multi-valued attribute with the usual sub-attributes (RFC 7643 §2.4); `value` as given. */
export function plural(name: string, description: string, types: readonly string[], value: Partial<Attribute> = {}): Attribute {
  return attribute(name, description, {
    type: 'complex', multiValued: true,
    subAttributes: [
      attribute('value', 'The value.', value), attribute('display', 'How it is shown.'),
      attribute('type', 'What it is used for.', { canonicalValues: types }), attribute('primary', 'Whether it is the preferred one.', { type: 'boolean' }),
    ],
  });
}

/** A schema: a resource's own, or an extension of one. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

/** A kind of resource with what bodies of it may hold. */
export interface ResourceType {
  readonly name: 'User' | 'Group';
  /** Under the base: `/Users`. */
  readonly endpoint: string;
  readonly description: string;
  readonly core: Schema;
  readonly extensions: readonly Schema[];
}

/** Attributes of every resource (RFC 7643 §3.1); clients write none but `externalId`. */
export const COMMON: readonly Attribute[] = [
  attribute('id', 'The id here.', { caseExact: true, mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  attribute('externalId', 'The id at the identity provider.', { caseExact: true, longest: 256 }),
  attribute('schemas', 'Schemas of the resource.', { multiValued: true, type: 'reference', caseExact: true, returned: 'always', referenceTypes: ['uri'] }),
  attribute('meta', 'About the resource.', {
    type: 'complex', mutability: 'readOnly',
    subAttributes: [
      attribute('resourceType', 'Name of its kind.', { caseExact: true, mutability: 'readOnly' }),
      attribute('created', 'When it was made.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it was changed last.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Where it is.', { type: 'reference', mutability: 'readOnly', caseExact: true }),
      attribute('version', 'Its ETag.', { caseExact: true, mutability: 'readOnly' }),
    ],
  }),
];

/** An attribute by its name, whatever the case (RFC 7643 §2.1). */
export function named(attributes: readonly Attribute[], name: string): Attribute | undefined {
  const wanted = name.toLowerCase();
  return attributes.find((one) => one.name.toLowerCase() === wanted);
}
