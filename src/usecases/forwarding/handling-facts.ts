import type { WallClock } from '../../domain/device/firmware-window.js';
import { periodAt, rulesOf } from '../../domain/forwarding/call-handling.js';
import type { CallFacts, CallSource } from '../../domain/routing/call-facts.js';
import type { Directory } from '../../ports/directory.js';

/** What the clocks of a zone show now. */
export type WallClockNow = (zone: string) => WallClock;

/** The facts with how calls to their target are handled now, from memory. Without clocks it is always business hours. */
export function withHandling<Source extends CallSource>(directory: Directory, wallClock: WallClockNow | undefined, facts: CallFacts<Source>): CallFacts<Source> {
  const { target, calledNumber } = facts;
  if (target.kind === 'none') return facts;
  const { extension } = target;
  const handling = directory.forwards.handling(extension.id);
  const leads = calledNumber === null ? undefined : directory.forwards.number(calledNumber.id);
  // Set for somebody who had the number then.
  const numberForward = leads?.extensionId === extension.id ? leads : undefined;
  if (handling === undefined && numberForward === undefined) return facts;
  const zone = directory.site(extension.siteId)?.timeZone ?? 'UTC';
  const period = handling === undefined || wallClock === undefined ? 'business_hours' : periodAt(handling.hours, wallClock(zone));
  return { ...facts, ...(handling === undefined ? {} : { handling: rulesOf(handling, period) }), ...(numberForward === undefined ? {} : { numberForward }) };
}
