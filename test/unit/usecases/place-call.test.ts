import t from 'tap';
import { DirectoryIndex } from '../../../src/storage/postgres/directory-index.js';
import type { Binding } from '../../../src/domain/registration/binding.js';
import { NO_TRUNKS } from '../../../src/domain/routing/trunk-routes.js';
import type { DeviceId } from '../../../src/domain/ids.js';
import type { Device } from '../../../src/domain/device/device.js';
import { createExplainPolicy } from '../../../src/usecases/explain-policy.js';
import { createPlaceCall } from '../../../src/usecases/place-call.js';
import { createReachability } from '../../../src/usecases/reachability.js';
import { calleeParty, callerParty } from '../../../src/usecases/call-parties.js';
import { aCommonArea, aDevice, anAccount, anExtension, aPhoneUser, aSite, aUser, newId } from '../../support/sample-account.js';

/** Two sites with codes that both have a 101, a lobby, and a desk for each. */
function office() {
  const directory = new DirectoryIndex();
  const account = anAccount({ sipDomain: 'office.example' });
  const main = aSite(account.id, { siteCode: '1' });
  const berlin = aSite(account.id, { name: 'Berlin', isMain: false, siteCode: '2', country: 'DE' });
  directory.putAccount(account);
  directory.putSite(main);
  directory.putSite(berlin);
  const person = (site: typeof main, number: string, name: string): Device => {
    const user = aUser(account.id, { displayName: name });
    const extension = anExtension(site, number, { kind: 'user', id: user.id });
    directory.putUser(user);
    directory.putPhoneUser(aPhoneUser(user, extension));
    directory.putExtension(extension);
    const device = aDevice(site, [extension.id]);
    directory.putDevice(device, undefined);
    return device;
  };
  const ann = person(main, '101', 'Ann');
  const bernd = person(berlin, '101', 'Bernd');
  const carla = person(berlin, '205', 'Carla');
  const lobbyId = newId<ReturnType<typeof aCommonArea>['id']>();
  const lobbyExtension = anExtension(main, '300', { kind: 'common_area', id: lobbyId });
  directory.putExtension(lobbyExtension);
  directory.putCommonArea(aCommonArea(lobbyExtension, { id: lobbyId }));
  const lobby = aDevice(main, [lobbyExtension.id]);
  directory.putDevice(lobby, undefined);
  const spare = aDevice(main, []);
  directory.putDevice(spare, undefined);

  const live = new Map<DeviceId, readonly Binding[]>();
  const register = (device: Device): Binding => {
    const binding: Binding = {
      deviceId: device.id, contactUri: `sip:${device.userName}@192.0.2.1`, contactParams: '', q: 1000, expiresAt: 1e13, callId: 'c', cseq: 1,
      flow: { transport: 'udp', address: '192.0.2.1', port: 5060 }, behindNat: true, userAgent: '', registeredAt: 0,
    };
    live.set(device.id, [binding]);
    return binding;
  };
  const reachability = createReachability();
  let replayed = false;
  const location = {
    callFacts: async (_nonce: unknown, devices: readonly DeviceId[]) => ({ nonceReplayed: replayed, bindings: pick(devices) }),
    bindings: async (devices: readonly DeviceId[]) => pick(devices),
  };
  const pick = (devices: readonly DeviceId[]) => new Map(devices.flatMap((id) => {
    const list = live.get(id);
    return list === undefined ? [] : [[id, list] as const];
  }));
  const placeCall = createPlaceCall({ directory, location, reachability, trunks: () => NO_TRUNKS });
  const explain = createExplainPolicy({ directory, location, reachability, trunks: () => NO_TRUNKS });
  const dial = async (device: Device, digits: string, hopsLeft = 70) => {
    const placed = await placeCall({ account, device, requestUri: `sip:${digits}@office.example`, nonce: null, hopsLeft });
    if (placed.kind !== 'decided') throw new Error(placed.kind);
    return placed;
  };
  return { account, directory, ann, bernd, carla, lobby, spare, register, reachability, dial, explain, placeCall, replay: () => (replayed = true) };
}

t.test('digits are read from where the caller sits', async (t) => {
  const { ann, bernd, carla, lobby, register, dial } = office();
  for (const device of [ann, bernd, carla, lobby]) register(device);
  const rows: readonly (readonly [string, Device, string, string])[] = [
    ['the own site first', carla, '101', bernd.userName],
    ['another site by its code', carla, '1101', ann.userName],
    ['another site has a code: its extension alone is nobody', ann, '205', ''],
    ['the full form works inside the site too', bernd, '2205', carla.userName],
    ['a common area', ann, '300', lobby.userName],
  ];
  for (const [rule, from, digits, rings] of rows) {
    const { outcome } = (await dial(from, digits)).decision;
    t.equal(outcome.kind === 'ring' ? outcome.ring.map(({ device }) => device.userName).join() : '', rings, rule);
  }
});

t.test('the parties of the record', async (t) => {
  const { ann, lobby, register, dial } = office();
  register(lobby);
  const { facts } = await dial(ann, '300');
  t.match(callerParty(facts), { name: 'Ann', extensionNumber: '101', deviceId: ann.id, siteId: ann.siteId, userId: String, number: '' });
  t.match(calleeParty(facts), { name: 'Lobby', extensionNumber: '300', deviceId: null, userId: null });
  const outside = await dial(ann, '+4930123456');
  t.match(calleeParty(outside.facts), { extensionId: null, number: '+4930123456', name: '' });
});

t.test('a phone that fell silent is not rung', async (t) => {
  const { account, ann, carla, register, reachability, dial, explain } = office();
  const binding = register(carla);
  for (let miss = 0; miss < 3; miss += 1) reachability.missed(binding);
  t.match((await dial(ann, '2205')).decision.outcome, { kind: 'reject', reason: 'not-registered' });
  const answer = await explain({ accountId: account.id, deviceId: ann.id, dialled: '2205' });
  t.match(answer, { decision: { outcome: { kind: 'reject', reason: 'not-registered' } } }, 'and the explanation says so');
  reachability.heard(binding);
  t.match((await dial(ann, '2205')).decision.outcome, { kind: 'ring' });
});

t.test('hops run out', async (t) => {
  const { ann, carla, register, dial } = office();
  register(carla);
  t.match((await dial(ann, '2205', 0)).decision.outcome, { kind: 'reject', reason: 'too-many-hops' });
});

t.test('a digest used before is told, and nothing is decided', async (t) => {
  const { account, ann, placeCall, replay } = office();
  replay();
  const nonce = { nonce: 'n', count: 1, expiresAt: 1e13 };
  t.match(await placeCall({ account, device: ann, requestUri: 'sip:205@office.example', nonce, hopsLeft: 70 }), { kind: 'nonce-replayed' });
});

t.test('explain gives the live decision, word for word', async (t) => {
  const { account, ann, carla, spare, register, dial, explain } = office();
  register(carla);
  for (const [device, digits] of [[ann, '2205'], [ann, '999'], [ann, '*91'], [ann, '+14155550100'], [spare, '2205'], [ann, '911']] as const) {
    const live = await dial(device, digits.replace('*', '%2A'));
    const answer = await explain({ accountId: account.id, deviceId: device.id, dialled: digits });
    t.match(answer, { kind: 'done' });
    if (answer.kind === 'done') t.same(answer.decision, live.decision, `${digits} from ${device.displayName}`);
  }
  t.same(await explain({ accountId: newId(), deviceId: ann.id, dialled: '205' }), { kind: 'refused', reason: 'unknown-device' });
});
