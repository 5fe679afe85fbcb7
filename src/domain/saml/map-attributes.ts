/** What an attribute of a person can decide. */
export const GRANTS = [
  'first_name', 'last_name', 'display_name', 'department', 'job_title', 'cost_center', 'site', 'extension_number', 'phone_number', 'calling_plan', 'package', 'role', 'template',
] as const;
export type Grant = (typeof GRANTS)[number];

/** Those of which a person can have several; of the others the first rule that fits decides. */
const SEVERAL: ReadonlySet<Grant> = new Set<Grant>(['phone_number', 'calling_plan']);

/** One line of the response mapping: where the attribute has the value, the person is given something. */
export interface AttributeRule {
  /** Name of the attribute, compared exactly. */
  readonly attribute: string;
  /** Compared without regard to case; null = whatever it is. */
  readonly value: string | null;
  readonly grants: Grant;
  /** What is given; null = the attribute's own value. */
  readonly assign: string | null;
}

export type SamlAttributes = ReadonlyMap<string, readonly string[]>;

/** What a sign-in asks for a person; missing = nothing said, and what is there stays. */
export type MappedAttributes = ReadonlyMap<Grant, readonly string[]>;

/** The rules in their order over the attributes of an assertion. Empty values say nothing. */
export function mapAttributes(rules: readonly AttributeRule[], attributes: SamlAttributes): MappedAttributes {
  const mapped = new Map<Grant, readonly string[]>();
  for (const { attribute, value, grants, assign } of rules) {
    const fitting = (attributes.get(attribute) ?? []).map((one) => one.trim())
      .filter((one) => one !== '' && (value === null || one.toLowerCase() === value.toLowerCase()));
    const given = assign === null ? fitting : fitting.length > 0 ? [assign] : [];
    if (given.length === 0) continue;
    if (SEVERAL.has(grants)) mapped.set(grants, [...new Set([...mapped.get(grants) ?? [], ...given])]);
    else if (!mapped.has(grants)) mapped.set(grants, given.slice(0, 1));
  }
  return mapped;
}
