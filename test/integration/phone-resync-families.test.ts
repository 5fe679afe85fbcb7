import { createHash } from 'node:crypto';
import t from 'tap';
import { asId, type DeviceId } from '../../src/domain/ids.js';
import { askResync, showResync } from '../../src/usecases/hotdesk/resync-requests.js';
import { valueOf } from '../support/hot-desk-office.js';
import { scriptedPhone } from '../support/scripted-phone.js';
import { isRequest } from '../support/sip-peer.js';
import { notifies, notifyOf, reply, startResyncBed, type DeskPhone } from '../support/resync-bed.js';

type Header = readonly [string, string];

/** Whether credentials prove the password, reckoned by the test's own hand. */
function proves(credentials: string, phone: DeskPhone, uri: string): boolean {
  const field = (name: string): string => new RegExp(`\\b${name}="?([^",]*)`).exec(credentials)?.[1] ?? '';
  const hash = (text: string): string => createHash(field('algorithm') === 'SHA-256' ? 'sha256' : 'md5').update(text).digest('hex');
  const ha1 = hash(`${phone.device.userName}:${field('realm')}:${phone.password}`);
  const expected = hash(`${ha1}:${field('nonce')}:${field('nc')}:${field('cnonce')}:auth:${hash(`NOTIFY:${uri}`)}`);
  return field('response') === expected && field('username') === phone.device.userName && field('uri') === uri && / qop=auth,/.test(credentials);
}

t.test('a person asks: each family on the wire', async (t) => {
  const bed = await startResyncBed(t);
  const { deps, actor, account, notifier } = bed;
  const requests = { ...deps, locations: bed.location };
  const [owner] = await bed.sit(['1001']);
  for (const [type, userAgent, event, answers, end] of [
    ['Yealink', 'Yealink SIP-T54W 96.86.0.70', 'check-sync;reboot=false', [[200]], 'confirmed'],
    ['Poly', 'PolycomVVX-VVX_450-UA/6.4.3.5814', 'check-sync', [[202]], 'confirmed'],
    ['Cisco', 'Cisco-CP-8841-3PCC/11.3.7', 'resync', [[401, ['WWW-Authenticate', 'Digest realm="8841", nonce="n1", algorithm=MD5, qop="auth,auth-int"']], [200]], 'confirmed'],
    ['Grandstream', 'Grandstream GRP2614 1.0.9.23', 'resync', [[407, ['Proxy-Authenticate', 'Digest realm="gs", nonce="n1", algorithm=SHA-256, qop="auth"']], [200]], 'confirmed'],
    ['Snom', 'snomD785/10.1.33.33', 'check-sync;reboot=false', [
      [401, ['WWW-Authenticate', 'Digest realm="snom", nonce="s", algorithm=SHA-256, qop="auth"'], ['WWW-Authenticate', 'Digest realm="snom", nonce="m", qop="auth"']],
      [401, ['WWW-Authenticate', 'Digest realm="snom", nonce="s2", algorithm=SHA-256, qop="auth", stale=true']],
      [200],
    ], 'confirmed'],
    ['Fanvil', 'Fanvil X5U-V2 2.12.16.17 0c383e557eb1', 'check-sync', [[481]], 'failed'],
    ['AudioCodes', 'AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)', 'check-sync', [[489]], 'failed'],
    ['Cisco', 'Cisco-CP-7841-3PCC/12.0.1', 'resync', [[401, ['WWW-Authenticate', 'Digest realm="r", nonce="a", qop="auth"']], [401, ['WWW-Authenticate', 'Digest realm="r", nonce="b", qop="auth"']]], 'failed'],
    ['Cisco', 'Cisco-CP-7821-3PCC/12.0.1', 'resync', [[401, ['WWW-Authenticate', 'Basic realm="r"']]], 'failed'],
  ] as readonly (readonly [string, string, string, readonly (readonly [number, ...Header[]])[], 'confirmed' | 'failed'])[]) {
    await t.test(`${type}: ${answers.map(([status]) => status).join(', ')}`, async (t) => {
      const phone = await bed.arrived(t, { type, userAgent, owner: owner?.extension.id ?? null });
      const neighbour = await bed.arrived(t, { type, userAgent, owner: owner?.extension.id ?? null });
      const { device } = phone;
      t.match(valueOf(await showResync(requests, account.id, device.id)), { event, contacts: 1, resync: null });
      t.match(valueOf(await askResync(requests, actor, device.id)), { resync: { state: 'pending', byPerson: true, fence: 0 } });
      const over = bed.stepTo(device.id, { state: end });
      await notifier.tick();
      let callId: string | undefined;
      for (const [index, [status, ...headers]] of answers.entries()) {
        const notify = await notifyOf(phone, index + 1);
        if (index === 0) {
          t.equal(notify.header('Event'), event);
          t.equal(notify.header('Subscription-State'), 'terminated');
          t.equal(notify.header('Content-Length'), '0');
          t.match(notify.header('Contact'), /^<sip:cordboard@127\.0\.0\.1:\d+>$/);
          t.equal(notify.uri, phone.contact.slice(1, -1), 'to the contact of this phone');
          t.equal(notify.tag('To'), '', 'outside any dialog');
          t.equal(notify.header('Authorization'), undefined);
        } else {
          const before = answers[index - 1]?.[0];
          t.ok(proves(notify.header(before === 407 ? 'Proxy-Authorization' : 'Authorization') ?? '', phone, notify.uri), 'the phone\'s own account');
          t.equal(notify.header('Call-ID'), callId);
        }
        callId = notify.header('Call-ID');
        await reply(phone, notify, status, headers);
      }
      t.match(await over, { attempts: 1, lastStatus: answers.at(-1)?.[0] });
      t.match(valueOf(await showResync(requests, account.id, device.id)), { resync: { state: end } });
      t.equal(notifies(phone), answers.length);
      t.equal(notifies(neighbour), 0, 'and to no other phone of the extension');
      t.match((await bed.deps.stores.audit.page(account.id, 0, bed.clock.now() + 1, { size: 100, after: null })).items.find((entry) => entry.aggregateId === device.id && entry.action === 'resync-device'), { actor: 'client:test' });
    });
  }

  await t.test('one of two contacts is dead: nobody waits for it', async (t) => {
    const userAgent = 'Yealink SIP-T54W 96.86.0.70';
    const phone = await bed.arrived(t, { userAgent, owner: owner?.extension.id ?? null });
    const dead = await scriptedPhone(t, phone.line);
    t.equal((await dead.register({ headers: [['User-Agent', userAgent]] })).status, 200);
    t.match(valueOf(await askResync(requests, actor, phone.device.id)), { contacts: 2 });
    const over = bed.stepTo(phone.device.id, { state: 'confirmed' });
    await notifier.tick();
    await dead.peer.waitFor(isRequest('NOTIFY'), 'NOTIFY to the dead one', 10_000);
    await reply(phone, await notifyOf(phone), 200);
    t.match(await over, { attempts: 1, lastStatus: 200 }, 'long before the other would be given up');
  });

  await t.test('nothing is sent to a phone nothing is known of', async (t) => {
    const phone = await bed.arrived(t, { type: 'Other', model: 'Acme', userAgent: 'Acme 1' });
    t.match(await askResync(requests, actor, phone.device.id), { kind: 'refused', why: 'conflict', problems: [{ field: 'deviceId' }] });
    t.match(await askResync(requests, actor, asId<DeviceId>('nobody')), { kind: 'refused', why: 'not-found' });
  });
});
