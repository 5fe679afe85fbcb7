import type { Device } from '../device/device.js';
import type { ExtensionId } from '../ids.js';
import type { CommonArea } from '../identity/common-area.js';
import type { AccountUser, PhoneUser } from '../identity/user.js';
import type { Extension } from '../numbering/extension.js';
import type { CallerIdChoice, PhoneNumber } from '../numbering/phone-number.js';

export interface OwnSetting {
  readonly key: string;
  readonly value: unknown;
  readonly locked: boolean;
}

/** What an extension itself sets, in the order of keys. */
export interface OwnSettings {
  readonly id: ExtensionId;
  readonly settings: readonly OwnSetting[];
}

/** What a row of a file may make, change or (being undone) remove. */
export interface Exchanged {
  readonly user: AccountUser;
  readonly extension: Extension;
  readonly phone_user: PhoneUser;
  readonly common_area: CommonArea;
  readonly phone_number: PhoneNumber;
  readonly device: Device;
  readonly caller_id_choice: CallerIdChoice;
  readonly setting: OwnSettings;
}

export type ExchangedKind = keyof Exchanged;

/** In the order in which they are written: what others refer to first. Removed in reverse. */
export const EXCHANGED_KINDS: readonly ExchangedKind[] = [
  'user', 'extension', 'phone_user', 'common_area', 'phone_number', 'device', 'caller_id_choice', 'setting',
];

/** One thing as it is and as it shall be; null = it is not there. Read backwards it undoes itself. */
export type Entry = { readonly [Kind in ExchangedKind]: EntryOf<Kind> }[ExchangedKind];
export interface EntryOf<Kind extends ExchangedKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly before: Exchanged[Kind] | null;
  readonly after: Exchanged[Kind] | null;
}

/** An entry where both sides differ, none where they are the same. */
export function entryOf<Kind extends ExchangedKind>(
  kind: Kind, before: Exchanged[Kind] | null, after: Exchanged[Kind] | null,
): readonly EntryOf<Kind>[] {
  const id = (after ?? before)?.id;
  return id === undefined || sameValue(before, after) ? [] : [{ kind, id, before, after }];
}

/** Whether two values say the same, whatever the order of their fields. */
export function sameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : inner));
}

/** Fields of `now` that are not as `expected`; 'everything' where one of them is not there. */
export function differingFields(expected: object | null, now: object | null): readonly string[] {
  if (expected === null || now === null) return expected === now ? [] : ['everything'];
  const found = new Map<string, unknown>(Object.entries(now));
  return Object.entries(expected).filter(([name, value]) => !sameValue(value, found.get(name))).map(([name]) => name);
}
