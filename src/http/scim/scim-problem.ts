import { refused, type RefusalKind, type Refused } from '../../usecases/outcome.js';
import type { Problem } from '../problem.js';

/** RFC 7644 §3.12, table 9. */
export type ScimType =
  | 'invalidFilter' | 'tooMany' | 'uniqueness' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue' | 'invalidVers' | 'sensitive';

export interface ScimRefused extends Refused {
  readonly scimType: ScimType;
}

/** A refusal that knows SCIM's own word for what is wrong. */
export function scimRefused(scimType: ScimType, field: string, text: string, value?: string): ScimRefused {
  return { ...refused('invalid', field, text, value), scimType };
}

const USUAL: Readonly<Record<RefusalKind, ScimType | null>> = { 'invalid': 'invalidValue', 'conflict': 'uniqueness', 'not-found': null, 'forbidden': null };

export function scimTypeOf(refusal: Refused & { readonly scimType?: ScimType }): ScimType | null {
  return refusal.scimType ?? USUAL[refusal.why];
}

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const SCIM_MEDIA_TYPE = 'application/scim+json';
export const SCIM_BASE = '/scim2';

/** Whether a path is SCIM's: its answers have a media type and errors of their own (RFC 7644 §3.12, §8.1). */
export function isScimPath(path: string): boolean {
  return path === SCIM_BASE || path.startsWith(`${SCIM_BASE}/`);
}

/** An error as SCIM writes it: `{schemas, status: "409", scimType?, detail}`. */
export function scimErrorBody({ status, message, errors, scimType }: Problem): object {
  const fields = errors.filter(({ text }) => text !== message).map(({ field, text }) => `${field}: ${text}`);
  const kind = scimType ?? (status === 400 ? 'invalidSyntax' : undefined);
  return {
    schemas: [ERROR_SCHEMA], status: String(status), ...(kind === undefined ? {} : { scimType: kind }),
    detail: errors.length === 1 && fields.length === 0 ? `${errors[0]?.field ?? ''}: ${message}` : [message, ...fields].join(' '),
  };
}
