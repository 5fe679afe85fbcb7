import type { Device } from '../../domain/device/device.js';
import { isProvisioned } from '../../domain/device/phone-models.js';
import { currentSteady, enrolmentState, isHeld, type EnrolmentState, type ProvisioningToken } from '../../domain/provisioning/provisioning-access.js';
import type { KeyedHash, RandomSource } from '../../ports/crypto.js';
import { chainOf } from '../admin/setting-places.js';
import { readSettings } from '../admin/settings.js';
import type { Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { wantListing } from '../redirect/redirect-listings.js';
import type { PhoneFileSources } from './provisioning-deps.js';
import { enrolToken, folderUrl, steadyToken, tokenHash } from './provisioning-tokens.js';

/** With what windows for enrolling are opened. */
export type EnrolSources = Pick<PhoneFileSources, 'phoneFiles' | 'provisioningMac' | 'provisioningOrigin'>;

const MINUTE_MS = 60_000;

export interface EnrolWindow {
  /** The folder a phone is pointed at: as good as the phone's password while the window is open. */
  readonly url: string;
  readonly expiresAt: number;
}

/** Where enrolling of a device stands. */
export interface Enrolment {
  readonly state: EnrolmentState;
  /** While a window is open; null also where its address is not known. */
  readonly window: EnrolWindow | null;
  /** When the window closes or closed; null = none was opened. */
  readonly until: number | null;
  /** Address that fetched the configuration in it; '' = nobody yet. */
  readonly claimedBy: string;
  /** Whether a phone holds the configuration already. */
  readonly held: boolean;
}

/** Opens a window in which one phone may fetch the device's configuration; an earlier window ends, and its maker's redirect service is told. */
export async function openWindow(
  { phoneFiles, provisioningMac: mac, provisioningOrigin, random }: EnrolSources & { readonly random: RandomSource }, draft: Draft, device: Device, minutes: number,
): Promise<Outcome<EnrolWindow>> {
  const origin = provisioningOrigin();
  if (origin === null) return refused('conflict', 'deviceId', 'Files of phones are served by HTTPS only. Set HTTPS_PORT and start again.', device.id);
  if (phoneFiles.findModel(device.type, device.model) === null) return notServed(device);
  const { provisioningTokens } = draft.stores;
  const expiresAt = draft.at + minutes * MINUTE_MS;
  // A small array may lie inside a larger buffer.
  const drawn = random.bytes(4);
  const serial = new DataView(drawn.buffer, drawn.byteOffset, 4).getUint32(0) % 0x7fff_ffff + 1;
  const token = enrolToken(mac, device.id, serial);
  if (currentSteady(await provisioningTokens.of(device.id)) === null) await insertSteady(mac, draft, device, 1);
  await provisioningTokens.endEnrol(device.id);
  await provisioningTokens.insert({
    hash: tokenHash(mac, token), accountId: device.accountId, deviceId: device.id, kind: 'enrol', rotation: serial,
    createdAt: draft.at, expiresAt, claimedBy: null, firstUsedAt: null, credentialsAt: null,
  });
  draft.audit({ aggregate: 'device', id: device.id, action: 'open-enrolment', about: { expiresAt: new Date(expiresAt).toISOString() } });
  await wantListing(draft, device);
  return done({ url: folderUrl(origin, token), expiresAt });
}

/** The window that adding a device opens, as long as the setting of its place says; none where there are no files for the phone. */
export async function openWindowOfNew(deps: EnrolSources & { readonly random: RandomSource }, draft: Draft, device: Device): Promise<void> {
  if (deps.provisioningOrigin() === null || deps.phoneFiles.findModel(device.type, device.model) === null) return;
  const chain = chainOf(device.accountId, { siteId: device.siteId });
  const minutes = (await readSettings(draft.stores, device.accountId, chain, ['desk-phone-enrol-window'])).get('desk-phone-enrol-window').value;
  if (minutes > 0) await openWindow(deps, draft, device, minutes);
}

/**
 * Another phone stands for the device from now on: what the former one holds ends at once, and a window opens for the new one. A window
 * that no phone used stays, since its address may have been handed over already.
 */
export async function releasePhone(deps: EnrolSources & { readonly random: RandomSource }, draft: Draft, device: Device): Promise<void> {
  const { provisioningTokens } = draft.stores;
  const tokens = await provisioningTokens.of(device.id);
  if (!isHeld(tokens)) return enrolmentState(tokens, draft.at) === 'open' ? wantListing(draft, device) : undefined;
  // The next rotation, never the first again: its token would be the old phone's.
  const next = (currentSteady(tokens)?.rotation ?? 0) + 1;
  await insertSteady(deps.provisioningMac, draft, device, next);
  await provisioningTokens.retire(device.id, next, draft.at);
  await provisioningTokens.endEnrol(device.id);
  draft.audit({ aggregate: 'device', id: device.id, action: 'release-phone', about: {} });
  await openWindowOfNew(deps, draft, device);
}

/** @param tokens of the device */
export function enrolmentOf({ provisioningMac: mac, provisioningOrigin }: EnrolSources, tokens: readonly ProvisioningToken[], now: number): Enrolment {
  const state = enrolmentState(tokens, now);
  const kept = tokens.find(({ kind }) => kind === 'enrol');
  const origin = provisioningOrigin();
  const until = kept?.expiresAt ?? null;
  const about = { state, until, claimedBy: kept?.claimedBy ?? '', held: isHeld(tokens) };
  if (state !== 'open' || kept === undefined || until === null || origin === null) return { ...about, window: null };
  const token = enrolToken(mac, kept.deviceId, kept.rotation);
  return { ...about, window: tokenHash(mac, token) === kept.hash ? { url: folderUrl(origin, token), expiresAt: until } : null };
}

export async function insertSteady(mac: KeyedHash, draft: Draft, device: Device, rotation: number): Promise<void> {
  await draft.stores.provisioningTokens.insert({
    hash: tokenHash(mac, steadyToken(mac, device.id, rotation)), accountId: device.accountId, deviceId: device.id, kind: 'steady', rotation,
    createdAt: draft.at, expiresAt: null, claimedBy: null, firstUsedAt: null, credentialsAt: null,
  });
}

export function notServed(device: Device): Refused {
  const text = isProvisioned(device) ? 'There are no files for this model.' : 'Phones of this make are set up by hand.';
  return refused('conflict', 'deviceId', `${text} Correct type and model if they are wrong, or type the SIP account in.`, device.id);
}
