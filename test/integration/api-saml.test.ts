import t from 'tap';
import { inflateRawSync } from 'node:zlib';
import { startApiOffice } from '../support/api-office.js';
import { createFakeIdp, type ResponseWish } from '../support/fake-idp.js';

const PATH = '/v2/cordboard/saml';
/** The example of RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

t.test('sign-in by an identity provider', async (t) => {
  const office = await startApiOffice(t);
  const { expect, call, account } = office;
  const base = `/saml/${account.id}`;
  const ours = { entity: `https://pbx.example.com${base}/metadata`, acs: `https://pbx.example.com${base}/acs` };
  const idp = await createFakeIdp({ audience: ours.entity, recipient: ours.acs });
  const reader = { token: await office.tokenFor('Phone Read Only') };
  const settings = { base_url: 'https://pbx.example.com', idp_metadata: idp.metadata(), redirect_uris: ['https://app.example/back?x=1'] };
  await expect(201, 'POST', '/v2/users', { action: 'create', user_info: { email: 'ada@example.com', type: 1, first_name: 'Ada' } });

  const anonymous = { token: null };
  const form = (fields: Readonly<Record<string, string>>) => ({ ...anonymous, raw: new URLSearchParams(fields).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  /** Begins, and gives the id of the AuthnRequest that a browser is sent away with. */
  const begin = async (query = ''): Promise<string> => {
    const reply = await expect(303, 'GET', `${base}/login${query}`, undefined, anonymous);
    const url = new URL(reply.headers.get('location') ?? '');
    t.equal(`${url.origin}${url.pathname}`, idp.ssoUrl);
    return / ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString())?.[1] ?? '';
  };
  const post = (wish: ResponseWish) => call('POST', `${base}/acs`, undefined, form({ SAMLResponse: idp.response({ email: 'ada@example.com', at: office.clock.now(), ...wish }) }));
  const reasonOf = (reply: { readonly text: string }): string => /the reason is <code>([^<]+)/.exec(reply.text)?.[1] ?? reply.text;

  const redeem = (fields: Readonly<Record<string, string>>) => call('POST', '/oauth/token', undefined, form({ grant_type: 'authorization_code', ...fields }));

  await t.test('before it is set up', async () => {
    await expect(404, 'GET', PATH);
    await expect(404, 'GET', `${base}/login`, undefined, anonymous);
    await expect(404, 'GET', `${base}/metadata`, undefined, anonymous);
    t.match(await post({ inResponseTo: '_x' }), { status: 404 });
    t.match((await expect(200, 'PUT', PATH, { active: false, base_url: 'https://pbx.example.com/' })).json, { entity_id: ours.entity, acs_url: ours.acs });
    t.match((await expect(200, 'GET', `${base}/metadata`, undefined, anonymous)).text, new RegExp(`Location="${ours.acs}"`));
    await expect(404, 'GET', `${base}/login`, undefined, anonymous);
  });

  await t.test('settings that are none are refused by their field', async (t) => {
    const rows: readonly (readonly [object, string])[] = [
      [{ idp_metadata: undefined }, 'idp_metadata'], [{ idp_metadata: '<a/>' }, 'idp_metadata'], [{ base_url: 'http://pbx.example.com' }, 'base_url'], [{ base_url: 'https://pbx.example.com/path' }, 'base_url'],
      [{ redirect_uris: ['http://app.example/'] }, 'redirect_uris[0]'], [{ redirect_uris: ['https://app.example/#x'] }, 'redirect_uris[0]'],
      [{ idp_metadata: undefined, idp_entity_id: 'x', idp_sso_url: 'http://idp.example', idp_certificates: [idp.certificate] }, 'idp_sso_url'],
      [{ idp_metadata: undefined, idp_entity_id: 'x', idp_sso_url: 'https://idp.example', idp_certificates: ['AAAA'] }, 'idp_certificates[0]'],
      [{ rules: [{ attribute: 'a', grants: 'money' }] }, 'rules[0].grants'], [{ clock_skew_seconds: 301 }, 'clock_skew_seconds'],
    ];
    for (const [changes, field] of rows) t.match((await expect(400, 'PUT', PATH, { ...settings, ...changes })).json.errors, [{ field }], field);
    await expect(403, 'PUT', PATH, settings, reader);
  });

  await t.test('a person signs in, and gets a code once', async (t) => {
    t.match((await expect(200, 'PUT', PATH, settings)).json, { idp_entity_id: idp.entityId, idp_sso_url: idp.ssoUrl, idp_certificates: [idp.certificate], signed: 'assertion' });
    t.match((await expect(200, 'GET', PATH, undefined, reader)).json, { acs_url: ours.acs });
    const page = await post({ inResponseTo: await begin() });
    t.equal(page.status, 200);
    t.match(page.text, /You are signed in as <b>Ada<\/b> \(ada@example\.com\)/);
    t.equal(page.headers.get('cache-control'), 'no-store');
    t.notMatch(page.text, /<script/);
    const code = /<code>([\w-]{40})<\/code>/.exec(page.text)?.[1] ?? '';
    const tokens = (await redeem({ code })).json;
    t.match(tokens, { token_type: 'bearer', expires_in: 900, refresh_token: /./ });
    t.match((await expect(200, 'GET', '/v2/cordboard/me', undefined, { token: tokens.access_token })).json, { email: 'ada@example.com' });
    t.equal((await redeem({ code })).status, 400, 'once');
    const late = /<code>([\w-]{40})<\/code>/.exec((await post({ inResponseTo: await begin() })).text)?.[1] ?? '';
    office.clock.advance(60_000);
    t.equal((await redeem({ code: late })).status, 400, 'a minute later');
  });

  await t.test('a program gets its browser back', async (t) => {
    const query = `?redirect_uri=${encodeURIComponent('https://app.example/back?x=1')}&state=a%26b&code_challenge=${CHALLENGE}`;
    const comeBack = async (): Promise<URL> => {
      const reply = await post({ inResponseTo: await begin(query) });
      t.equal(reply.status, 303);
      return new URL(reply.headers.get('location') ?? '');
    };
    const back = await comeBack();
    t.equal(`${back.origin}${back.pathname}`, 'https://app.example/back');
    t.equal(back.searchParams.get('x'), '1');
    t.equal(back.searchParams.get('state'), 'a&b');
    const fields = { code_verifier: VERIFIER, redirect_uri: 'https://app.example/back?x=1' };
    t.match(await redeem({ ...fields, code: back.searchParams.get('code') ?? '' }), { status: 200, json: { access_token: /./ } });
    for (const wrong of [{ code_verifier: '' }, { code_verifier: `${VERIFIER}x` }, { redirect_uri: '' }, { redirect_uri: 'https://app.example/back' }]) {
      const code = (await comeBack()).searchParams.get('code') ?? '';
      t.equal((await redeem({ ...fields, code, ...wrong })).status, 400, JSON.stringify(wrong));
      t.equal((await redeem({ ...fields, code })).status, 400, 'and it is used up');
    }
    const rows: readonly (readonly [string, number])[] = [
      [`?redirect_uri=${encodeURIComponent('https://evil.example/')}&code_challenge=${CHALLENGE}`, 400], [`?redirect_uri=${encodeURIComponent('https://app.example/back?x=1')}`, 400],
      [`?redirect_uri=${encodeURIComponent('https://app.example/back?x=1')}&code_challenge=short`, 400],
    ];
    for (const [wrong, status] of rows) await expect(status, 'GET', `${base}/login${wrong}`, undefined, anonymous);
  });

  await t.test('responses that sign nobody in', async (t) => {
    const used = idp.response({ email: 'ada@example.com', inResponseTo: await begin(), at: office.clock.now() });
    t.equal((await call('POST', `${base}/acs`, undefined, form({ SAMLResponse: used }))).status, 200);
    t.equal(reasonOf(await call('POST', `${base}/acs`, undefined, form({ SAMLResponse: used }))), 'not-asked-for', 'replayed');
    const rows: readonly (readonly [string, ResponseWish, string])[] = [
      ['an answer to nothing that was asked', { inResponseTo: '_made-up' }, 'not-asked-for'],
      ['an answer to nothing', { inResponseTo: null }, 'not-asked-for'],
      ['for another audience', { inResponseTo: await begin(), audience: 'https://other.example' }, 'wrong-audience'],
      ['for another recipient', { inResponseTo: await begin(), recipient: 'https://other.example/acs' }, 'wrong-recipient'],
      ['by another issuer', { inResponseTo: await begin(), issuer: 'https://other.example' }, 'wrong-issuer'],
      ['expired', { inResponseTo: await begin(), at: office.clock.now() - 3_600_000 }, 'expired'],
      ['of the future', { inResponseTo: await begin(), at: office.clock.now() + 3_600_000 }, 'not-yet'],
      ['a comment in NameID', { inResponseTo: await begin(), nameIdXml: 'ada@example.com<!-- -->.evil.example' }, 'forbidden-xml'],
      ['not signed', { inResponseTo: await begin(), sign: 'nothing' }, 'signature'],
      ['of somebody unknown', { inResponseTo: await begin(), email: 'eve@example.com' }, 'unknown-person'],
    ];
    for (const [name, wish, why] of rows) {
      const reply = await post(wish);
      t.equal(reply.status, 403, name);
      t.equal(reasonOf(reply), why, name);
    }
    const late = await begin();
    office.clock.advance(15 * 60_000);
    t.equal(reasonOf(await post({ inResponseTo: late })), 'not-asked-for', 'fifteen minutes later');
    t.match(await call('POST', `${base}/acs`, undefined, form({ SAMLResponse: '<x>' })), { status: 403 });
    t.match(await call('POST', `${base}/acs`, undefined, form({})), { status: 400 });
  });

  await t.test('a response without a request counts once where that is allowed', async (t) => {
    await expect(200, 'PUT', PATH, { ...settings, idp_initiated: true });
    t.equal((await post({ inResponseTo: null, id: '_mine' })).status, 200);
    t.equal(reasonOf(await post({ inResponseTo: null, id: '_mine' })), 'used-before');
  });

  await t.test('somebody new is made a user where that is wanted, with the profile that comes along', async (t) => {
    const rules = [
      { attribute: 'givenName', grants: 'first_name' }, { attribute: 'sn', grants: 'last_name' }, { attribute: 'team', value: 'SALES', grants: 'department', assign: 'Sales' },
    ];
    await expect(200, 'PUT', PATH, { ...settings, provisioning: true, rules });
    const attributes = { givenName: ['Grace'], sn: ['Hopper '], team: ['sales'] };
    const response = idp.response({ email: 'grace@example.com', attributes, inResponseTo: await begin(), at: office.clock.now() });
    t.match((await expect(200, 'POST', `${PATH}/test`, { saml_response: response })).json, {
      accepted: true, email: 'grace@example.com', known: false, mapped: [{ grants: 'first_name', values: ['Grace'] }, { grants: 'last_name' }, { grants: 'department', values: ['Sales'] }],
    });
    t.match((await expect(200, 'POST', `${PATH}/test`, { saml_response: 'AAAA' })).json, { accepted: false });
    t.equal((await call('POST', `${base}/acs`, undefined, form({ SAMLResponse: response }))).status, 200, 'a trial uses nothing up');
    t.match((await expect(200, 'GET', '/v2/users/grace@example.com')).json, { first_name: 'Grace', last_name: 'Hopper', dept: 'Sales' });
    const audit = (await expect(200, 'GET', '/v2/cordboard/audit_log?page_size=5')).json.entries;
    t.match(audit, [{ actor: 'saml', action: 'add-user' }]);
  });

  await t.test('what they may have of telephony is given at each sign-in, and what cannot be waits', async (t) => {
    const rules = [
      { attribute: 'groups', value: 'staff', grants: 'extension_number', assign: '0' }, { attribute: 'groups', value: 'staff', grants: 'calling_plan', assign: '200' },
      { attribute: 'tel', grants: 'phone_number' }, { attribute: 'groups', value: 'admins', grants: 'role', assign: 'Phone Site Admin' },
    ];
    await expect(200, 'PUT', PATH, { ...settings, rules });
    const attributes = { groups: ['Staff', 'Admins'], tel: ['+1 415 555 0147'] };
    t.equal((await post({ email: 'grace@example.com', attributes, inResponseTo: await begin() })).status, 200, 'nothing stops the sign-in');
    const grace = (await expect(200, 'GET', '/v2/phone/users/grace@example.com')).json;
    t.match(grace, { extension_number: Number, calling_plans: [{ type: 200 }] });
    const waiting = async () => (await office.deps.stores.entitlementWishes.of(grace.id, ['open', 'pending'])).map(({ source, wish, state, reason }) => [source, wish.kind, state, reason.split('.')[0]]);
    const kept = [
      ['saml', 'number', 'open', 'The account has no such number'], ['saml', 'role', 'open', 'Identity providers may not grant Phone Site Admin'],
    ];
    t.same(await waiting(), kept);
    t.equal((await post({ email: 'grace@example.com', attributes, inResponseTo: await begin() })).status, 200);
    t.equal((await expect(200, 'GET', '/v2/phone/users/grace@example.com')).json.extension_number, grace.extension_number, 'the next free one is what she has');
    t.same(await waiting(), kept, 'nothing is asked twice');
  });

  await t.test('a person who was switched off', async (t) => {
    await expect(200, 'PUT', '/v2/users/grace@example.com/status', { action: 'deactivate' });
    t.equal(reasonOf(await post({ inResponseTo: await begin(), email: 'grace@example.com' })), 'no-sign-in');
  });

  await t.test('requests are counted by their address', async (t) => {
    const counted: string[] = [];
    office.limitRates({
      take: async (kind, caller) => {
        counted.push(`${kind} ${caller}`);
        return { allowed: false, limit: 1, remaining: 0, resetMs: 1000 };
      },
    });
    t.equal((await call('GET', `${base}/login`, undefined, anonymous)).status, 429);
    t.equal((await post({ inResponseTo: '_any' })).status, 429);
    t.equal((await redeem({ code: 'x' })).status, 429);
    t.same(counted.map((one) => one.replace('::ffff:', '')), ['heavy 127.0.0.1', 'heavy 127.0.0.1', 'token 127.0.0.1']);
    office.limitRates({ take: async () => null });
  });

  await t.test('taken away', async () => {
    await expect(403, 'DELETE', PATH, undefined, reader);
    await expect(204, 'DELETE', PATH);
    await expect(404, 'GET', `${base}/login`, undefined, anonymous);
  });
});
