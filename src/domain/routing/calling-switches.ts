import { isInternational } from '../licensing/catalogue.js';
import type { SettingScope } from '../settings/resolve-setting.js';
import type { OwnCallFacts } from './call-facts.js';
import { notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

/** A switch of the account's, site's or extension's settings that is off for somebody whose say counts. */
export interface SwitchedOff {
  readonly setting: 'outbound_calling' | 'external_calling_on_zoom_room_common_area' | 'international_calling';
  /** Whom it holds for, in words. */
  readonly holder: string;
  readonly origin: SettingScope | 'default';
}

/** Between rules 5 and 6: calls to numbers may be switched off by setting, for the acting party or for the phone's place. */
export function judgeCallingSwitches({ dialled, target, source, switchedOff = [] }: OwnCallFacts): RuleVerdict {
  if (dialled.kind !== 'number' || target.kind === 'extension') return notApplicable('The call stays inside.');
  for (const { setting, holder, origin } of switchedOff) {
    const said = `The setting ${setting} is off for ${holder} (set at: ${origin}).`;
    if (setting !== 'international_calling') return refuse('outbound-calling-off', said);
    if (isInternational(source.site.country, dialled.country)) return refuse('international-off', said);
  }
  return passed('Calls to numbers are not switched off.');
}
