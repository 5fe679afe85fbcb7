import t from 'tap';
import { asId } from '../../../../src/domain/ids.js';
import type { ExtensionId, HotDeskSessionId, SiteId, UserId } from '../../../../src/domain/ids.js';
import { DEFAULT_ACCOUNT_POLICY } from '../../../../src/domain/identity/account.js';
import { decideSignIn, type SignInFacts } from '../../../../src/domain/hotdesk/decide-sign-in.js';
import { deskLanguage, personLanguage } from '../../../../src/domain/hotdesk/prompt-language.js';
import { extensionForms, findTypedExtension } from '../../../../src/domain/hotdesk/sign-in-extension.js';
import { SIGN_IN_REFUSALS } from '../../../../src/domain/hotdesk/sign-in-refusal.js';
import { userParty, BERLIN, SITE, extensionOf, phone } from '../../../support/call-facts-office.js';
import { aPerson, aSession, signInFacts } from '../../../support/hot-desk-samples.js';

const device = { ...phone('desk'), assignees: [asId<ExtensionId>('ext-owner')] };
const other = aSession({ id: asId<HotDeskSessionId>('other'), userId: asId<UserId>('someone') });
const elsewhere = aSession({ id: asId<HotDeskSessionId>('elsewhere') });
const { user } = userParty('guest', '1002');
const refusing = { ...DEFAULT_ACCOUNT_POLICY, hotDeskConflict: 'refuse' } as const;
const wrong = { right: false, weakness: null };
const weak = { right: true, weakness: 'default' } as const;
const owner = aPerson({ ownsDevice: true });
const area = { kind: 'common_area', status: 'active' } as const;

t.test('who signs in where', async (t) => {
  const refusals: readonly (readonly [rule: string, facts: Partial<SignInFacts>, reason: keyof typeof SIGN_IN_REFUSALS])[] = [
    ['no such phone', { device: null }, 'device-not-hot-deskable'],
    ['hot desking off', { device: { ...device, hotDesking: 'off' } }, 'device-not-hot-deskable'],
    ['a phone that cannot', { device: { ...device, hotDesking: 'unsupported' } }, 'device-not-hot-deskable'],
    ["nobody's phone", { device: { ...device, assignees: [] } }, 'device-not-hot-deskable'],
    ['the phone is locked out', { lock: 'device' }, 'phone-locked'],
    ['the pair is locked out, whatever the PIN', { lock: 'pair' }, 'pair-locked'],
    ['locked out before nobody', { lock: 'pair', person: null }, 'pair-locked'],
    ['nobody has the extension', { person: null }, 'extension-unknown'],
    ['wrong PIN', { pin: wrong }, 'pin-wrong'],
    ['a wrong weak PIN is a wrong one', { pin: { right: false, weakness: 'default' } }, 'pin-wrong'],
    ['weak PIN', { pin: weak }, 'pin-weak'],
    ['user deactivated', { person: aPerson({ phone: { ...user, status: 'deactivated' } }) }, 'user-disabled'],
    ['a wrong PIN hides it', { person: aPerson({ phone: { ...user, status: 'deactivated' } }), pin: wrong }, 'pin-wrong'],
    ['not allowed', { person: aPerson({ phone: { ...user, hotDeskAllowed: false } }) }, 'not-entitled'],
    ['a guest at a locked phone', { device: { ...device, locked: true } }, 'device-locked'],
    ['a guest at a locked phone that takes none', { device: { ...device, locked: true, hotDesking: 'off' } }, 'device-not-hot-deskable'],
    ['signed in elsewhere, account refuses', { policy: refusing, sessionElsewhere: elsewhere }, 'session-exists'],
    ['owner with a wrong PIN', { person: owner, pin: wrong, guestHere: other }, 'pin-wrong'],
    ['owner deactivated', { person: aPerson({ ownsDevice: true, phone: { ...user, status: 'deactivated' } }) }, 'user-disabled'],
  ];
  for (const [rule, facts, reason] of refusals) t.same(decideSignIn(signInFacts(facts)), { kind: 'refused', reason }, rule);
  for (const [rule, facts, expected] of [
    ['a free phone', {}, { kind: 'sign-in', displace: [] }],
    ['without a PIN, by API', { pin: null }, { kind: 'sign-in', displace: [] }],
    ['a weak PIN where the account does not mind', { policy: { ...DEFAULT_ACCOUNT_POLICY, refuseWeakPins: false }, pin: weak }, { kind: 'sign-in', displace: [] }],
    ["over somebody's forgotten session", { guestHere: other }, { kind: 'sign-in', displace: [other] }],
    ['also where the account refuses a second session of one user', { policy: refusing, guestHere: other }, { kind: 'sign-in', displace: [other] }],
    ['leaving another desk', { sessionElsewhere: elsewhere }, { kind: 'sign-in', displace: [elsewhere] }],
    ['both', { guestHere: other, sessionElsewhere: elsewhere }, { kind: 'sign-in', displace: [other, elsewhere] }],
    ['again at the same desk', { guestHere: aSession({ userId: user.id }) }, { kind: 'already', session: aSession({ userId: user.id }) }],
    ['the owner returns', { person: owner, guestHere: other }, { kind: 'owner-returns', end: other, unlock: false }],
    ['the owner returns to nobody', { person: owner }, { kind: 'owner-returns', end: null, unlock: false }],
    ['the owner unlocks, also where no guest is taken', { person: owner, device: { ...device, locked: true, hotDesking: 'off' } }, { kind: 'owner-returns', end: null, unlock: true }],
    ['a common area with its own PIN', { person: area, guestHere: other }, { kind: 'owner-returns', end: other, unlock: false }],
  ] as const) t.same(decideSignIn(signInFacts(facts)), expected, rule);
});

