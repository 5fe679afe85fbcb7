/** Campaigns of re-syncs on the program itself: phones that answer NOTIFY by SIP and fetch by HTTPS, and a kill in the middle. */
import t from 'tap';
import type { Test } from 'tap';
import { askFile } from '../support/phone-file-office.js';
import { startProduct, type Product } from '../support/product.js';
import { expectApi, readPhone } from '../support/product-phones.js';
import { scriptedPhone, type ScriptedPhone } from '../support/scripted-phone.js';
import { isRequest, type PeerMessage } from '../support/sip-peer.js';

interface Campaign {
  readonly id: string;
  readonly state: string;
  readonly batches_begun: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly phones: readonly { readonly device_id: string; readonly state: string; readonly reason: { readonly code: string } }[];
}

interface DeskPhone extends ScriptedPhone {
  readonly id: string;
  arrive(contact?: string): Promise<void>;
  /** Reads its configuration under the address that it knows. */
  fetch(): Promise<string>;
  /** The next NOTIFY that asks it to read its configuration. */
  told(): Promise<PeerMessage>;
  answer(to: PeerMessage, status: number, headers?: readonly (readonly [string, string])[]): Promise<void>;
}

const MAKES = {
  yealink: { type: 'Yealink', model: 'T54W', userAgent: 'Yealink SIP-T54W 96.86.0.70', file: (mac: string) => `${mac}.cfg`, event: 'check-sync;reboot=false' },
  cisco: { type: 'Cisco', model: '8841', userAgent: 'Cisco-CP-8841-3PCC/11.3.7', file: (mac: string) => `${mac}.xml`, event: 'resync' },
  grandstream: { type: 'Grandstream', model: 'GRP2614', userAgent: 'Grandstream GRP2614 1.0.9.23', file: (mac: string) => `cfg${mac}.xml`, event: 'resync' },
  poly: { type: 'Poly', model: 'VVX 450', userAgent: 'PolycomVVX-VVX_450-UA/6.4.3.5814', file: (mac: string) => `${mac}-cordboard.cfg`, event: 'check-sync' },
} as const;
type Make = keyof typeof MAKES;

let macs = 0;

