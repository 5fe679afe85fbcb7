import t from 'tap';
import { DirectoryIndex } from '../../../src/storage/postgres/directory-index.js';
import { DEFAULT_ACCOUNT_POLICY, type AccountPolicy } from '../../../src/domain/identity/account.js';
import type { Binding } from '../../../src/domain/registration/binding.js';
import type { BlockedNumber } from '../../../src/domain/routing/blocked-number.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { DeviceId } from '../../../src/domain/ids.js';
import type { Extension } from '../../../src/domain/numbering/extension.js';
import type { HotDeskSession } from '../../../src/domain/hotdesk/session.js';
import type { PhoneUser } from '../../../src/domain/identity/user.js';
import type { Site } from '../../../src/domain/identity/site.js';
import { calleeParty, callerParty } from '../../../src/usecases/call-parties.js';
import { createExplainPolicy } from '../../../src/usecases/explain-policy.js';
import { createPlaceCall } from '../../../src/usecases/place-call.js';
import { createReachability } from '../../../src/usecases/reachability.js';
import { guestSession } from '../../support/guest-session.js';
import { aCommonArea, aDevice, anAccount, anExtension, aPhoneUser, aSite, aUser, newId } from '../../support/sample-account.js';
import { TRUNK } from '../../support/call-facts-office.js';
import { trunkFacts } from '../../support/trunk-facts.js';

/**
 * Main (US, code 1): Ann 101 with two phones, Cara 103, the lobby 300 with two phones. Berlin (DE, code 2): Bernd 101 with a phone
 * of his own, Emil 104. Every phone is registered.
 */
function office(policy: Partial<AccountPolicy> = {}) {
  const directory = new DirectoryIndex();
  const account = anAccount({ sipDomain: 'office.example', policy: { ...DEFAULT_ACCOUNT_POLICY, ...policy } });
  const main = aSite(account.id, { name: 'Main', siteCode: '1' });
  const berlin = aSite(account.id, { name: 'Berlin', isMain: false, siteCode: '2', country: 'DE' });
  directory.putAccount(account);
  for (const site of [main, berlin]) directory.putSite(site);
  const live = new Map<DeviceId, readonly Binding[]>();
  const desk = (site: Site, owner: Extension | null, displayName: string, changes: Partial<Device> = {}): Device => {
    const device = aDevice(site, owner === null ? [] : [owner.id], { displayName, hotDesking: 'on', ...changes });
    directory.putDevice(device, undefined);
    live.set(device.id, [{
      deviceId: device.id, contactUri: `sip:${displayName}@192.0.2.1`, contactParams: '', q: 1000, expiresAt: 1e13, callId: 'c', cseq: 1,
      flow: { transport: 'udp', address: '192.0.2.1', port: 5060 }, behindNat: true, userAgent: '', registeredAt: 0,
    }]);
    return device;
  };
  const person = (site: Site, number: string, displayName: string, changes: Partial<PhoneUser> = {}) => {
    const user = aUser(account.id, { displayName });
    const extension = anExtension(site, number, { kind: 'user', id: user.id });
    const phoneUser = aPhoneUser(user, extension, changes);
    directory.putUser(user);
    directory.putPhoneUser(phoneUser);
    directory.putExtension(extension);
    return { user: phoneUser, extension };
  };
  const ann = person(main, '101', 'Ann', { callingPlans: [100], areaCode: '415' });
  const cara = person(main, '103', 'Cara');
  const bernd = person(berlin, '101', 'Bernd', { callingPlans: [1001, 100], internationalCalling: true, areaCode: '030' });
  const emil = person(berlin, '104', 'Emil');
  const lobbyId = newId<ReturnType<typeof aCommonArea>['id']>();
  const lobbyExtension = anExtension(main, '300', { kind: 'common_area', id: lobbyId });
  const lobby = aCommonArea(lobbyExtension, { id: lobbyId });
  directory.putExtension(lobbyExtension);
  directory.putCommonArea(lobby);
  const phones = {
    ann: desk(main, ann.extension, 'ann'), ann2: desk(main, ann.extension, 'ann2'), cara: desk(main, cara.extension, 'cara'),
    bernd: desk(berlin, bernd.extension, 'bernd'), emil: desk(berlin, emil.extension, 'emil'),
    lobby: desk(main, lobbyExtension, 'lobby'), lobby2: desk(main, lobbyExtension, 'lobby2'), spare: desk(main, null, 'spare'),
  };
  const pick = (devices: readonly DeviceId[]) => new Map(devices.map((id) => [id, live.get(id) ?? []] as const));
  let scripts = 0;
  const carriers = trunkFacts(TRUNK);
  const placeCall = createPlaceCall({
    directory, reachability: createReachability(), trunks: () => carriers,
    location: {
      callFacts: async (_nonce, devices) => {
        scripts += 1;
        return { nonceReplayed: false, bindings: pick(devices) };
      },
    },
  });
  const explain = createExplainPolicy({ directory, location: { callFacts: async (_nonce, ids) => ({ nonceReplayed: false, bindings: pick(ids) }) }, reachability: createReachability(), trunks: () => carriers });
  const dial = async (from: Device, digits: string) => {
    const device = directory.device(from.id) ?? from;
    const placed = await placeCall({ account, device, requestUri: `sip:${digits}@office.example`, nonce: null, hopsLeft: 70 });
    if (placed.kind !== 'decided') throw new Error(placed.kind);
    const answer = await explain({ accountId: account.id, deviceId: device.id, dialled: digits });
    t.same(answer.kind === 'done' && answer.decision, placed.decision, `the explanation of ${digits} from ${from.displayName} is the decision`);
    return placed;
  };
  const seat = (who: { readonly user: PhoneUser }, device: Device, changes: Partial<HotDeskSession> = {}): HotDeskSession => {
    const session = guestSession(device, who.user, changes);
    directory.putHotDeskSession(session);
    return session;
  };
  const block = (number: string, scope: BlockedNumber['scope'], scopeId: string): void => directory.putBlockedNumber({
    id: newId(), accountId: account.id, scope, scopeId, direction: 'outbound', number, match: 'prefix', type: 'block', country: null, comment: '',
    status: 'active', createdAt: 0,
  });
  return { account, directory, main, berlin, ann, cara, bernd, emil, lobby, lobbyExtension, phones, dial, seat, block, scripts: () => scripts };
}

