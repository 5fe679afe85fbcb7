import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import type { Device } from '../../domain/device/device.js';
import { asId, type AccountId } from '../../domain/ids.js';
import { doubtOfMac, macDoubtText } from '../../domain/provisioning/plausible-mac.js';
import { addressToType, setUpSteps, type SetUpStep } from '../../domain/provisioning/set-up-steps.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { RandomSource, SecretBox } from '../../ports/crypto.js';
import type { Clock } from '../../ports/runtime.js';
import type { SetUpGuides } from '../../ports/set-up-guides.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type FieldProblem, type Outcome, type Refused } from '../outcome.js';
import { ENROL_WINDOW } from '../../domain/provisioning/provisioning-access.js';
import { enrolmentOf, openWindow, type Enrolment, type EnrolSources } from '../provisioning/enrol-windows.js';
import { deviceNotFound } from './not-found.js';
import { findDevice } from './resolve.js';
import { readTicket, writeTicket, type SetUpTicketContent } from './set-up-ticket.js';

export interface SetUpDeps extends EnrolSources {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly secretBox: SecretBox;
  readonly setUpGuides: SetUpGuides;
  readonly sipReach: () => { readonly domain: string; readonly outboundProxy: string };
}

export interface SetUp {
  readonly device: Device;
  /** What is typed into the phone, a secret while a window for enrolling is open; null where the SIP account is typed in by hand. */
  readonly address: string | null;
  readonly enrolment: Enrolment;
  /** Whether the page may open another window. */
  readonly reopens: boolean;
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

/**
 * How the device is set up, step by step.
 * @param secrets whether the address of an open window is told; without it its place is kept as `{folder}`
 */
export async function readSetUp(
  deps: SetUpDeps, { accountId }: Pick<Actor, 'accountId'>, deviceId: string, secrets: boolean,
): Promise<Outcome<SetUp>> {
  const device = await findDevice(deps.stores, accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  const enrolment = await enrolmentNow(deps, device);
  return done(setUpOf(deps, device, secrets ? enrolment : { ...enrolment, window: null }, null));
}

export interface SetUpTicket {
  /** Goes into the path of the page; whoever has it sees the page. */
  readonly ticket: string;
  readonly expiresAt: number;
}

/**
 * Lets somebody without an account of the API see how one device is set up, for a short time, and open its window for enrolling again
 * until a phone has its configuration; nothing else can be done with it.
 * @param folder address of the device's files, for one whose open window is not known any more; null = the page leaves its place open
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
  const held = await heldTicket(deps, text);
  if (held === null) return gone();
  const { device, ticket } = held;
  return done({ ...setUpOf(deps, device, await enrolmentNow(deps, device), ticket.folder), expiresAt: ticket.expiresAt });
}

/** A window this young is not opened again: somebody pressed twice. */
const JUST_OPENED_MS = 10_000;

/**
 * Opens the device's window for enrolling again, at the wish of somebody who holds the page. Refused once a phone has the configuration:
 * whether another one may have it is for an administrator to say.
 */
export async function reopenWindow(
  deps: SetUpDeps & ChangeDeps & { readonly random: RandomSource }, from: Pick<Actor, 'address' | 'requestId'>, text: string,
): Promise<Outcome<null>> {
  const held = await heldTicket(deps, text);
  if (held === null) return gone();
  const actor: Actor = { ...from, accountId: held.device.accountId, name: `set-up-page:${held.device.id}`, reach: WHOLE_ACCOUNT };
  return change<null>(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, held.device.id);
    if (device === null) return gone();
    const tokens = await draft.stores.provisioningTokens.of(device.id);
    const { state, held: inUse } = enrolmentOf(deps, tokens, draft.at);
    if (inUse) return refused('conflict', 'ticket', 'A phone has fetched this configuration already. Ask an administrator to open another window.');
    if (state === 'open' && tokens.some(({ kind, createdAt }) => kind === 'enrol' && createdAt > draft.at - JUST_OPENED_MS)) return done(null);
    const opened = await openWindow(deps, draft, device, ENROL_WINDOW.usual);
    return opened.kind === 'refused' ? opened : done(null);
  });
}

const gone = (): Refused => refused('not-found', 'ticket', 'This page is not there any more. Ask an administrator for a new one.');

async function heldTicket(deps: SetUpDeps, text: string): Promise<{ readonly device: Device; readonly ticket: SetUpTicketContent } | null> {
  const ticket = readTicket(deps.secretBox, text);
  if (ticket === null || ticket.expiresAt <= deps.clock.now()) return null;
  const device = await findDevice(deps.stores, asId<AccountId>(ticket.accountId), ticket.deviceId);
  return device === null ? null : { device, ticket };
}

async function enrolmentNow(deps: SetUpDeps, device: Device): Promise<Enrolment> {
  return enrolmentOf(deps, await deps.stores.provisioningTokens.of(device.id), deps.clock.now());
}

function setUpOf(deps: SetUpDeps, device: Device, enrolment: Enrolment, given: string | null): SetUp {
  const { setUpGuides, sipReach } = deps;
  const guide = setUpGuides.guideOf(device.type);
  const { domain, outboundProxy } = sipReach();
  const folder = enrolment.window?.url ?? (enrolment.held ? null : given);
  const phone = { macAddress: device.macAddress, folder, account: { userName: device.userName, domain, outboundProxy } };
  return {
    device, address: guide === null ? null : addressToType(guide, phone), steps: setUpSteps(guide, phone),
    enrolment, warnings: macWarnings(setUpGuides, device),
    reopens: guide !== null && deps.provisioningOrigin() !== null && deps.phoneFiles.findModel(device.type, device.model) !== null && !enrolment.held,
  };
}
