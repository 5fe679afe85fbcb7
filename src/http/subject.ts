import type { Placed } from '../usecases/access/place-of.js';

/**
 * What a request is about, as far as its reach goes.
 * `account`: something of the whole account; `path`: the things its path names; `list`: rows, which the handler narrows to `sites`;
 * `noted`: what the change it makes will note, which `change(…)` checks; `anyone`: nobody's in particular.
 */
export type Subject =
  | { readonly kind: 'account' | 'list' | 'noted' | 'anyone' }
  | { readonly kind: 'path'; readonly things: readonly { readonly parameter: string; readonly is: Placed }[] };

/** What parameters of paths name; parameters that are not here say nothing of a place. */
const NAMED: Readonly<Record<string, Placed>> = {
  userId: 'user', siteId: 'site', commonAreaId: 'common_area', extensionId: 'extension', deviceId: 'device', phoneNumberId: 'phone_number',
  sessionId: 'hot_desk_session', emergencyAddressId: 'emergency_address', locationId: 'emergency_location', callLogId: 'call_record',
  ruleId: 'firmware_rule',
};

/** A route's subject: what it says itself, else the things its path names, else the account: a route that says nothing reaches nobody's site. */
export function subjectOf(path: string, said: Exclude<Subject['kind'], 'path'> | undefined): Subject {
  if (said !== undefined) return { kind: said };
  const things = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter = '']) => {
    const is = Object.hasOwn(NAMED, parameter) ? NAMED[parameter] : undefined;
    return is === undefined ? [] : [{ parameter, is }];
  });
  return things.length === 0 ? { kind: 'account' } : { kind: 'path', things };
}
