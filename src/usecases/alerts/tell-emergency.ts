import { concerns } from '../../domain/alerts/evaluate.js';
import type { AlertRule } from '../../domain/alerts/alert.js';
import type { CallRecord, CallParty, EmergencyDesk } from '../../domain/calls/call-event.js';
import type { CallDecision } from '../../domain/routing/call-decision.js';
import type { AccountId, CallRecordId } from '../../domain/ids.js';
import type { Directory } from '../../ports/directory.js';
import type { EmergencyCalls } from '../../ports/emergency-calls.js';
import type { Stores, UnitOfWork } from '../../ports/admin-stores.js';
import type { Clock, Log } from '../../ports/runtime.js';
import { callerParty } from '../call-parties.js';
import { emergencyNote } from '../desk-emergency.js';
import { mailAlerts, newAlert, postAlert, type AlertDeps } from './open-alert.js';
import { postEvent } from './post-event.js';

export interface TellDeps extends AlertDeps {
  readonly uow: UnitOfWork;
  readonly stores: Stores;
  readonly directory: Pick<Directory, 'device' | 'extension' | 'site'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends what was just written, without waiting for the next second. */
  readonly sendNow: () => Promise<unknown>;
}

export interface TellEmergency extends EmergencyCalls {
  /** Tells of calls that nobody was told of, by a node that died or while PostgreSQL was away; resolves with how many. */
  sweep(): Promise<number>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface EmergencyCall {
  readonly callId: CallRecordId;
  readonly accountId: AccountId;
  readonly at: number;
  readonly dialled: string;
  readonly caller: CallParty;
  readonly desk: EmergencyDesk;
  /** Trunks in the order in which they are tried; null = nobody remembers. */
  readonly trunks: readonly PlannedTrunk[] | null;
}

interface PlannedTrunk {
  readonly id: string;
  readonly name: string;
  /** Not meant for calls for help from there: it may lead to a centre that cannot send any. */
  readonly lastResort: boolean;
}

const EMERGENCY_RULE: readonly AlertRule[] = [14];
const DAY_MS = 86_400_000;
const SWEEP_SIZE = 50;
const NOWHERE: EmergencyDesk = { addressId: '', address: '', origin: '', locationId: '', location: '', elin: '' };

/**
 * Tells of each emergency call once, whichever node took it: webhooks by `emergency.call_placed`, and everybody named by alerts of rule 14,
 * without regard to their time frame or frequency. A call is told of at once; one that could not be is found in the records.
 */
export function createTellEmergency(deps: TellDeps): TellEmergency {
  const underWay = new Set<Promise<void>>();
  const begin = (call: EmergencyCall): void => {
    const turn = tell(deps, call).catch((error: unknown) => {
      deps.log.error('emergency-notice-waits', { call: call.callId, err: error });
    }).finally(() => underWay.delete(turn));
    underWay.add(turn);
  };
  return {
    placed: ({ callId, facts, decision, at }) => begin({
      callId, accountId: facts.account.id, at, dialled: facts.dialled.kind === 'emergency' ? facts.dialled.number : '', caller: callerParty(facts),
      desk: facts.emergency === undefined ? NOWHERE : emergencyNote(facts.emergency), trunks: plannedTrunks(decision),
    }),
    sweep: async () => {
      const missing = await deps.stores.emergencyNotices.missing(deps.clock.now() - DAY_MS, SWEEP_SIZE);
      for (const { accountId, callId } of missing) {
        const record = await deps.stores.callRecords.get(accountId, callId);
        if (record !== null) await tell(deps, fromRecord(record));
      }
      return missing.length;
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function fromRecord({ id, accountId, startedAt, dialled, caller, emergencyDesk }: CallRecord): EmergencyCall {
  return { callId: id, accountId, at: startedAt, dialled, caller, desk: emergencyDesk ?? NOWHERE, trunks: null };
}

function plannedTrunks({ outcome }: CallDecision): readonly PlannedTrunk[] {
  const hops = outcome.kind === 'dial-trunk' ? outcome.routes : [];
  return [...new Map(hops.map(({ trunk: { id, name }, lastResort }) => [id, { id, name, lastResort }])).values()];
}

async function tell(deps: TellDeps, call: EmergencyCall): Promise<void> {
  const told = await deps.uow.run<boolean>(async (stores) => {
    if (!await stores.emergencyNotices.claim(call.accountId, call.callId, deps.clock.now())) return { end: 'rollback', value: false };
    await postEvent(stores, deps.ids, {
      accountId: call.accountId, type: 'emergency.call_placed', subjectId: call.callId, sequence: 1, at: call.at, payload: payloadOf(deps, call),
    });
    await alertPeople(deps, stores, call);
    return { end: 'commit', value: true };
  });
  if (told) await deps.sendNow();
}

function payloadOf({ directory }: TellDeps, { callId, dialled, caller, desk, trunks }: EmergencyCall): object {
  const device = caller.deviceId === null ? undefined : directory.device(caller.deviceId);
  const site = caller.siteId === null ? undefined : directory.site(caller.siteId);
  return {
    call: { id: callId, dialed_number: dialled },
    device: { id: caller.deviceId ?? '', display_name: device?.displayName ?? '', mac_address: device?.macAddress ?? '' },
    site: { id: caller.siteId ?? '', name: site?.name ?? '' },
    caller: {
      name: caller.name, extension_number: caller.extensionNumber, user_id: caller.userId ?? '', hot_desk_session_id: caller.hotDeskSessionId ?? '',
    },
    emergency_address: { id: desk.addressId, text: desk.address, origin: desk.origin },
    location: { id: desk.locationId, name: desk.location },
    elin: desk.elin,
    trunks: (trunks ?? []).map(({ id, name, lastResort }) => ({ id, name, last_resort: lastResort })),
    warning: warningOf(trunks),
  };
}

async function alertPeople(deps: TellDeps, stores: Stores, call: EmergencyCall): Promise<void> {
  const { caller, desk, trunks } = call;
  const device = caller.deviceId === null ? undefined : deps.directory.device(caller.deviceId);
  const owner = device?.assignees[0] === undefined ? undefined : deps.directory.extension(device.assignees[0])?.owner;
  const settings = (await stores.alertSettings.watching(EMERGENCY_RULE)).filter(({ accountId }) => accountId === call.accountId);
  for (const setting of settings) {
    // Whoever is signed in at the desk counts as well as its own user.
    const about = device === undefined ? [] : [owner?.kind === 'user' ? owner.id : null, caller.userId].map((userId) => ({ id: device.id, siteId: device.siteId, userId }));
    if (device !== undefined && !about.some((one) => concerns(setting, one))) continue;
    const at = deps.clock.now();
    const who = caller.name === '' ? 'Somebody' : `${caller.name} (extension ${caller.extensionNumber})`;
    const alert = newAlert(deps, setting, at, {
      subjects: [{ id: call.callId, name: device?.displayName ?? '' }], text: `${who} called ${call.dialled} at ${device?.displayName ?? 'an unknown phone'}.`, moment: true,
    });
    await stores.alerts.insert({ ...alert, notifiedAt: at });
    await postAlert(deps, stores, 'alert.opened', alert, at);
    await postAlert(deps, stores, 'alert.closed', alert, at);
    await mailAlerts(deps, stores, setting, [alert], at, [
      `Address: ${desk.address === '' ? 'none is known' : desk.address}`,
      ...(desk.location === '' ? [] : [`Location: ${desk.location}`]),
      ...(desk.elin === '' ? [] : [`Call back: ${desk.elin}`]),
      ...(trunks === null || trunks.length === 0 ? [] : [`Trunks: ${trunks.map(({ name, lastResort }) => `${name}${lastResort ? ' (last resort)' : ''}`).join(', then ')}`]),
      ...(warningOf(trunks) === '' ? [] : [`Warning: ${warningOf(trunks)}`]),
    ]);
  }
}

/** What may have kept the call from a centre that can help; '' = nothing is known to. */
function warningOf(trunks: EmergencyCall['trunks']): string {
  const first = trunks?.[0];
  if (trunks === null) return '';
  if (first === undefined) return 'No trunk could carry the call: nobody was reached.';
  return first.lastResort ? `No trunk is meant for emergency calls from there: the call was tried by ${first.name} as last resort. Make sure that help is called.` : '';
}
