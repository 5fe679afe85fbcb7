import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import type { AccountId, DeviceId, UserId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';
import { addDevice } from './add-device.js';
import { addPhoneUsers } from './add-phone-users.js';
import type { AdminDeps } from './admin-deps.js';
import { createCommonArea } from './common-areas.js';
import { ensureDemoPin } from './demo-pin.js';

/** One phone of the demo, ready to be typed into a softphone. */
export interface DemoPhone {
  readonly name: string;
  /** '' for the common area. */
  readonly email: string;
  readonly extension: string;
  readonly deviceId: DeviceId;
  readonly userName: string;
  readonly password: string;
  /** For signing in at phones; '' for the common area. */
  readonly pin: string;
}

const PEOPLE = [
  { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@demo.example', extension: '1001', mac: '02c0dbd00001' },
  { firstName: 'Alan', lastName: 'Turing', email: 'alan@demo.example', extension: '1002', mac: '02c0dbd00002' },
  { firstName: 'Grace', lastName: 'Hopper', email: 'grace@demo.example', extension: '1003', mac: '02c0dbd00003' },
] as const;
/** Nobody reads mail at the demo's addresses. */
const SILENTLY = { notify: false } as const;
const LOBBY = { displayName: 'Demo Lobby', extension: '1010', mac: '02c0dbd0000a' } as const;

/**
 * Three users, a common area and a phone for each, in the first account; what is there already is kept and shown again. The PINs
 * come of the installation's key, so that each start shows the same ones though only hashes are stored; one that was changed is set back.
 * Where an extension is taken by somebody else the next free one is used. Throws when the account lacks, or its rules
 * forbid even that.
 */
export async function ensureDemo(deps: AdminDeps): Promise<readonly DemoPhone[]> {
  const account = await deps.stores.accounts.first();
  if (!account) throw new Error('there is no account to put the demo in');
  const actor: Actor = { accountId: account.id, name: 'system', address: '', requestId: '', reach: WHOLE_ACCOUNT };
  const phones: DemoPhone[] = [];
  for (const person of PEOPLE) {
    const { extension, name, id } = await ensurePerson(deps, actor, person);
    const device = await ensureDevice(deps, actor, extension, person.mac, `${name}'s phone`);
    const pin = await ensureDemoPin(deps, actor, id, extension);
    phones.push(await shown(deps, device, { name, email: person.email, extension: extension.number, pin }));
  }
  const lobby = await ensureLobby(deps, actor);
  const device = await ensureDevice(deps, actor, lobby, LOBBY.mac, 'Lobby phone');
  phones.push(await shown(deps, device, { name: LOBBY.displayName, email: '', extension: lobby.number, pin: '' }));
  return phones;
}

async function ensurePerson(
  deps: AdminDeps, actor: Actor, person: (typeof PEOPLE)[number],
): Promise<{ extension: Extension; name: string; id: UserId }> {
  const view = await viewOf(deps, actor.accountId, person.email);
  if (view) return { extension: view.extension, name: nameOf(view.user), id: view.user.id };
  const row = { ...person, callingPlans: [], siteCode: '', siteName: '', deskPhones: [] };
  const [added] = await firstDone(
    () => addPhoneUsers(deps, actor, [{ ...row, extensionNumber: person.extension }], SILENTLY),
    () => addPhoneUsers(deps, actor, [{ ...row, extensionNumber: null }], SILENTLY),
  );
  if (!added) throw new Error('a demo user was added and is not there');
  return { extension: added.extension, name: nameOf(added.user), id: added.user.id };
}

async function viewOf(deps: AdminDeps, accountId: AccountId, email: string) {
  const user = await deps.stores.users.byEmail(accountId, email);
  return user && deps.stores.phoneUsers.get(accountId, user.id);
}

async function ensureLobby(deps: AdminDeps, actor: Actor): Promise<Extension> {
  // The lobby is known by its phone, since display names need not be unique.
  const device = await deps.stores.devices.byMac(actor.accountId, LOBBY.mac);
  const [owner] = device?.assignees ?? [];
  const known = owner === undefined ? null : await deps.stores.extensions.get(actor.accountId, owner);
  if (known) return known;
  const wanted = { displayName: LOBBY.displayName, callingPlans: [], country: null, timeZone: null };
  const area = await firstDone(
    () => createCommonArea(deps, actor, { ...wanted, extensionNumber: LOBBY.extension }),
    () => createCommonArea(deps, actor, { ...wanted, extensionNumber: null }),
  );
  const extension = await deps.stores.extensions.get(actor.accountId, area.extensionId);
  if (!extension) throw new Error('the demo common area was added and is not there');
  return extension;
}

async function ensureDevice(
  deps: AdminDeps, actor: Actor, extension: Extension, mac: string, displayName: string,
): Promise<Device> {
  const present = await deps.stores.devices.byMac(actor.accountId, mac);
  if (present) return present;
  return firstDone(() => addDevice(deps, actor, {
    displayName, macAddress: mac, type: 'Softphone', model: '', assignees: [extension.id], provisionTemplateId: null,
    hotDesking: 'on',
  }));
}

async function shown(
  deps: AdminDeps, device: Device, owner: Pick<DemoPhone, 'name' | 'email' | 'extension' | 'pin'>,
): Promise<DemoPhone> {
  const sealed = await deps.stores.devices.sealedPassword(device.id);
  if (sealed === null) throw new Error(`device ${device.id} has no password`);
  return { ...owner, deviceId: device.id, userName: device.userName, password: deps.secretBox.open(sealed, device.id) };
}

/** The first attempt that is not refused. */
async function firstDone<T>(...attempts: readonly (() => Promise<Outcome<T>>)[]): Promise<T> {
  const texts: string[] = [];
  for (const attempt of attempts) {
    const outcome = await attempt();
    if (outcome.kind === 'done') return outcome.value;
    texts.push(...outcome.problems.map((problem) => `${problem.field}: ${problem.text}`));
  }
  throw new Error(`the demo cannot be set up: ${texts.join('; ')}`);
}
