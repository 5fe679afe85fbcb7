import { parseDialled } from '../domain/numbering/dial-plan.js';
import { nameOf } from '../domain/identity/user.js';
import type { Account } from '../domain/identity/account.js';
import type { ActingParty, CallFacts, CallSource, CallTarget } from '../domain/routing/call-facts.js';
import type { Binding } from '../domain/registration/binding.js';
import type { Device } from '../domain/device/device.js';
import type { DeviceId } from '../domain/ids.js';
import type { Dialled } from '../domain/numbering/dialled.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { Site } from '../domain/identity/site.js';
import type { Directory } from '../ports/directory.js';

export interface PlannedTarget {
  readonly extension: Extension;
  readonly party: ActingParty;
  readonly devices: readonly Device[];
}

/** Everything about a call that is known before the bindings of the phones to ring are read. */
export interface CallPlan {
  readonly account: Account;
  readonly source: CallSource;
  readonly dialled: Dialled;
  /** Extension that the digits lead to; null for numbers, codes and unknown ones. */
  readonly target: PlannedTarget | null;
}

/** Who acts on a device: its first assignee. Null when the device's site is gone, which only happens while it is deleted. */
export function sourceOf(directory: Directory, device: Device): CallSource | null {
  const site = directory.site(device.siteId);
  return site === undefined ? null : { kind: 'device', device, site, acting: actingOn(directory, device) };
}

/** What the Request-URI means for this caller (call policy rules 3 and 4), from memory. */
export function planCall(directory: Directory, account: Account, source: CallSource, requestUri: string): CallPlan {
  const dialled = dialledBy(directory, account, source, requestUri);
  if (dialled.kind !== 'extension') return { account, source, dialled, target: null };
  const extension = findExtension(directory, account, source, dialled.siteCode, dialled.number);
  if (extension === undefined) return { account, source, dialled, target: null };
  return {
    account, source, dialled,
    target: { extension, party: partyOf(directory, extension), devices: directory.devicesOf(extension.id) },
  };
}

/** The facts that `routeCall` decides on. */
export function factsOf(
  directory: Directory,
  plan: CallPlan,
  bindings: ReadonlyMap<DeviceId, readonly Binding[]>,
  limits: { readonly hopsLeft: number; readonly trunksConfigured: boolean },
): CallFacts {
  const { account, source, dialled } = plan;
  const extensionId = source.acting.kind === 'unassigned' ? null : source.acting.extension.id;
  return {
    account, source, dialled, target: targetOf(plan, bindings), actingSite: siteActing(directory, source),
    outboundBlocks: dialled.kind === 'number' ? directory.outboundBlocks(account.id, source.site.id, extensionId) : [],
    trunksConfigured: limits.trunksConfigured, hopsLeft: limits.hopsLeft,
  };
}

/** The dial plan of a caller: emergency forms are the device's, short and national forms the acting party's. */
export function dialledBy(directory: Directory, account: Account, source: CallSource, requestUri: string): Dialled {
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

function actingOn(directory: Directory, device: Device): ActingParty {
  const [owner] = device.assignees;
  const extension = owner === undefined ? undefined : directory.extension(owner);
  return extension === undefined ? { kind: 'unassigned' } : partyOf(directory, extension);
}

function partyOf(directory: Directory, extension: Extension): ActingParty {
  if (extension.owner.kind === 'user') {
    const user = directory.phoneUser(extension.owner.id);
    const person = directory.user(extension.owner.id);
    if (user === undefined || person === undefined) return { kind: 'unassigned' };
    return { kind: 'user', user, extension, name: nameOf(person), session: null };
  }
  const commonArea = directory.commonArea(extension.owner.id);
  if (commonArea === undefined) return { kind: 'unassigned' };
  return { kind: 'common_area', commonArea, extension, name: commonArea.displayName };
}

function siteActing(directory: Directory, source: CallSource): Site {
  const { acting, site } = source;
  return (acting.kind === 'unassigned' ? undefined : directory.site(acting.extension.siteId)) ?? site;
}

/** With a site code: that site's extension. Without: the caller's own site first, else the only one among sites without a code. */
function findExtension(
  directory: Directory, account: Account, source: CallSource, siteCode: string | null, number: string,
): Extension | undefined {
  const found = directory.extensionsByNumber(account.id, number);
  if (siteCode !== null) return found.find(({ siteId }) => directory.site(siteId)?.siteCode === siteCode);
  const own = siteActing(directory, source).id;
  const uncoded = found.filter(({ siteId }) => directory.site(siteId)?.siteCode === null);
  return found.find(({ siteId }) => siteId === own) ?? (uncoded.length === 1 ? uncoded[0] : undefined);
}

function targetOf(plan: CallPlan, bindings: ReadonlyMap<DeviceId, readonly Binding[]>): CallTarget {
  if (plan.target === null) return { kind: 'none' };
  const { extension, party, devices } = plan.target;
  const candidates = devices.map((device) => ({ device, bindings: bindings.get(device.id) ?? [] }));
  return { kind: 'extension', extension, party, candidates };
}