type Dialled = Awaited<ReturnType<ReturnType<typeof office>['dial']>>;
const rings = ({ decision: { outcome } }: Dialled): string =>
  (outcome.kind === 'ring' ? outcome.ring.map(({ device }) => device.displayName).sort().join() : outcome.kind === 'reject' ? outcome.reason : outcome.kind);

t.test('the identity table: whose is what while Bernd of Berlin sits at Ann\'s phone', async (t) => {
  const { phones, bernd, ann, directory, dial, seat, main, berlin } = office();
  const session = seat(bernd, phones.ann);
  const toCara = await dial(phones.ann, '1103');
  t.match(toCara.decision.outcome, { kind: 'ring', callerId: { name: 'Bernd', number: '2101' } }, 'caller ID is the guest\'s, with his site\'s code');
  t.match(callerParty(toCara.facts), {
    name: 'Bernd', userId: bernd.user.id, extensionNumber: '101', deviceId: phones.ann.id, siteId: main.id, hotDeskSessionId: session.id,
  }, 'the record has guest, phone, the phone\'s site and the session');
  t.match(toCara.facts.source, { acting: { kind: 'user', session }, device: { id: phones.ann.id } }, 'the source carries the session');

  t.equal(rings(await dial(phones.ann, '104')), 'emil', 'short extensions are the guest\'s site\'s');
  t.equal(rings(await dial(phones.ann, '103')), 'unknown-number', 'not the phone\'s site\'s');
  t.match((await dial(phones.ann, '030123456')).facts.dialled, { kind: 'number', e164: '+4930123456' }, 'national forms too');
  t.match((await dial(phones.ann, '2345678')).facts.dialled, { kind: 'number', e164: '+49302345678' }, 'and the area code');
  t.equal(rings(await dial(phones.ann, '030123456')), 'dial-trunk', 'by the guest\'s plan at home in Germany; Ann holds none for it');
  t.equal(rings(await dial(phones.ann, '+442079460000')), 'dial-trunk', 'by the guest\'s international calls; Ann has none');

  const sos = await dial(phones.ann, '911');
  t.match(sos.decision.outcome, { kind: 'dial-trunk', emergency: true, callerId: { name: 'ann' } }, 'emergency forms and identity are the desk\'s');
  t.match((await dial(phones.ann, '110')).facts.dialled, { kind: 'extension' }, 'never the guest\'s');
  t.match(callerParty(sos.facts), { deviceId: phones.ann.id, siteId: main.id, hotDeskSessionId: session.id }, 'the record says who it was');
  t.match((await dial(phones.bernd, '110')).facts.dialled, { kind: 'emergency' }, 'at home it is an emergency number');

  t.match(callerParty((await dial(phones.ann2, '103')).facts), { name: 'Ann', hotDeskSessionId: null }, 'Ann\'s other phone is hers');
  t.match(callerParty((await dial(phones.bernd, '104')).facts), { name: 'Bernd', hotDeskSessionId: null, siteId: berlin.id }, 'at the own phone nobody is a guest');

  directory.putPhoneUser({ ...ann.user, status: 'deactivated', callingPlans: [] });
  t.equal(rings(await dial(phones.ann, '030123456')), 'dial-trunk', 'the owner\'s status and plan never narrow a guest');
  directory.putPhoneUser({ ...bernd.user, status: 'deactivated' });
  for (const [digits, expected] of [['1103', 'user-deactivated'], ['%2A92', 'user-deactivated'], ['%2A91', 'run-feature'], ['911', 'dial-trunk']] as const) {
    t.equal(rings(await dial(phones.ann, digits)), expected, `a deactivated guest: ${digits}`);
  }
  t.equal(rings(await dial(phones.cara, '2101')), 'callee-deactivated', 'and gets no calls');
  t.equal(rings(await dial(phones.cara, '101')), 'callee-deactivated', 'like the deactivated owner');
});

