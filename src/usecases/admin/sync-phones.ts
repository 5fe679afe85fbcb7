import { asId, type DeviceId, type SiteId } from '../../domain/ids.js';
import { PHONE_FAMILIES } from '../../domain/device/phone-families.js';
import { recognisePhone } from '../../domain/device/phone-families-recognise.js';
import { USUAL_PLAN, type ResyncCampaign } from '../../domain/device/resync-campaign.js';
import { wantedResync } from '../../domain/device/resync-machine.js';
import type { LocationService } from '../../ports/location-service.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { beginCampaign } from '../resyncs/begin-campaign.js';
import type { Stores } from '../../ports/admin-stores.js';
import { deviceNotFound, siteNotFound } from './not-found.js';

export interface SyncDeps extends ChangeDeps {
  readonly stores: Pick<Stores, 'devices'>;
  readonly locations: Pick<LocationService, 'bindings'>;
}

/**
 * Asks every phone of the account, or of a site, to read its configuration again, batch by batch: each by the event of its family, after
 * its calls, once it is registered. Phones that are set up by hand are left alone.
 */
export async function syncPhones(deps: ChangeDeps, actor: Actor, siteId: string | null): Promise<Outcome<ResyncCampaign>> {
  return change(deps, actor, async (draft) => {
    const site = siteId === null ? null : await draft.stores.sites.get(draft.accountId, asId<SiteId>(siteId));
    if (siteId !== null && site === null) return { ...siteNotFound(siteId), why: 'invalid' };
    const scope = site === null ? { kind: 'account' } as const : { kind: 'site', siteId: site.id } as const;
    return beginCampaign(draft, { origin: 'sync', scope, onlyPending: false, restart: false, plan: USUAL_PLAN, share: null });
  });
}

/** Restarts one phone, after its calls. Refused for a phone that is not there, and where no event is known that restarts its make. */
export async function rebootPhone(deps: SyncDeps, actor: Actor, deviceId: string): Promise<Outcome<DeviceId>> {
  const known = await deps.stores.devices.get(actor.accountId, asId<DeviceId>(deviceId));
  if (known === null) return deviceNotFound(deviceId);
  const bindings = (await deps.locations.bindings([known.id])).get(known.id) ?? [];
  return change(deps, actor, async (draft) => {
    const device = await draft.stores.devices.get(draft.accountId, known.id);
    if (device === null) return deviceNotFound(deviceId);
    const [binding] = bindings;
    if (binding === undefined) return refused('conflict', 'deviceId', 'The phone is not registered now, so nothing reaches it. Switch it off and on.', deviceId);
    const { family } = recognisePhone(device, binding.userAgent);
    if (PHONE_FAMILIES[family].restartEvent === null) {
      return refused('conflict', 'deviceId', 'Nothing is known of this make of phone: restart it by hand.', deviceId);
    }
    const before = await draft.stores.deviceResyncs.get(device.id);
    const fence = Math.max(before?.fence ?? 0, await draft.stores.deviceResyncs.newestFence(device.id));
    const wish = { deviceId: device.id, accountId: device.accountId, fence, byPerson: true, restart: true };
    await draft.stores.deviceResyncs.want(wantedResync(wish, draft.at, 0));
    draft.audit({ aggregate: 'device', id: device.id, action: 'reboot-device', about: { fence } });
    return done(device.id);
  });
}