/** A phone that enrolled and fetched. */
async function deskPhone(t: Test, product: Product, make: Make, assignee?: string): Promise<DeskPhone> {
  const { type, model, userAgent, file } = MAKES[make];
  macs += 1;
  const mac = (0x020000001000 + macs).toString(16).padStart(12, '0');
  const { id } = await expectApi<{ id: string }>(product, 201, 'POST', '/v2/phone/devices', {
    display_name: `Desk ${macs}`, mac_address: mac, type, model, ...(assignee === undefined ? {} : { assignee_extension_ids: [assignee] }),
  });
  const { userName, password, domain } = await readPhone(product, id);
  const scripted = await scriptedPhone(t, { edge: { address: product.sip.host, port: product.sip.port }, userName, password, domain: domain.split(':')[0] ?? '' });
  const { url } = await expectApi<{ url: string }>(product, 200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
  const get = async (folder: string): Promise<string> => {
    const reply = await askFile(`${folder.replace(/^https:\/\/[^:/]+/, 'https://127.0.0.1')}${file(mac)}`, { headers: { 'user-agent': userAgent } });
    if (reply.status !== 200) throw new Error(`${file(mac)}: ${reply.status}`);
    return reply.body;
  };
  const steady = /\/p\/([\w-]{20,})/.exec(await get(url))?.[1] ?? '';
  const phone: DeskPhone = {
    ...scripted, id,
    async arrive(contact) {
      const answer = await scripted.register({ headers: [['User-Agent', userAgent]], ...(contact === undefined ? {} : { contact }) });
      if (answer.status !== 200) throw new Error(answer.raw);
    },
    async fetch() {
      // The port is another after a restart.
      const now = await expectApi<{ url: string }>(product, 200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
      return get(`${new URL(now.url).origin}/p/${steady}/`);
    },
    told: () => scripted.peer.waitFor(isRequest('NOTIFY'), `NOTIFY for ${make}`, 20_000),
    answer: (to, status, headers = []) => scripted.peer.respond(to, status, 'Told', { toTag: 'phone', contact: null, headers }),
  };
  await phone.fetch();
  return phone;
}

t.test('phones are told in batches, and a killed program goes on where it was', async (t) => {
  const product = await startProduct({ env: { HTTPS_PORT: '0', LOG_LEVEL: 'debug' } });
  t.teardown(() => product.close());
  await expectApi(product, 201, 'POST', '/v2/phone/users/batch', { users: [{ email: 'ada@example.com', extension_number: '801' }, { email: 'grace@example.com', extension_number: '802' }] });
  const extension = async (email: string): Promise<string> => (await expectApi<{ extension_id: string }>(product, 200, 'GET', `/v2/phone/users/${email}`)).extension_id;
  const phones = {
    ada: await deskPhone(t, product, 'yealink', await extension('ada@example.com')),
    grace: await deskPhone(t, product, 'cisco', await extension('grace@example.com')),
    grandstream: await deskPhone(t, product, 'grandstream'),
    poly: await deskPhone(t, product, 'poly'),
    refusing: await deskPhone(t, product, 'yealink'),
  };
  const read = (id: string): Promise<Campaign> => expectApi<Campaign>(product, 200, 'GET', `/v2/cordboard/resyncs/${id}?page_size=300`);
  const stateOf = (campaign: Campaign, { id }: DeskPhone): string => {
    const found = campaign.phones.find((phone) => phone.device_id === id);
    return `${found?.state} ${found?.reason.code}`;
  };
  /** The campaign once it is as wanted, looked at each time that the program looks. */
  const until = (id: string, label: string, wanted: (campaign: Campaign) => boolean): Promise<Campaign> => new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(late);
      unfollow();
      settle();
    };
    let last: Campaign | undefined;
    const look = (): void => void read(id).then((campaign) => {
      last = campaign;
      if (wanted(campaign)) end(() => resolve(campaign));
    }, (error: Error) => end(() => reject(error)));
    const late = setTimeout(() => end(() => reject(new Error(`${label}: ${JSON.stringify(last)}\n${product.log.tail()}`))), 40_000);
    const unfollow = product.log.follow(({ event }) => {
      if (event.startsWith('campaign of re-syncs')) look();
    });
    look();
  });
  const begin = (body: object): Promise<Campaign> => expectApi<Campaign>(product, 201, 'POST', '/v2/cordboard/resyncs', body);
  const touch = async (...some: readonly DeskPhone[]): Promise<void> => {
    for (const { id } of some) {
      const { time_format: { value } } = await expectApi<{ time_format: { value: string } }>(product, 200, 'GET', `/v2/cordboard/devices/${id}/desk_phone_settings`);
      await expectApi(product, 200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { time_format: { value: value === '12h' ? '24h' : '12h' } });
    }
  };

  await t.test('each make by its own event; a challenge is answered; taken is not delivered', async (t) => {
    const { ada, grace, grandstream, poly, refusing } = phones;
    await touch(ada, grace, grandstream, poly, refusing);
    // An older contact of the same phone, which answers nothing.
    await ada.arrive(`<sip:${ada.line.userName}@127.0.0.1:9;old=yes>`);
    for (const phone of [ada, grace, grandstream, refusing]) await phone.arrive();
    const { id } = await begin({ scope: { account: true }, batch: { size: 10 } });
    const first = await ada.told();
    t.equal(first.header('Event'), MAKES.yealink.event);
    t.equal(first.uri, ada.contact.slice(1, -1), 'at its newest contact alone');
    await ada.answer(first, 200);
    const asked = await grace.told();
    t.equal(asked.header('Event'), MAKES.cisco.event);
    await grace.answer(asked, 401, [['WWW-Authenticate', 'Digest realm="8841", nonce="n1", algorithm=MD5, qop="auth"']]);
    const proven = await grace.told();
    t.match(proven.header('Authorization'), new RegExp(`username="${grace.line.userName}"`));
    await grace.answer(proven, 200);
    await grandstream.answer(await grandstream.told(), 200);
    await refusing.answer(await refusing.told(), 489);
    const told = await until(id, 'told', (campaign) => campaign.counts['told'] === 3 && campaign.counts['refused'] === 1);
    t.equal(stateOf(told, poly), 'unreachable not-registered');
    t.equal(stateOf(told, ada), 'told not-fetched');
    await Promise.all([ada.fetch(), grace.fetch(), grandstream.fetch()]);
    const delivered = await until(id, 'delivered', (campaign) => campaign.counts['delivered'] === 3);
    t.equal(stateOf(delivered, refusing), 'refused refused-notify');
    await poly.arrive();
    const late = await poly.told();
    t.equal(late.header('Event'), MAKES.poly.event, 'asked as soon as it is there');
    await poly.answer(late, 200);
    await Promise.all([poly.fetch(), refusing.fetch()]);
    t.match(await until(id, 'finished', (campaign) => campaign.state === 'finished'), { counts: { phones: 5, delivered: 5 } });
    t.equal(ada.peer.count(isRequest('NOTIFY')), 1);
  });

  await t.test('a phone in a call is asked after it', async (t) => {
    const { ada, grace } = phones;
    await touch(ada);
    const call = await ada.dial('802');
    const ringing = await grace.called();
    await ringing.answer();
    await call.ack(await call.response(200));
    const preview = await expectApi<{ phones: readonly { in_call: boolean }[] }>(product, 200, 'POST', '/v2/cordboard/resyncs/preview', { scope: { device_ids: [ada.id] } });
    t.match(preview.phones, [{ in_call: true, registered: true, change: 'changed', restart: { expected: 'no' } }]);
    const { id } = await begin({ scope: { device_ids: [ada.id] } });
    await until(id, 'in a call', (campaign) => stateOf(campaign, ada) === 'asked in-call');
    t.equal(ada.peer.count(isRequest('NOTIFY')), 1, 'not yet');
    const over = ringing.hungUp();
    await call.hangUp();
    await over;
    await ada.answer(await ada.told(), 200);
    await ada.fetch();
    await until(id, 'finished', (campaign) => campaign.state === 'finished' && campaign.counts['delivered'] === 1);
  });

  await t.test('killed between two batches', async (t) => {
    const all = [phones.ada, phones.grandstream];
    await touch(...all);
    const { id } = await begin({ scope: { device_ids: all.map((phone) => phone.id) }, batch: { size: 1 }, pause_seconds: 5 });
    const started = await read(id);
    const order = started.phones.map(({ device_id: deviceId }) => all.find((phone) => phone.id === deviceId));
    const [one, two] = order;
    if (one === undefined || two === undefined) throw new Error('two phones');
    t.equal(stateOf(started, two), 'waiting batch-not-begun');
    await one.answer(await one.told(), 200);
    await product.kill9();
    await product.startAgain();
    t.match(await read(id), { state: 'running', counts: { phones: 2 } });
    await Promise.all(all.map((phone) => phone.arrive()));
    await one.fetch();
    await two.answer(await two.told(), 200);
    await two.fetch();
    t.match(await until(id, 'finished', (campaign) => campaign.state === 'finished'), { batches_begun: 2, counts: { phones: 2, delivered: 2 } });
  });
  t.same(product.log.faults().map(({ raw }) => raw), []);
});
