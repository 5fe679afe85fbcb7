import { parseDialled } from '../domain/numbering/dial-plan.js';
import { inboundNumber } from '../domain/numbering/inbound-number.js';
import type { PhoneNumber } from '../domain/numbering/phone-number.js';
import type { Account } from '../domain/identity/account.js';
import type {
  ActingParty, CallBackPhone, CallFacts, CallSource, CallTarget, DeskRestrictions, DeviceCallFacts, DeviceSource, ForwardSource,
} from '../domain/routing/call-facts.js';
import type { TrunkFacts } from '../domain/routing/trunk-routes.js';
import type { Binding, Flow } from '../domain/registration/binding.js';
import type { Device } from '../domain/device/device.js';
import type { DeviceId } from '../domain/ids.js';
import type { Dialled } from '../domain/numbering/dialled.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { Site } from '../domain/identity/site.js';
import type { CallBackPinning } from '../ports/call-back-pins.js';
import type { Directory } from '../ports/directory.js';
import type { RingPhones } from '../domain/routing/ring-phones.js';
import { actingOn, commonAreaOf, isGuest, partyOf } from './acting-party.js';
import { callerNumbersOf, deskNumberOf } from './caller-numbers.js';
import { callRulesOn } from './call-rule-facts.js';
import { switchesOff } from './calling-switches.js';
import { deskEmergency } from './desk-emergency.js';
import { phonesOf } from './ring-facts.js';

export interface PlannedTarget {
  readonly extension: Extension;
  readonly party: ActingParty;
  readonly phones: RingPhones;
}

/** Everything about a call that is known before the bindings of the phones to ring are read. */
export interface CallPlan<Source extends CallSource = CallSource> {
  readonly account: Account;
  readonly source: Source;
  readonly dialled: Dialled;
  /** The account's own number that was dialled; null = none. */
  readonly calledNumber: PhoneNumber | null;
  /** Extension that the digits lead to, directly or by a number of the account; null for other numbers, codes and unknown ones. */
  readonly target: PlannedTarget | null;
  /** Phones that called for help under the dialled number within the last hour. */
  readonly callBack: readonly PlannedCallBack[];
}

/** Somebody inside, who calls or sends a call on. */
export type OwnSource = DeviceSource | ForwardSource;

export type PlannedCallBack = Omit<CallBackPhone, 'bindings'>;

/** A device with its site and whoever acts on it now. Null when its site is gone, which only happens while it is deleted. */
export function sourceOf(directory: Directory, device: Device): DeviceSource | null {
  const site = directory.site(device.siteId);
  return site === undefined ? null : { kind: 'device', device, site, acting: actingOn(directory, device) };
}

/** What the Request-URI means for this caller (call policy rules 3 and 4), from memory. */
export function planCall<Source extends OwnSource>(
  directory: Directory, pins: Pins, account: Account, source: Source, requestUri: string,
): CallPlan<Source> {
  const dialled = dialledBy(directory, account, source, requestUri);
  const calledNumber = ownNumber(directory, account, dialled);
  const extension = dialled.kind === 'extension' ? findExtension(directory, account, source, dialled.siteCode, dialled.number)
    : numberHolder(directory, calledNumber);
  return { account, source, dialled, calledNumber, target: plannedTarget(directory, account, extension), callBack: callBackPhones(directory, pins, account, dialled) };
}

export type Pins = Pick<CallBackPinning, 'pinned'> | null;

/** Who is to be called back under the number. */
export function callBackPhones(directory: Directory, pins: Pins, account: Account, dialled: Dialled): readonly PlannedCallBack[] {
  if (dialled.kind !== 'number' || pins === null) return [];
  return pins.pinned(account.id, dialled.e164).flatMap(({ deviceId, elin }) => {
    const device = directory.device(deviceId);
    return device?.accountId === account.id ? [{ device, elin }] : [];
  });
}

export function withBindings(phones: readonly PlannedCallBack[], bindings: ReadonlyMap<DeviceId, readonly Binding[]>): Pick<CallFacts, 'callBack'> {
  return phones.length === 0 ? {} : { callBack: phones.map((phone) => ({ ...phone, bindings: bindings.get(phone.device.id) ?? [] })) };
}

/** The account's own number among what was dialled. */
export function ownNumber(directory: Directory, account: Account, dialled: Dialled): PhoneNumber | null {
  return dialled.kind === 'number' ? directory.numbers.byNumber(account.id, dialled.e164) ?? null : null;
}

export function numberHolder(directory: Directory, calledNumber: PhoneNumber | null): Extension | undefined {
  const inbound = inboundNumber(calledNumber);
  return inbound.kind === 'extension' ? directory.extension(inbound.extensionId) : undefined;
}