t.test('what must sound alike sounds alike, and counts', async (t) => {
  const alike = ['extension-unknown', 'pin-wrong', 'not-entitled', 'user-disabled'] as const;
  for (const reason of alike) t.match(SIGN_IN_REFUSALS[reason], { sounds: 'try-again', counts: true }, reason);
  t.match(SIGN_IN_REFUSALS['pair-locked'], { sounds: 'try-again', counts: false }, 'a locked pair is not told from a wrong PIN, and is locked already');
  for (const [reason, row] of Object.entries(SIGN_IN_REFUSALS)) if (row.counts) t.equal(row.sounds, 'try-again', reason);
});

t.test('typed extensions', async (t) => {
  const us = { ...SITE, siteCode: '11' };
  const de = { ...BERLIN, siteCode: '12' };
  const [usAnn, deAnn, bob, cid] = [extensionOf('a', '802', us.id), extensionOf('b', '802', de.id), extensionOf('c', '12802', us.id), extensionOf('d', '900', de.id)];
  for (const [rule, digits, desk, sites, extensions, expected] of [
    ["short: the phone's site", '802', us.id, [us, de], [usAnn, deAnn], usAnn], ['short at the other site', '802', de.id, [us, de], [usAnn, deAnn], deAnn],
    ['site code and extension', '12802', us.id, [us, de], [usAnn, deAnn], deAnn], ['a whole one here comes first', '12802', us.id, [us, de], [deAnn, bob], bob],
    ['short of another site with a code is nobody', '900', us.id, [us, de], [cid], undefined],
    ['without codes the only one', '900', SITE.id, [SITE, BERLIN], [cid], cid],
    ['without codes two are nobody', '802', asId<SiteId>('third'), [SITE, BERLIN], [usAnn, deAnn], undefined], ['nobody', '999', us.id, [us, de], [], undefined],
  ] as const) t.equal(findTypedExtension(digits, desk, sites, extensions), expected, rule);
  t.same(extensionForms(usAnn, us), ['802', '11802']);
  t.same(extensionForms(usAnn, SITE), ['802']);
});

t.test('languages', async (t) => {
  t.equal(deskLanguage({ promptLanguage: 'de' }, { promptLanguage: 'en' }), 'de');
  t.equal(deskLanguage({ promptLanguage: null }, { promptLanguage: 'en' }), 'en');
  for (const [language, expected] of [['fr-FR', 'fr'], ['ES', 'es'], ['', 'de'], ['1', 'de'], ['en_US', 'en']] as const) t.equal(personLanguage({ language }, 'de'), expected, language);
  t.equal(personLanguage(undefined, 'de'), 'de');
});
