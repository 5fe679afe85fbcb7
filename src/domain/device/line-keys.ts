import { asId, type AccountId, type ExtensionId, type LineKeyId } from '../ids.js';

/**
 * `line` is the extension's own line; `blf` shows and calls another extension, `speed_dial` a number, `call_park` and
 * `group_call_pickup` dial the retrieval code.
 */
export const LINE_KEY_TYPES = ['line', 'blf', 'speed_dial', 'call_park', 'group_call_pickup'] as const;
export type LineKeyType = (typeof LINE_KEY_TYPES)[number];

/** One key of an extension, on every phone of it that has a key at this place. */
export interface LineKey {
  readonly id: LineKeyId;
  readonly accountId: AccountId;
  readonly extensionId: ExtensionId;
  /** From 1, over all pages. */
  readonly index: number;
  readonly type: LineKeyType;
  /** Shown instead of the name of what it does; '' = that name. */
  readonly alias: string;
  /** With `blf`. */
  readonly targetExtensionId: ExtensionId | null;
  /** With `speed_dial`; else ''. */
  readonly speedDialNumber: string;
  /** With `call_park` and `group_call_pickup`; else ''. */
  readonly retrievalCode: string;
  /** With `line`: an E.164 number, `withheld`, or '' for the extension's own choice. */
  readonly outboundCallerId: string;
}

/** Keys a phone may have at most, expansion modules included. */
export const MOST_KEYS = 300;

/**
 * The keys of an extension as phones show them: those that are set, and its own line at the first free place where no key says
 * otherwise. The own line has the extension's id, so it can be named before it was ever changed.
 */
export function wholeLineKeys(extension: { readonly id: ExtensionId; readonly accountId: AccountId }, kept: readonly LineKey[]): readonly LineKey[] {
  const own = kept.some(({ type }) => type === 'line') ? [] : [ownLine(extension, firstFree(kept))];
  return [...kept, ...own].sort((a, b) => a.index - b.index);
}

function ownLine({ id, accountId }: { readonly id: ExtensionId; readonly accountId: AccountId }, index: number): LineKey {
  return {
    id: lineKeyOf(id), accountId, extensionId: id, index, type: 'line', alias: '', targetExtensionId: null, speedDialNumber: '', retrievalCode: '',
    outboundCallerId: '',
  };
}

/** The key of an extension's own line. */
export function lineKeyOf(id: ExtensionId): LineKeyId {
  return asId<LineKeyId>(id);
}

function firstFree(kept: readonly { readonly index: number }[]): number {
  const taken = new Set(kept.map(({ index }) => index));
  let index = 1;
  while (taken.has(index)) index += 1;
  return index;
}

/** One change of a page of keys; what is not given stays. */
export interface WantedLineKey {
  readonly id?: string;
  readonly index?: number;
  readonly type?: LineKeyType;
  readonly alias?: string;
  readonly targetExtensionId?: ExtensionId;
  readonly speedDialNumber?: string;
  readonly retrievalCode?: string;
  readonly outboundCallerId?: string;
}

export interface LineKeyProblem {
  /** Which of the wanted ones, from 0. */
  readonly at: number;
  readonly field: 'line_key_id' | 'index' | 'type' | 'key_assignment.extension_id' | 'key_assignment.speed_dial_number' | 'key_assignment.retrieval_code' | 'outbound_caller_id';
  readonly text: string;
}

export type LineKeyPage = { readonly kind: 'page'; readonly keys: readonly LineKey[] } | { readonly kind: 'wrong'; readonly problems: readonly LineKeyProblem[] };

/**
 * The page of keys that `wanted` makes of `keys` (whole, see `wholeLineKeys`): named ones change, others are added. All are
 * judged, and nothing is changed where one is wrong.
 * @param limit keys of the extension's largest phone
 * @param newIds ids for those that are added, as many as there may be
 */
