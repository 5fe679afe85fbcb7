import type { DeviceId } from '../../domain/ids.js';
import { templateForFamily } from '../../domain/provisioning/judge-template.js';
import type { ProvisionTemplate } from '../../domain/device/provision-template.js';
import { can, type PhoneModel } from '../../domain/provisioning/phone-model.js';
import type { ProvisioningFetch, ProvisioningToken } from '../../domain/provisioning/provisioning-access.js';
import { provisioningReasons, sameModel, type ProvisioningReason } from '../../domain/provisioning/provisioning-reasons.js';
import { redirectText, type RedirectListing } from '../../domain/provisioning/redirect-machine.js';
import { chooseTransport } from '../../domain/provisioning/sip-transport.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { Page, PageRequest, Stores } from '../../ports/admin-stores.js';
import type { LocationService } from '../../ports/location-service.js';
import type { Clock } from '../../ports/runtime.js';
import { readDeviceProvisioning, type DeviceProvisioning } from '../admin/device-provisioning.js';
import { deviceNotFound } from '../admin/not-found.js';
import { findDevice } from '../admin/resolve.js';
import { chainOf } from '../admin/setting-places.js';
import { readSettings } from '../admin/settings.js';
import type { Actor } from '../change.js';
import { done, type Outcome } from '../outcome.js';
import { allowedHostsOf } from './device-firmware.js';
import type { PhoneFileSources } from './provisioning-deps.js';

const TRANSPORT_KEYS = ['desk-phone-sip-transport', 'desk-phone-srtp'] as const;

export interface StatusDeps extends PhoneFileSources {
  readonly stores: Stores;
  readonly locations: Pick<LocationService, 'bindings'>;
  readonly clock: Clock;
}

/** How far a phone is: what it should have, when it last came to us, and whether it is registered. */
export interface ProvisioningStatus extends DeviceProvisioning {
  readonly tokens: readonly ProvisioningToken[];
  /** The newest request of the phone; null = it never came. */
  readonly last: ProvisioningFetch | null;
  /** Whether the phone is the model that was entered; null = it did not say. */
  readonly sameModel: boolean | null;
  readonly bindings: readonly Binding[];
  /** What the maker's redirect service is told of it; null = nothing. */
  readonly listing: RedirectListing | null;
  readonly reasons: readonly ProvisioningReason[];
}

export async function readProvisioningStatus(deps: StatusDeps, actor: Pick<Actor, 'accountId'>, deviceId: string): Promise<Outcome<ProvisioningStatus>> {
  const { stores, phoneFiles, clock } = deps;
  const read = await readDeviceProvisioning(deps, actor, deviceId);
  if (read.kind === 'refused') return read;
  const { device, state, template, configuration } = read.value;
  const [tokens, last, bindings, listing] = await Promise.all([
    stores.provisioningTokens.of(device.id), stores.provisioningFetches.last(device.id), deps.locations.bindings([device.id]),
    stores.redirectListings.of(device.accountId, device.macAddress),
  ]);
  const here = bindings.get(device.id) ?? [];
  const model = phoneFiles.findModel(device.type, device.model);
  const server = deps.phoneServer(last?.address ?? null);
  const asked = await readSettings(stores, device.accountId, chainOf(device.accountId, { siteId: device.siteId, extensionId: device.assignees[0], deviceId: device.id }), TRANSPORT_KEYS);
  const transport = model === null ? null : chooseTransport(asked.get('desk-phone-sip-transport').value, server, model);
  return done({
    ...read.value, tokens, last, bindings: here, listing,
    sameModel: last === null || last.model === '' ? null : sameModel(last.model, device.model),
    reasons: provisioningReasons({
      macAddress: device.macAddress, model: device.model, known: model !== null, httpsOn: deps.provisioningOrigin() !== null, state, delivered: configuration.deliveredAt !== null, tokens, last,
      registered: here.length > 0, sipServer: `${server.host}:${transport?.port ?? server.port}`,
      redirectReason: listing === null ? '' : redirectText(listing),
      transportReason: transport?.reason ?? '',
      unheardPrompts: model !== null && can(model, 'srtp') && asked.get('desk-phone-srtp').value === 'required' && !server.encryptedPrompts,
      templateProblem: model === null || template === null ? '' : templateProblem(deps, model, template.template, await allowedHostsOf(stores, device.accountId)),
    }, clock.now()),
  });
}

/** What the phone fetched, newest first. */
export async function listProvisioningFetches(
  { stores }: { readonly stores: Stores }, { accountId }: Pick<Actor, 'accountId'>, deviceId: string, page: PageRequest,
): Promise<Outcome<{ readonly deviceId: DeviceId; readonly page: Page<ProvisioningFetch> }>> {
  const device = await findDevice(stores, accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  return done({ deviceId: device.id, page: await stores.provisioningFetches.page(accountId, device.id, page) });
}

function templateProblem({ phoneFiles }: StatusDeps, model: PhoneModel, template: ProvisionTemplate, allowedHosts: readonly string[]): string {
  const read = templateForFamily(template, model.family, phoneFiles.templateRules(model), { allowedHosts });
  return read.kind === 'clean' ? '' : `line ${read.problems[0]?.line ?? 0}: ${read.problems[0]?.text ?? ''}`;
}
