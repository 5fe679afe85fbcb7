import type { FeatureCodes } from '../identity/account.js';
import { isDialable } from './digit-map.js';
import type { PhoneKey, SoftKey } from './phone-configuration.js';
import { can, type PhoneModel, type UnsupportedSetting } from './phone-model.js';

/** A key somebody asked for; slot 1 is the first. */
export interface WantedKey {
  readonly slot: number;
  readonly kind: 'line' | 'blf' | 'speed-dial';
  /** '' for a line. */
  readonly number: string;
  /** '' = the number, or the holder's name for a line. */
  readonly label: string;
}

interface KeyWishes {
  readonly model: PhoneModel;
  readonly wanted: readonly WantedKey[];
  readonly lineLabel: string;
  /** Labels of the two hot-desk keys; null = not shown. */
  readonly guestKey: string | null;
  readonly signOutKey: string | null;
  readonly codes: FeatureCodes;
}

export interface PlacedKeys {
  readonly keys: readonly PhoneKey[];
  readonly softKeys: readonly SoftKey[];
  readonly unsupported: readonly UnsupportedSetting[];
}

const EMPTY: PhoneKey = { kind: 'empty' };

/**
 * Every slot of the model, empty ones too, so that nothing of a former holder stays. A line key is always there. A hot-desk key that the
 * model's soft keys cannot hold takes the last line key.
 */
export function placeKeys({ model, wanted, lineLabel, guestKey, signOutKey, codes }: KeyWishes): PlacedKeys {
  const keys: PhoneKey[] = Array.from({ length: model.keySlots }, () => EMPTY);
  const dropped: WantedKey[] = [];
  for (const one of wanted) {
    const key = keyOf(one, model, lineLabel);
    if (key === null || one.slot < 1 || one.slot > model.usableKeys) dropped.push(one);
    else keys[one.slot - 1] = key;
  }
  const line: PhoneKey = { kind: 'line', account: 1, label: lineLabel };
  if (model.usableKeys > 0 && !keys.some(({ kind }) => kind === 'line')) {
    const replaced = keys[0];
    if (replaced !== undefined && replaced.kind !== 'empty') dropped.push(...wanted.filter(({ slot }) => slot === 1));
    keys[0] = line;
  }
  const softKeys: SoftKey[] = [];
  const unsupported: UnsupportedSetting[] = [];
  const taken = new Set<number>();
  const name = `${model.maker} ${model.model}`;
  const place = (feature: SoftKey['feature'], label: string | null, dial: string, page: 1 | 2): void => {
    if (label === null) return;
    if (can(model, page === 1 ? 'home-soft-key' : 'second-page-soft-key')) return void softKeys.push({ feature, label, dial, page });
    const slot = lastFree(keys, model.usableKeys, taken);
    if (slot === null) return void unsupported.push({ setting: 'keys', text: `${name}: has no key for ${label}; people dial ${dial}.` });
    keys[slot] = { kind: 'speed-dial', number: dial, label };
    taken.add(slot);
    unsupported.push({
      setting: page === 1 ? 'home-soft-key' : 'second-page-soft-key', text: `${name}: has no such soft key; ${label} is line key ${slot + 1}.`,
    });
  };
  place('guest', guestKey, codes.hotDeskSignIn, 1);
  place('sign-out', signOutKey, codes.hotDeskSignOut, 2);
  if (dropped.length > 0) unsupported.push({ setting: 'keys', text: `${name}: has no place for ${dropped.length} of the keys.` });
  return { keys, softKeys, unsupported };
}

/** The last empty slot; where none is, the last that holds no line, whose key gives way. */
function lastFree(keys: readonly PhoneKey[], usable: number, taken: ReadonlySet<number>): number | null {
  const slots = keys.slice(0, usable);
  const empty = slots.findLastIndex(({ kind }) => kind === 'empty');
  const other = slots.findLastIndex(({ kind }, slot) => kind !== 'line' && !taken.has(slot));
  return empty >= 0 ? empty : other >= 0 ? other : null;
}

function keyOf({ kind, number, label }: WantedKey, model: PhoneModel, lineLabel: string): PhoneKey | null {
  if (kind === 'line') return { kind, account: 1, label: label === '' ? lineLabel : label };
  if (!isDialable(number)) return null;
  // A phone without busy lamps still dials.
  return { kind: kind === 'blf' && !can(model, 'blf') ? 'speed-dial' : kind, number, label: label === '' ? number : label };
}
