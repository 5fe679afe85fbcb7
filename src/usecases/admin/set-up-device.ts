import type { Device } from '../../domain/device/device.js';
import { asId, type AccountId } from '../../domain/ids.js';
import { doubtOfMac, macDoubtText } from '../../domain/provisioning/plausible-mac.js';
import { addressToType, setUpSteps, type SetUpStep } from '../../domain/provisioning/set-up-steps.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { SecretBox } from '../../ports/crypto.js';
import type { Clock } from '../../ports/runtime.js';
import type { SetUpGuides } from '../../ports/set-up-guides.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type FieldProblem, type Outcome } from '../outcome.js';
import { deviceNotFound } from './not-found.js';
import { findDevice } from './resolve.js';
import { readTicket, writeTicket } from './set-up-ticket.js';

export interface SetUpDeps {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly secretBox: SecretBox;
  readonly setUpGuides: SetUpGuides;
  readonly sipReach: () => { readonly domain: string; readonly outboundProxy: string };
}

export interface SetUp {
  readonly device: Device;
  /** What is typed into the phone; null where the SIP account is typed in by hand. */
  readonly address: string | null;
  readonly steps: readonly SetUpStep[];
  readonly warnings: readonly FieldProblem[];
}

/** Minutes that a page for people may be looked at. */
export const SET_UP_TICKET = { shortest: 5, usual: 60, longest: 1440 } as const;

/** What speaks against a device's MAC address. */
export function macWarnings({ prefixes }: Pick<SetUpGuides, 'prefixes'>, { macAddress, type }: Pick<Device, 'macAddress' | 'type'>): readonly FieldProblem[] {
  const doubt = doubtOfMac(macAddress, type, prefixes);
  return doubt === null ? [] : [{ field: 'mac_address', text: macDoubtText(doubt, type), value: macAddress }];
}

/** How the device is set up, step by step. */
export async function readSetUp(deps: SetUpDeps, { accountId }: Pick<Actor, 'accountId'>, deviceId: string): Promise<Outcome<SetUp>> {
  const device = await findDevice(deps.stores, accountId, deviceId);
  return device === null ? deviceNotFound(deviceId) : done(setUpOf(deps, device, null));
}

export interface SetUpTicket {
  /** Goes into the path of the page; whoever has it sees the page. */
  readonly ticket: string;
  readonly expiresAt: number;
}

/**
 * Lets somebody without an account of the API see how one device is set up, for a short time; nothing else can be done with it.
 * @param folder address of the device's files as its window for enrolling told it; null = the page leaves its place open
 */
export async function issueSetUpTicket(
  deps: SetUpDeps & ChangeDeps, actor: Actor, deviceId: string, { minutes, folder }: { readonly minutes: number; readonly folder: string | null },
): Promise<Outcome<SetUpTicket>> {
  return change(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (device === null) return deviceNotFound(deviceId);
    const expiresAt = draft.at + minutes * 60_000;
    draft.audit({ aggregate: 'device', id: device.id, action: 'issue-set-up-page', about: { expiresAt: new Date(expiresAt).toISOString() } });
    return done({ ticket: writeTicket(deps.secretBox, { accountId: device.accountId, deviceId: device.id, expiresAt, folder }), expiresAt });
  });
}

/** What the page shows; a wrong and an expired ticket look alike, and so does one of a device that is gone. */
export async function openSetUpTicket(deps: SetUpDeps, text: string): Promise<Outcome<SetUp & { readonly expiresAt: number }>> {
  const ticket = readTicket(deps.secretBox, text);
  const device = ticket === null || ticket.expiresAt <= deps.clock.now() ? null
    : await findDevice(deps.stores, asId<AccountId>(ticket.accountId), ticket.deviceId);
  if (ticket === null || device === null) return refused('not-found', 'ticket', 'This page is not there any more. Ask an administrator for a new one.');
  return done({ ...setUpOf(deps, device, ticket.folder), expiresAt: ticket.expiresAt });
}

function setUpOf({ setUpGuides, sipReach }: SetUpDeps, device: Device, folder: string | null): SetUp {
  const guide = setUpGuides.guideOf(device.type);
  const { domain, outboundProxy } = sipReach();
  const phone = { macAddress: device.macAddress, folder, account: { userName: device.userName, domain, outboundProxy } };
  return {
    device, address: guide === null ? null : addressToType(guide, phone), steps: setUpSteps(guide, phone),
    warnings: macWarnings(setUpGuides, device),
  };
}
