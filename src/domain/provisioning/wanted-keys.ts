import type { LineKey } from '../device/line-keys.js';
import type { WantedKey } from './place-keys.js';

/** What phones need of the extension a key shows. */
export interface KeyTarget {
  /** As dialled at the phone's site. */
  readonly number: string;
  readonly name: string;
}

/**
 * Keys as they are kept, as a phone is to have them: a call park and a group pickup dial their code; a busy lamp whose extension is
 * gone is left out.
 * @param target of a `blf`; null = there is none any more
 */
export function wantedKeys(kept: readonly LineKey[], target: (key: LineKey) => KeyTarget | null): readonly WantedKey[] {
  return kept.flatMap((key): readonly WantedKey[] => {
    const { index: slot, alias, type } = key;
    switch (type) {
      case 'line': return [{ slot, kind: 'line', number: '', label: alias }];
      case 'speed_dial': return [{ slot, kind: 'speed-dial', number: key.speedDialNumber, label: alias }];
      case 'call_park':
      case 'group_call_pickup': return [{ slot, kind: 'speed-dial', number: key.retrievalCode, label: alias }];
      case 'blf': {
        const shown = target(key);
        return shown === null ? [] : [{ slot, kind: 'blf', number: shown.number, label: alias === '' ? shown.name : alias }];
      }
    }
  });
}
