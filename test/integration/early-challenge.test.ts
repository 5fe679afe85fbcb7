import t from 'tap';
import { preparedChallenge } from '../../src/wiring/early-challenge.js';
import type { DigestAlgorithm } from '../../src/domain/identity/account.js';
import type { PreparedChallenge } from '../../sip/edge/dialog/early-challenge.js';
import type { RegisterOptions } from '../support/scripted-phone.js';
import { startOffice } from '../support/sip-office.js';

/** The key of the office's nonces. */
const KEY = Buffer.from('key');

/** A response without what is drawn anew for each. */
const steady = (raw: string): string => raw
  .replace(/nonce="[^"]+"/g, 'nonce=""').replace(/branch=[^;\r]+/g, 'branch=').replace(/;tag=[^\r]+/g, ';tag=')
  .replace(/Call-ID: .*/, 'Call-ID:').replace(/CSeq: \d+/, 'CSeq:');

for (const digestAlgorithms of [['MD5'], ['SHA-256', 'MD5']] satisfies DigestAlgorithm[][]) {
  t.test(`the edge's own challenge is the application's, byte for byte: ${digestAlgorithms.join(', ')}`, async (t) => {
    const office = await startOffice(t, { policy: { digestAlgorithms } });
    const phone = await office.phone(office.device(office.person('101', 'Ann').id));
    const byApplication = await phone.registerOnce({});
    office.edge.prepareChallenge(preparedChallenge(office.directory, KEY));
    const byEdge = await phone.registerOnce({});
    t.equal(byEdge.status, 401);
    t.equal(steady(byEdge.raw), steady(byApplication.raw));
    const [, made = '', random = '', mac = ''] = /nonce="([^".]+)\.([^".]+)\.([^".]+)"/.exec(byEdge.raw) ?? [];
    t.ok(Math.abs(Number.parseInt(made, 36) - Date.now()) < 60_000, 'the nonce tells when it was made');
    t.ok(random.length >= 8 && mac.length === 22, 'and has randomness and a keyed hash');
  });
}

t.test('the application takes the nonce the edge made, and counts its uses', async (t) => {
  const office = await startOffice(t);
  const phone = await office.phone(office.device(office.person('101', 'Ann').id));
  office.edge.prepareChallenge(preparedChallenge(office.directory, KEY));
  t.equal((await phone.register()).status, 200);
});

t.test('left to the application', async (t) => {
  const office = await startOffice(t);
  const ann = office.device(office.person('101', 'Ann').id);
  const phone = await office.phone(ann);
  const { userName } = ann;
  const domain = office.account.sipDomain;
  const prepared: PreparedChallenge = { lines: [{ before: 'Edge nonce="', after: '"' }], nonceKey: KEY, except: new Set() };
  const rows: Readonly<Record<string, { readonly register?: RegisterOptions; readonly prepared?: PreparedChallenge | null; readonly byEdge: boolean }>> = {
    'a plain REGISTER is not': { byEdge: true },
    'nothing prepared': { prepared: null, byEdge: false },
    'a device with algorithms of its own': { prepared: { ...prepared, except: new Set([userName]) }, byEdge: false },
    'RFC 3261 §10.3 step 2: a Require, which may have to be refused first': { register: { headers: [['Require', 'gruu']] }, byEdge: false },
    'credentials': { register: { headers: [['Authorization', 'Digest username="x", realm="elsewhere", nonce="n", uri="sip:x", response="r"']] }, byEdge: false },
    'a display name in quotes': { register: { to: `"Ann" <sip:${userName}@${domain}>` }, byEdge: false },
    'an escaped user': { register: { to: `<sip:%61${userName}@${domain}>` }, byEdge: false },
    'a To of another scheme': { register: { to: '<tel:+12025550100>' }, byEdge: false },
  };
  for (const [rule, row] of Object.entries(rows)) {
    office.edge.prepareChallenge(row.prepared === undefined ? prepared : row.prepared);
    const answer = await phone.registerOnce(row.register ?? {});
    t.equal(/WWW-Authenticate: Edge/.test(answer.raw), row.byEdge, rule);
  }
});

t.test('what is prepared follows the directory', async (t) => {
  const office = await startOffice(t);
  t.same([...preparedChallenge(office.directory, KEY)?.except ?? []], []);
  const own = office.device(null, { digestAlgorithms: ['SHA-256'] });
  t.same([...preparedChallenge(office.directory, KEY)?.except ?? []], [own.userName]);
  office.directory.removeDevice(own.id);
  t.same([...preparedChallenge(office.directory, KEY)?.except ?? []], []);
});

t.test('several accounts: nothing is prepared, since the realm depends on the request', async (t) => {
  const office = await startOffice(t);
  const { anAccount } = await import('../support/sample-account.js');
  office.directory.putAccount(anAccount({ sipDomain: 'second.example' }));
  t.equal(preparedChallenge(office.directory, KEY), null);
});