t.test('every step of a session counts at the very next call', async (t) => {
  const { phones, bernd, ann, cara, directory, dial, seat, scripts } = office();
  const caller = async (): Promise<string> => callerParty((await dial(phones.ann, '911')).facts).name;
  t.equal(await caller(), 'Ann');
  const session = seat(bernd, phones.ann);
  t.equal(await caller(), 'Bernd');
  t.equal(rings(await dial(phones.cara, '2101')), 'ann,bernd');
  directory.putHotDeskSession({ ...session, state: 'draining', cause: 'user', drainingSince: 1 });
  t.equal(await caller(), 'Ann', 'draining: the phone is the owner\'s for everything new');
  t.equal(rings(await dial(phones.cara, '2101')), 'bernd', 'a draining session gets no call');
  t.equal(rings(await dial(phones.cara, '101')), 'ann,ann2', 'the owner does');
  seat(cara, phones.ann);
  t.equal(await caller(), 'Cara', 'the next guest meanwhile');
  directory.putHotDeskSession({ ...session, state: 'ended', cause: 'user', endedAt: 2 });
  t.equal(await caller(), 'Cara');
  directory.removePhoneUser(cara.user.id);
  t.equal(await caller(), 'Ann', 'a session whose user is gone holds nothing');
  t.equal(rings(await dial(phones.emil, '1101')), 'ann,ann2');
  t.equal(ann.user.id, callerParty((await dial(phones.ann, '911')).facts).userId);
  const before = scripts();
  await dial(phones.ann, '103');
  t.equal(scripts() - before, 1, 'one script a call, sessions or not');
});

t.test('what rings', async (t) => {
  await t.test('guest and owner', async (t) => {
    const { phones, bernd, cara, directory, dial, seat } = office();
    seat(bernd, phones.ann);
    t.equal(rings(await dial(phones.cara, '2101')), 'ann,bernd', 'the guest\'s desk and own phones');
    t.equal(rings(await dial(phones.cara, '101')), 'ann2', 'the owner\'s other phones, never the borrowed one');
    t.equal(rings(await dial(phones.ann, '1101')), 'ann2', 'also when the guest calls the owner');
    t.equal(rings(await dial(phones.ann, '101')), 'bernd', 'the guest\'s call to himself rings his other phones');
    t.match(calleeParty((await dial(phones.cara, '2101')).facts), { name: 'Bernd', hotDeskSessionId: null, deviceId: null }, 'the called side has no session until it answers');
    const { decision: { outcome } } = await dial(phones.cara, '2101');
    t.same(outcome.kind === 'ring' && outcome.ring.map(({ device, session }) => [device.displayName, session?.userId ?? null]).sort(),
      [['ann', bernd.user.id], ['bernd', null]], 'each phone rings under its session');
    seat(cara, phones.ann2);
    const lent = await dial(phones.cara, '101');
    t.equal(rings(lent), 'phone-lent', 'every phone of the owner is lent: 480');
    t.equal(lent.decision.chain.at(-1)?.note, 'Ann (extension 101) has no phone that may ring. Device ann is used by a guest. '
      + 'Device ann2 is used by a guest. Guests use the phones of the called extension.');
    directory.removeDevice(phones.ann.id);
    t.equal(rings(await dial(phones.cara, '2101')), 'bernd', 'a desk that is gone rings nobody');
  });
  await t.test('the common area', async (t) => {
    const { phones, bernd, cara, dial, seat } = office();
    t.equal(rings(await dial(phones.cara, '300')), 'lobby,lobby2');
    seat(bernd, phones.lobby);
    t.equal(rings(await dial(phones.cara, '300')), 'lobby2', 'its other phones');
    seat(cara, phones.lobby2);
    t.equal(rings(await dial(phones.cara, '300')), 'phone-lent', 'else 480');
    t.equal(rings(await dial(phones.emil, '1103')), 'cara,lobby2');
  });
  await t.test('desk-only', async (t) => {
    const { phones, bernd, cara, dial, seat } = office({ hotDeskReach: 'desk-only' });
    t.equal(rings(await dial(phones.cara, '2101')), 'bernd', 'without a desk the own phones');
    seat(bernd, phones.lobby);
    t.equal(rings(await dial(phones.cara, '2101')), 'lobby', 'the desk alone');
    t.equal(rings(await dial(phones.cara, '300')), 'lobby2');
    seat(cara, phones.lobby);
    t.equal(rings(await dial(phones.cara, '2101')), 'bernd', 'a desk that a later guest took is no desk');
  });
  await t.test('locked phones', async (t) => {
    const { phones, bernd, directory, dial, seat } = office();
    directory.putDevice({ ...phones.ann, locked: true }, undefined);
    t.equal(rings(await dial(phones.cara, '101')), 'ann2');
    seat(bernd, phones.ann);
    t.equal(rings(await dial(phones.cara, '2101')), 'bernd', 'not for a guest either');
    for (const [digits, expected] of [['103', 'device-locked'], ['%2A92', 'device-locked'], ['%2A91', 'run-feature'], ['911', 'dial-trunk']] as const) {
      t.equal(rings(await dial(phones.ann, digits)), expected, `a locked phone dials ${digits}`);
    }
    directory.putDevice({ ...phones.cara, locked: true }, undefined);
    t.equal(rings(await dial(phones.ann2, '103')), 'callee-locked');
  });
});