export function plannedTarget(directory: Directory, account: Account, extension: Extension | undefined): PlannedTarget | null {
  if (extension === undefined) return null;
  return { extension, party: partyOf(directory, extension), phones: phonesOf(directory, account, extension) };
}

/** The facts that `routeCall` decides on. */
export function factsOf(
  directory: Directory,
  plan: CallPlan<DeviceSource>,
  bindings: ReadonlyMap<DeviceId, readonly Binding[]>,
  { hopsLeft, trunks }: { readonly hopsLeft: number; readonly trunks: TrunkFacts },
  flow: Flow | null = null,
): DeviceCallFacts {
  const { account, source, dialled, calledNumber } = plan;
  const externalName = externalNameOf(directory, plan);
  return {
    account, source, dialled, calledNumber, target: targetOf(plan.target, bindings), actingSite: siteActing(directory, source),
    callerNumbers: callerNumbersOf(directory, source.acting), deskNumber: deskNumberOf(directory, source.device),
    switchedOff: dialled.kind === 'number' ? switchesOff(directory, account, source) : [],
    ...callRulesOn(directory, plan, siteActing(directory, source)),
    desk: deskOf(directory, source),
    ...(dialled.kind === 'emergency' ? { emergency: deskEmergency(directory, source.device, bindings.get(source.device.id) ?? [], flow) } : {}),
    ...withBindings(plan.callBack, bindings),
    ...(externalName === undefined ? {} : { externalName }),
    trunks, hopsLeft,
  };
}

/** The dial plan of a caller: emergency forms are the device's, short and national forms the acting party's. */
export function dialledBy(directory: Directory, account: Account, source: OwnSource, requestUri: string): Dialled {
  const actingSite = siteActing(directory, source);
  const { acting } = source;
  return parseDialled(requestUri, {
    country: source.site.country,
    actingCountry: (acting.kind === 'common_area' ? acting.commonArea.country : null) ?? actingSite.country,
    areaCode: acting.kind === 'user' ? acting.user.areaCode : acting.kind === 'common_area' ? acting.commonArea.areaCode : '',
    featureCodes: account.policy.featureCodes,
    siteCode: actingSite.siteCode,
    siteCodes: directory.sites(account.id).flatMap(({ siteCode }) => (siteCode === null ? [] : [siteCode])),
    extensionLengths: [actingSite.shortExtensionLength],
    isExtension: (siteCode, number) => findExtension(directory, account, source, siteCode, number) !== undefined,
  });
}

export function siteActing(directory: Directory, source: OwnSource): Site {
  const { acting, site } = source;
  return (acting.kind === 'unassigned' ? undefined : directory.site(acting.extension.siteId)) ?? site;
}

/** With a site code: that site's extension. Without: the caller's own site first, else the only one among sites without a code. */
function findExtension(
  directory: Directory, account: Account, source: OwnSource, siteCode: string | null, number: string,
): Extension | undefined {
  const found = directory.extensionsByNumber(account.id, number);
  if (siteCode !== null) return found.find(({ siteId }) => directory.site(siteId)?.siteCode === siteCode);
  const own = siteActing(directory, source).id;
  const uncoded = found.filter(({ siteId }) => directory.site(siteId)?.siteCode === null);
  return found.find(({ siteId }) => siteId === own) ?? (uncoded.length === 1 ? uncoded[0] : undefined);
}

/** Phones whose bindings the facts need: those to ring, and one that calls for help, since its network tells where it is. */
export function phonesToLookUp({ target, dialled, source, callBack }: CallPlan): readonly DeviceId[] {
  if (dialled.kind === 'emergency' && source.kind === 'device') return [source.device.id];
  return [...new Set([...target?.phones.ringing ?? [], ...callBack].map(({ device }) => device.id))];
}

/** Who outside was dialled, by the list of external contacts. */
function externalNameOf({ safety }: Directory, { account, dialled, target }: CallPlan): string | undefined {
  if (target !== null) return undefined;
  if (dialled.kind === 'number') return safety.contactByNumber(account.id, dialled.e164)?.name;
  return dialled.kind === 'extension' || dialled.kind === 'unknown' ? safety.contactByExtension(account.id, dialled.digits)?.name : undefined;
}

export function targetOf(planned: PlannedTarget | null, bindings: ReadonlyMap<DeviceId, readonly Binding[]>): CallTarget {
  if (planned === null) return { kind: 'none' };
  const { extension, party, phones } = planned;
  const candidates = phones.ringing.map((phone) => ({ ...phone, bindings: bindings.get(phone.device.id) ?? [] }));
  return { kind: 'extension', extension, party, candidates, silent: phones.silent };
}

export function deskOf(directory: Directory, { acting, device }: OwnSource): DeskRestrictions | null {
  return isGuest(acting) && device !== null ? { commonArea: commonAreaOf(directory, device)?.area ?? null } : null;
}
