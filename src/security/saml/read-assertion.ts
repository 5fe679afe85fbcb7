import { z } from 'zod';
import type { BearerConfirmation, SamlAssertion } from '../../domain/saml/judge-assertion.js';

/** An element as xml2js shows it: its text under `_`, its attributes under `$`, or the bare text where it has no attributes; with nothing inside. */
const element = z.union([z.string().transform((text) => ({ _: text, $: {} as Record<string, string> })), z.strictObject({
  _: z.string().default(''), $: z.record(z.string(), z.string()).default({}),
})]);
const none = z.array(element).default([]);

const confirmation = z.looseObject({ $: z.object({ Method: z.string() }), SubjectConfirmationData: none });
/** A value that is no text says nothing. */
const value = z.union([element, z.looseObject({}).transform(() => ({ _: '' }))]);
const attribute = z.looseObject({ $: z.looseObject({ Name: z.string() }), AttributeValue: z.array(value).default([]) });

const shape = z.looseObject({
  Assertion: z.looseObject({
    $: z.looseObject({ ID: z.string().min(1), Version: z.literal('2.0') }),
    Issuer: z.tuple([element]),
    Subject: z.tuple([z.looseObject({ NameID: none, SubjectConfirmation: z.array(confirmation).default([]) })]),
    Conditions: z.tuple([z.looseObject({
      $: z.looseObject({ NotBefore: z.string().optional(), NotOnOrAfter: z.string().optional() }).default({}),
      AudienceRestriction: z.array(z.looseObject({ Audience: none })).default([]),
    })]),
    AuthnStatement: z.array(z.unknown()).min(1),
    AttributeStatement: z.array(z.union([z.looseObject({ Attribute: z.array(attribute).default([]) }), z.string().transform(() => ({ Attribute: [] }))])).default([]),
  }),
});

const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
/** SAML 2.0 core §1.3.3: UTC, always with its Z. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** The facts of an assertion whose signature was checked; null where it has not the form of one of the Web Browser SSO profile. */
export function readAssertion(verified: unknown): SamlAssertion | null {
  const read = shape.safeParse(verified);
  if (!read.success) return null;
  const { $, Issuer, Subject: [subject], Conditions: [conditions], AttributeStatement } = read.data.Assertion;
  const times = [conditions.$.NotBefore, conditions.$.NotOnOrAfter].map(timeOf);
  const confirmations = subject.SubjectConfirmation.filter((one) => one.$.Method === BEARER).map(bearer);
  const [notBefore, notOnOrAfter] = times;
  if (notBefore === undefined || notOnOrAfter === undefined || confirmations.includes(null) || subject.NameID.length > 1) return null;
  const attributes = new Map<string, string[]>();
  for (const { $: { Name }, AttributeValue } of AttributeStatement.flatMap((one) => one.Attribute)) {
    attributes.set(Name, [...attributes.get(Name) ?? [], ...AttributeValue.map((one) => one._)]);
  }
  return {
    id: $.ID, issuer: Issuer[0]._.trim(), nameId: subject.NameID[0]?._.trim() ?? '', notBefore, notOnOrAfter, attributes,
    audiences: conditions.AudienceRestriction.map(({ Audience }) => Audience.map((one) => one._.trim())),
    confirmations: confirmations.filter((one) => one !== null),
  };
}

function bearer({ SubjectConfirmationData: [data] }: z.output<typeof confirmation>): BearerConfirmation | null {
  const { Recipient, InResponseTo, NotBefore, NotOnOrAfter } = data?.$ ?? {};
  const [notBefore, notOnOrAfter] = [timeOf(NotBefore), timeOf(NotOnOrAfter)];
  if (notBefore === undefined || notOnOrAfter === undefined) return null;
  return { recipient: Recipient ?? null, inResponseTo: InResponseTo ?? null, notBefore, notOnOrAfter };
}

/** Epoch ms; null = not said, undefined = no time. */
function timeOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  const at = TIME.test(text) ? Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z')) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
