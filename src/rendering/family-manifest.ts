import { z } from 'zod';

const support = z.enum(['yes', 'unverified', 'no']);
const capability = z.enum([
  'web-interface', 'admin-password', 'background', 'time-format', 'second-ntp', 'daylight-saving-rules', 'firmware', 'language', 'trusted-certificate', 'srtp', 'codecs',
  'dtmf-mode', 'emergency-numbers', 'digit-map', 'voicemail-key', 'home-soft-key', 'second-page-soft-key', 'blf', 'http-credentials',
]);
const grammar = z.enum([
  'yealink-cfg', 'audiocodes-cfg', 'poly-xml', 'cisco-xml', 'grandstream-xml', 'snom-xml', 'fanvil-xml', 'plain-ini',
  'baresip-config', 'baresip-accounts', 'baresip-contacts',
]);
const regularExpression = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}, 'is no regular expression');

const file = z.strictObject({
  name: z.string().regex(/^[a-z-]+$/),
  kind: z.enum(['device', 'common', 'certificate', 'upload', 'absent']),
  /** On the last segment of the path; `{mac}` stands for a MAC address in any of its spellings. */
  pattern: z.string(),
  /** Name as the phone asks for it, with `{mac}` and `{code}`; shown in previews. */
  as: z.string().optional(),
  template: z.string().regex(/^[a-z-]+\.liquid$/).optional(),
  contentType: z.string().optional(),
  /** Where it is not the family's. */
  grammar: grammar.optional(),
  /** Whether administrators' templates go into this file. */
  takesTemplate: z.boolean().default(false),
}).refine(({ kind, template, contentType }) => ['certificate', 'upload', 'absent'].includes(kind) === (template === undefined && contentType === undefined),
  'device and common files have a template and a content type, others have none');

const background = z.strictObject({ formats: z.array(z.string().regex(/^[a-z]+$/)).min(1), width: z.int().nullable(), height: z.int().nullable() });
const expansion = z.strictObject({ name: z.string(), modules: z.int().min(1), keysEach: z.int().min(1) });

const model = z.strictObject({
  model: z.string().min(1),
  aliases: z.array(z.string()).default([]),
  code: z.string().default(''),
  accounts: z.int().min(1),
  keySlots: z.int().min(0),
  /** Where less are offered than written. */
  usableKeys: z.int().min(0).optional(),
  idleSoftKeys: z.int().min(0),
  labelLength: z.int().optional(),
  expansion: expansion.nullable().default(null),
  background: background.nullable().default(null),
  capabilities: z.partialRecord(capability, support).default({}),
  note: z.string().default(''),
});

const sentences = z.array(z.string().min(1));
/** The same one step after the other, for people with the phone before them. */
const setUpGuide = z.strictObject({
  /** What is typed in: `{folder}` ends in `/`, `{mac}` as the family writes it; what stands behind a $ the phone replaces itself. */
  url: z.string().startsWith('{folder}'),
  /** In the order the phone looks at them; empty = it reads none. */
  dhcpOptions: z.array(z.int().min(1).max(254)),
  factoryReset: sentences,
  atPhone: sentences,
  inBrowser: sentences,
  beware: sentences,
});

/** `provisioning-templates/<vendor>/<family>/manifest.json`. */
export const familyManifest = z.strictObject({
  maker: z.string().min(1),
  title: z.string().min(1),
  family: z.enum(['yealink', 'poly', 'cisco-mpp', 'grandstream', 'snom', 'fanvil', 'audiocodes', 'other']),
  grammar,
  macCase: z.enum(['lower', 'upper']),
  labelLength: z.int().min(1),
  digitMap: z.enum(['timer', 'cisco', 'grandstream']).nullable(),
  /** Patterns with groups `model`, `firmware` and `mac` on the User-Agent of requests for files. */
  userAgents: z.array(regularExpression),
  /** First six hex digits of MAC addresses, for a warning only: makers buy new ranges. */
  ouis: z.array(z.string().regex(/^[0-9a-f]{6}$/)),
  notify: z.strictObject({ resync: z.string().nullable(), reboot: z.string().nullable() }),
  /** How an administrator points such a phone at the server. */
  setUp: z.string().min(1),
  guide: setUpGuide,
  /** Words of the maker for ours. */
  languages: z.record(z.enum(['en', 'es', 'de', 'fr']), z.string()),
  capabilities: z.record(capability, support),
  files: z.array(file).min(1),
  /** Images that such a phone fetches, and what it is told of where they are: a file, or the folder in which it looks for its own. */
  firmware: z.strictObject({ names: regularExpression, address: z.string().regex(/^\{folder\}(?:\{file\}|[\w.-]*)$/) }).nullable(),
  template: z.strictObject({ allow: z.array(regularExpression), urls: z.array(regularExpression).default([]) }),
  /** Parameters that are sent though no manual or phone has confirmed them. */
  unverified: z.array(z.string()),
  sources: z.array(z.string()).min(1),
  models: z.array(model).min(1),
});

export type FamilyManifest = z.infer<typeof familyManifest>;
export type ManifestFile = FamilyManifest['files'][number];
