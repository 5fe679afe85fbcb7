import t from 'tap';
import { judgeAssertion, type AssertionExpectations, type BearerConfirmation, type SamlAssertion } from '../../../../src/domain/saml/judge-assertion.js';

const NOW = 1_800_000_000_000;
const expected: AssertionExpectations = {
  issuer: 'https://idp.example', entityId: 'https://pbx.example/saml/a/metadata', acsUrl: 'https://pbx.example/saml/a/acs', now: NOW, skewMs: 60_000,
  emailAttribute: '', idpInitiated: false,
};
const confirmation: BearerConfirmation = { recipient: expected.acsUrl, inResponseTo: '_q', notBefore: null, notOnOrAfter: NOW + 300_000 };
const assertion: SamlAssertion = {
  id: '_a', issuer: expected.issuer, nameId: 'Ada@Example.com', audiences: [[expected.entityId]], notBefore: NOW - 60_000, notOnOrAfter: NOW + 300_000,
  confirmations: [confirmation], attributes: new Map([['mail', ['ada@example.org']], ['none', []]]),
};

t.test('an assertion that is ours', async (t) => {
  t.same(judgeAssertion(assertion, expected), { kind: 'good', email: 'ada@example.com', requestId: '_q', until: NOW + 360_000 });
  t.same(judgeAssertion(assertion, { ...expected, emailAttribute: 'mail' }), { kind: 'good', email: 'ada@example.org', requestId: '_q', until: NOW + 360_000 });
});

const with1 = (changes: Partial<BearerConfirmation>): Partial<SamlAssertion> => ({ confirmations: [{ ...confirmation, ...changes }] });
const rows: readonly (readonly [string, Partial<SamlAssertion>, Partial<AssertionExpectations>, string])[] = [
  ['another issuer', { issuer: 'https://evil.example' }, {}, 'wrong-issuer'],
  ['no audience', { audiences: [] }, {}, 'wrong-audience'],
  ['another audience', { audiences: [['https://other.example']] }, {}, 'wrong-audience'],
  ['one of several audiences', { audiences: [['https://other.example', expected.entityId]] }, {}, 'good'],
  ['two restrictions of which one is for others', { audiences: [[expected.entityId], ['https://other.example']] }, {}, 'wrong-audience'],
  ['no bearer confirmation', { confirmations: [] }, {}, 'wrong-recipient'],
  ['another recipient', with1({ recipient: 'https://other.example/acs' }), {}, 'wrong-recipient'],
  ['no recipient', with1({ recipient: null }), {}, 'wrong-recipient'],
  ['conditions of the future', { notBefore: NOW + 60_001 }, {}, 'not-yet'],
  ['conditions that begin within the skew', { notBefore: NOW + 60_000 }, {}, 'good'],
  ['conditions that ended within the skew', { notOnOrAfter: NOW - 59_999 }, {}, 'good'],
  ['conditions that ended', { notOnOrAfter: NOW - 60_000 }, {}, 'expired'],
  ['a confirmation that ended', with1({ notOnOrAfter: NOW - 60_000 }), {}, 'expired'],
  ['a confirmation without end', with1({ notOnOrAfter: null }), {}, 'expired'],
  ['a confirmation of the future', with1({ notBefore: NOW + 60_001 }), {}, 'not-yet'],
  ['a second confirmation that holds', { confirmations: [{ ...confirmation, recipient: null }, confirmation] }, {}, 'good'],
  ['nobody asked', with1({ inResponseTo: null }), {}, 'not-asked-for'],
  ['nobody asked, which is allowed', with1({ inResponseTo: null }), { idpInitiated: true }, 'good'],
  ['no e-mail address as name', { nameId: 'ada' }, {}, 'no-address'],
  ['an address with a line break', { nameId: 'ada@example.com\nx' }, {}, 'no-address'],
  ['no such attribute', {}, { emailAttribute: 'email' }, 'no-address'],
  ['an attribute without a value', {}, { emailAttribute: 'none' }, 'no-address'],
];
for (const [name, changes, expectations, outcome] of rows) {
  t.test(name, async (t) => {
    const judged = judgeAssertion({ ...assertion, ...changes }, { ...expected, ...expectations });
    t.equal(judged.kind === 'good' ? 'good' : judged.why, outcome);
  });
}