t.test('blocked lists while a guest sits', async (t) => {
  const number = '+12125550100';
  const rows: readonly (readonly [string, (o: ReturnType<typeof office>) => readonly [BlockedNumber['scope'], string], string])[] = [
    ['the account\'s', (o) => ['account', o.account.id], 'the account'],
    ['the phone\'s site\'s', (o) => ['site', o.main.id], 'site Main'],
    ['the guest\'s site\'s', (o) => ['site', o.berlin.id], 'the guest\'s site Berlin'],
    ['the guest\'s', (o) => ['extension', o.bernd.extension.id], 'extension 101'],
    ['the common area\'s', (o) => ['extension', o.lobbyExtension.id], 'common area Lobby'],
    ['the owner\'s never', (o) => ['extension', o.ann.extension.id], ''],
    ['another\'s never', (o) => ['extension', o.cara.extension.id], ''],
  ];
  for (const [rule, list, holder] of rows) {
    const o = office();
    const [scope, scopeId] = list(o);
    o.block('+1212', scope, scopeId);
    const desk = holder === '' ? o.phones.ann : o.phones.lobby;
    o.seat(o.bernd, desk);
    const placed = await o.dial(desk, number);
    t.equal(rings(placed), holder === '' ? 'dial-trunk' : 'outbound-blocked', rule);
    if (holder !== '') t.ok(placed.decision.chain.at(-1)?.note.includes(`blocked for ${holder}.`), `${rule}: named`);
  }
  const o = office();
  o.block('+1212', 'site', o.berlin.id);
  o.block('+1212', 'extension', o.lobbyExtension.id);
  t.equal(rings(await o.dial(o.phones.ann, number)), 'dial-trunk', 'without a guest neither another site nor another phone\'s area counts');
  o.seat(o.bernd, o.phones.lobby);
  t.equal(rings(await o.dial(o.phones.lobby, '+442079460000')), 'international-off', 'a lobby without international calls gains none');
  o.directory.putCommonArea({ ...o.lobby, internationalCalling: true });
  t.equal(rings(await o.dial(o.phones.lobby, '+442079460000')), 'dial-trunk');
});

t.test('signing in at an unassigned phone', async (t) => {
  const { phones, bernd, directory, dial, seat } = office();
  t.equal(rings(await dial(phones.spare, '%2A91')), 'run-feature', 'where its policy takes guests');
  t.equal(rings(await dial(phones.spare, '103')), 'device-unassigned');
  directory.putDevice({ ...phones.spare, hotDesking: 'off' }, undefined);
  t.equal(rings(await dial(phones.spare, '%2A91')), 'device-unassigned');
  seat(bernd, phones.spare);
  t.match((await dial(phones.spare, '104')).decision.outcome, { kind: 'ring', callerId: { name: 'Bernd' } }, 'who sits there acts');
});
