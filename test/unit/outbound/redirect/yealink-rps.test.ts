import t from 'tap';
import { createYealinkRps, textToSign } from '../../../../src/outbound/redirect/yealink-rps.js';
import { startFakeRps } from '../../../support/fake-rps.js';

t.test('the text that is signed', async (t) => {
  const headers = new Map([['X-Ca-Timestamp', '3'], ['Content-MD5', 'm'], ['X-Ca-Nonce', '2'], ['X-Ca-Key', '1']]);
  t.equal(textToSign('POST', headers, '/api/open/v1/device/add'), 'POST\nContent-MD5:m\nX-Ca-Key:1\nX-Ca-Nonce:2\nX-Ca-Timestamp:3\napi/open/v1/device/add');
});

t.test('answers of the service', async (t) => {
  const rps = await startFakeRps(t);
  const access = { accessKeyId: rps.key, accessKeySecret: rps.secret };
  const service = createYealinkRps({ now: () => Date.now(), origin: rps.origin, ca: rps.ca, wholeMs: 3000 });
  const phone = { macAddress: '805ec0000001', url: 'https://pbx.example.com/p/one/' };
  t.same(await service.add(access, phone), { kind: 'done' });
  t.same(await service.status(access, phone.macAddress), { kind: 'listed', url: phone.url });
  t.same(await service.add(access, { ...phone, url: 'https://pbx.example.com/p/two/' }), { kind: 'done' });
  t.equal(rps.phones.get(phone.macAddress)?.url, 'https://pbx.example.com/p/two/');
  t.same(await service.remove(access, [phone.macAddress]), { kind: 'done' });
  t.same(await service.remove(access, [phone.macAddress]), { kind: 'done' }, 'what it does not know is forgotten');
  t.same(await service.status(access, phone.macAddress), { kind: 'absent' });
  rps.phones.set(phone.macAddress, { id: 'x', owner: 'another', url: '' });
  t.match(await service.add(access, phone), { kind: 'refused', reason: 'owned-elsewhere' });
  t.match(await service.add({ ...access, accessKeySecret: 'wrong' }, phone), { kind: 'refused', reason: 'credentials' });
  t.match(await service.add({ ...access, accessKeyId: 'nobody' }, phone), { kind: 'refused', reason: 'credentials' });
  for (const status of [500, 503]) {
    rps.fail(status);
    t.same(await service.add(access, phone), { kind: 'unanswered', detail: `HTTP ${status}` }, String(status));
  }
  rps.fail(401);
  t.match(await service.status(access, phone.macAddress), { kind: 'refused', reason: 'credentials', detail: 'HTTP 401' });
  rps.fail(null);
  t.match(await createYealinkRps({ now: () => 0, origin: rps.origin }).add(access, phone), { kind: 'unanswered', detail: /SELF_SIGNED|certificate/i }, 'a certificate that nobody trusts');
  t.match(await createYealinkRps({ now: () => 0, origin: 'https://127.0.0.1:1' }).remove(access, ['x']), { kind: 'unanswered', detail: /ECONNREFUSED/ });
});