export function changeLineKeys(
  keys: readonly LineKey[], extension: { readonly id: ExtensionId; readonly accountId: AccountId },
  wanted: readonly WantedLineKey[], limit: number, newIds: readonly LineKeyId[],
): LineKeyPage {
  const page = new Map(keys.map((key) => [key.id, key]));
  const problems: LineKeyProblem[] = [];
  const placed = new Map<LineKeyId, number>();
  for (const [at, one] of wanted.entries()) {
    const before = one.id === undefined || one.id === '' ? null : keys.find(({ id }) => id === one.id);
    if (before === undefined) {
      problems.push({ at, field: 'line_key_id', text: 'The extension has no key with this id.' });
      continue;
    }
    const id = before?.id ?? newIds[at];
    if (id === undefined) throw new Error('fewer ids than keys');
    const key = completed(id, extension, before, one, firstFree([...page.values()]));
    problems.push(...problemsOf(key, before, limit).map((problem) => ({ ...problem, at })));
    page.set(id, key);
    placed.set(id, at);
  }
  problems.push(...clashes([...page.values()], placed));
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'page', keys: [...page.values()].sort((a, b) => a.index - b.index) };
}

/** What a key of its type does not have is emptied. */
function completed(
  id: LineKeyId, { id: extensionId, accountId }: { readonly id: ExtensionId; readonly accountId: AccountId }, before: LineKey | null, one: WantedLineKey, free: number,
): LineKey {
  const type = one.type ?? before?.type ?? 'speed_dial';
  const dials = type === 'call_park' || type === 'group_call_pickup';
  return {
    id, accountId, extensionId, type, index: one.index ?? before?.index ?? free,
    alias: one.alias ?? before?.alias ?? '',
    targetExtensionId: type === 'blf' ? one.targetExtensionId ?? before?.targetExtensionId ?? null : null,
    speedDialNumber: type === 'speed_dial' ? one.speedDialNumber ?? before?.speedDialNumber ?? '' : '',
    retrievalCode: dials ? one.retrievalCode ?? before?.retrievalCode ?? '' : '',
    outboundCallerId: type === 'line' ? one.outboundCallerId ?? before?.outboundCallerId ?? '' : '',
  };
}

function problemsOf(key: LineKey, before: LineKey | null, limit: number): readonly Omit<LineKeyProblem, 'at'>[] {
  const found: Omit<LineKeyProblem, 'at'>[] = [];
  if (key.index < 1 || key.index > limit) found.push({ field: 'index', text: `Give 1 to ${limit}: the extension's phones have no more keys.` });
  if (before?.type === 'line' && key.type !== 'line') found.push({ field: 'type', text: "The extension's own line stays a line. Move it, or add another key." });
  if (before?.type !== 'line' && key.type === 'line') found.push({ field: 'type', text: 'An extension has one line of its own, which is there already: shared lines are not available yet.' });
  if (key.type === 'blf' && key.targetExtensionId === null) found.push({ field: 'key_assignment.extension_id', text: 'Give the extension that the key shows.' });
  if (key.type === 'blf' && key.targetExtensionId === key.extensionId) found.push({ field: 'key_assignment.extension_id', text: 'A key cannot show its own extension.' });
  if (key.type === 'speed_dial' && !DIALLED.test(key.speedDialNumber)) {
    found.push({ field: 'key_assignment.speed_dial_number', text: 'Give what is dialled: a leading + if wanted, then digits, * and #, 32 at most.' });
  }
  if ((key.type === 'call_park' || key.type === 'group_call_pickup') && !CODE.test(key.retrievalCode)) {
    found.push({ field: 'key_assignment.retrieval_code', text: 'Give 1 to 10 digits, * and #.' });
  }
  if (!CALLER_ID.test(key.outboundCallerId)) found.push({ field: 'outbound_caller_id', text: 'Give an E.164 number such as +12125550100, withheld, or "".' });
  return found;
}

const DIALLED = /^\+?[0-9*#]{1,32}$/;
const CODE = /^[0-9*#]{1,10}$/;
const CALLER_ID = /^(?:|withheld|\+[1-9][0-9]{3,14})$/;

/** Two keys at one place: told of the one that was moved there. */
function clashes(keys: readonly LineKey[], placed: ReadonlyMap<LineKeyId, number>): readonly LineKeyProblem[] {
  const byIndex = new Map<number, LineKey>();
  const found: LineKeyProblem[] = [];
  for (const key of keys) {
    const other = byIndex.get(key.index);
    byIndex.set(key.index, key);
    if (other === undefined) continue;
    const at = placed.get(key.id) ?? placed.get(other.id);
    if (at !== undefined) found.push({ at, field: 'index', text: `Another key has place ${key.index}. Move or delete that one as well.` });
  }
  return found;
}
