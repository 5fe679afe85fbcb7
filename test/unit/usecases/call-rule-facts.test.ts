import t from 'tap';
import { asId, type ExtensionId } from '../../../src/domain/ids.js';
import type { Dialled } from '../../../src/domain/numbering/dialled.js';
import type { Extension } from '../../../src/domain/numbering/extension.js';
import type { CallRulePlace } from '../../../src/domain/routing/blocked-number.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { OutboundRule } from '../../../src/domain/routing/outbound-rules.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { Site } from '../../../src/domain/identity/site.js';
import { DirectoryIndex } from '../../../src/storage/postgres/directory-index.js';
import { callRulesOn } from '../../../src/usecases/call-rule-facts.js';
import { sourceOf } from '../../../src/usecases/gather-call-facts.js';
import { poolNumber } from '../../support/call-facts-office.js';
import { guestSession } from '../../support/guest-session.js';
import { aCommonArea, aDevice, anAccount, anExtension, aPhoneUser, aSite, aUser, newId } from '../../support/sample-account.js';

const BERLIN_NUMBER: Dialled = { kind: 'number', e164: '+4930123456', digits: '+4930123456', country: 'DE' };

/** Main (code 1): Ann 101, the lobby 300. Berlin (code 2): Bernd 101. */
function office() {
  const directory = new DirectoryIndex();
  const account = anAccount();
  directory.putAccount(account);
  const main = aSite(account.id, { name: 'Main', siteCode: '1' });
  const berlin = aSite(account.id, { name: 'Berlin', isMain: false, siteCode: '2', country: 'DE' });
  for (const site of [main, berlin]) directory.putSite(site);
  const person = (site: Site, number: string) => {
    const user = aUser(account.id);
    const extension = anExtension(site, number, { kind: 'user', id: user.id });
    const phoneUser = aPhoneUser(user, extension);
    directory.putUser(user);
    directory.putPhoneUser(phoneUser);
    directory.putExtension(extension);
    return { user: phoneUser, extension };
  };
  const [ann, bernd] = [person(main, '101'), person(berlin, '101')];
  const lobbyId = newId<ReturnType<typeof aCommonArea>['id']>();
  const lobby = anExtension(main, '300', { kind: 'common_area', id: lobbyId });
  directory.putExtension(lobby);
  directory.putCommonArea(aCommonArea(lobby, { id: lobbyId }));
  const desk = (site: Site, owner: Extension): Device => {
    const device = aDevice(site, [owner.id]);
    directory.putDevice(device, undefined);
    return device;
  };
  const facts = (device: Device, dialled: Dialled, called: Extension | null = null): Pick<CallFacts, 'outboundChains' | 'inboundCaller' | 'inboundBlocks'> => {
    const source = sourceOf(directory, device);
    if (source === null || source.acting.kind === 'unassigned') throw new Error('nobody acts');
    const actingSite = directory.site(source.acting.extension.siteId) ?? main;
    return callRulesOn(directory, { account, source, dialled, target: called === null ? null : { extension: called } }, actingSite);
  };
  const chains = (device: Device): readonly string[] => facts(device, BERLIN_NUMBER).outboundChains
    .map(({ whose, levels }) => `${whose}: ${levels.map(({ holder, country, exception }) => `${holder} ${exception?.rule ?? country ?? '-'}`).join(', ')}`);
  const say = ({ scope, scopeId }: CallRulePlace, rule: OutboundRule): void =>
    directory.addCountry({ accountId: account.id, scope, scopeId, country: 'DE', rule });
  return { directory, account, main, berlin, ann, bernd, lobby, desk, facts, chains, say };
}

t.test('whose levels are asked', async (t) => {
  const { directory, account, main, berlin, ann, bernd, lobby, desk, chains, say } = office();
  const phones = { ann: desk(main, ann.extension), annInBerlin: desk(berlin, ann.extension), lobby: desk(main, lobby), bernd: desk(berlin, bernd.extension) };
  say({ scope: 'account', scopeId: account.id }, 'block');
  say({ scope: 'site', scopeId: berlin.id }, 'allow');
  t.same(chains(phones.ann), ['caller: the account block, site Main -, extension 101 -'], 'the own ones, at the own phone');
  t.same(chains(phones.annInBerlin), ['caller: the account block, site Main -, extension 101 -', "phone: the account block, the phone's site Berlin allow"],
    'a phone at another site narrows');
  t.same(chains(phones.lobby), ['caller: the account block, site Main -, extension 300 -'], 'a common area by itself');
  say({ scope: 'extension', scopeId: lobby.id }, 'allow');
  directory.putHotDeskSession(guestSession(phones.lobby, bernd.user));
  t.same(chains(phones.lobby), [
    'caller: the account block, site Berlin allow, extension 101 -', "phone: the account block, the phone's site Main -, common area Lobby allow",
  ], 'a guest: own levels, and those of the place');
  directory.putHotDeskSession(guestSession(phones.ann, bernd.user));
  t.same(chains(phones.ann), ['caller: the account block, site Berlin allow, extension 101 -', "phone: the account block, the phone's site Main -"],
    "never those of the phone's owner");
});

t.test('a colleague is known by extension, site code and own numbers, a guest by the guest\'s', async (t) => {
  const { directory, account, main, berlin, ann, bernd, desk, facts } = office();
  const phone = desk(main, ann.extension);
  const extension: Dialled = { kind: 'extension', digits: '2101', siteCode: '2', number: '101' };
  directory.numbers.putNumber(poolNumber('+14155550101', { accountId: account.id, siteId: main.id, extensionId: ann.extension.id, assignedOrder: 0 }));
  t.same(facts(phone, extension).inboundCaller, { kind: 'inside', forms: ['101', '1101', '+14155550101'] });
  const list = (place: CallRulePlace, entry: string, changes: object = {}): void => directory.putBlockedNumber({
    id: newId(), accountId: account.id, ...place, direction: 'inbound', number: entry, match: 'number', type: 'block', country: null, comment: '', status: 'active',
    createdAt: 0, ...changes,
  });
  list({ scope: 'extension', scopeId: bernd.extension.id }, '+14155550101');
  list({ scope: 'account', scopeId: account.id }, '1101');
  list({ scope: 'account', scopeId: account.id }, '101', { status: 'inactive' });
  list({ scope: 'extension', scopeId: asId<ExtensionId>('somebody-else') }, '101');
  t.same(facts(phone, extension, bernd.extension).inboundBlocks.map(({ holder, number: entry }) => `${holder} ${entry}`), ['the account 1101', 'extension 101 +14155550101']);
  t.same(facts(phone, extension).inboundBlocks, [], 'nobody is called');
  const cara = desk(berlin, bernd.extension);
  directory.putHotDeskSession(guestSession(cara, ann.user));
  t.match(facts(cara, extension).inboundCaller, { forms: ['101', '1101', '+14155550101'] }, 'at whatever phone');
  directory.putHotDeskSession(guestSession(phone, bernd.user));
  t.match(facts(phone, extension).inboundCaller, { forms: ['101', '2101'] });
});
