/** A fleet of fake phones, one of each family, and the running product: from the box to a guest who has left. */
import t from 'tap';
import { FLEET, type FleetFamily } from '../support/fleet-families.js';
import { fleetPhone, type FleetPhone } from '../support/fleet-phone.js';
import { askFile } from '../support/phone-file-office.js';
import { readPhoneFile } from '../support/phone-file-reader.js';
import { expectApi } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';

const product = await startProduct({ env: { HTTPS_PORT: '0', SIP_TLS_PORT: '0' } });
t.teardown(() => product.close());
const get = <T>(path: string): Promise<T> => expectApi<T>(product, 200, 'GET', path);
const local = (url: string): string => url.replace(/^https:\/\/[^:/]+/, 'https://127.0.0.1');

interface Person {
  readonly id: string;
  readonly extension_id: string;
  readonly extension: string;
}

const person = async (extension: string, first: string, last: string): Promise<Person> => {
  const email = `p${extension}@example.com`;
  await expectApi(product, 201, 'POST', '/v2/phone/users/batch', { users: [{ email, first_name: first, last_name: last, calling_plans: [], extension_number: extension }] });
  return { ...await get<{ id: string; extension_id: string }>(`/v2/phone/users/${email}`), extension };
};
const pinOf = async ({ id }: Person): Promise<string> => (await expectApi<{ pin_code: string }>(product, 200, 'POST', `/v2/cordboard/users/${id}/reset_pin_code`)).pin_code;

interface DeskStatus {
  readonly provisioning_status: string;
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}
const standing = (id: string): Promise<DeskStatus> => get<DeskStatus>(`/v2/cordboard/devices/${id}/provisioning`);

interface Resync {
  readonly state: string;
  readonly updated_at: string;
}
const resyncOf = (id: string): Promise<Resync> => get<Resync>(`/v2/cordboard/devices/${id}/resync`);
/** Resolves when the re-sync that follows `before` has come to its end: asks again and again, since nobody tells. */
const settled = async (id: string, before: Resync): Promise<void> => {
  for (const end = Date.now() + 20_000; ;) {
    const now = await resyncOf(id);
    if (now.updated_at !== before.updated_at && now.state !== 'pending' && now.state !== 'sent') return;
    if (Date.now() > end) throw new Error(`the re-sync is still ${now.state}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

let macs = 0x010200;
/** A device of the family, whose phone stands unpacked beside it. */
const unpacked = async (t: Parameters<typeof fleetPhone>[0], family: FleetFamily, assignee: string | null) => {
  macs += 1;
  const mac = `${family.mac.slice(0, 6)}${macs.toString(16).padStart(6, '0')}`;
  const { id } = await expectApi<{ id: string }>(product, 201, 'POST', '/v2/phone/devices', {
    display_name: `${family.type} ${macs}`, mac_address: mac, type: family.type, model: family.model, assignee_extension_ids: assignee === null ? [] : [assignee],
  });
  const { url } = await expectApi<{ url: string }>(product, 200, 'POST', `/v2/cordboard/devices/${id}/provisioning/enrol`, {});
  return { id, mac, url, phone: fleetPhone(t, family, mac, local) };
};
/** Names of all settings of the configuration, without values. */
const settingNames = (phone: FleetPhone): readonly string[] =>
  readPhoneFile(phone.family.grammar, phone.files.get(phone.family.configuration) ?? '').map(([name]) => name);
const everything = (phone: FleetPhone): string => [...phone.files.values()].join('\n');
const fromUser = (header = ''): string => /sip:([^@>]+)@/.exec(header)?.[1] ?? '';

// Each phone's story is its own, with people of its own.
t.jobs = FLEET.length;
for (const [place, family] of FLEET.entries()) {
  t.test(`${family.type} ${family.model}`, { buffered: true }, async (t) => {
    const owner = await person(String(1100 + place), 'Olga', `Nr${place}`);
    const guest = await person(String(1700 + place), 'Gwendolyn', `Uest${place}`);
    const pin = await pinOf(guest);
    const colleague = await person(String(1900 + place), 'Colin', `League${place}`);
    const desk = await unpacked(t, family, colleague.extension_id);
    await desk.phone.boot(desk.url);
    await desk.phone.register();
    const { id, mac, url, phone } = await unpacked(t, family, owner.extension_id);
    await expectApi(product, 204, 'PATCH', `/v2/phone/users/${owner.id}/settings/desk_phone`, { desk_phone: { devices: [{ id, policy: { hot_desking: { status: 'on' } } }] } });

    await t.test('enrols in its window, and is at home under its own address from then on', async (t) => {
      t.same(await phone.boot(url), [], 'every file by its name, in its order');
      t.not(phone.settings.folder, url);
      t.same(await phone.boot(phone.settings.folder), []);
      const usual = everything(phone);
      t.same(await phone.boot(phone.settings.folder, 'backwards'), [], 'in any order');
      t.equal(everything(phone), usual);
      for (const spelt of [mac.toUpperCase(), mac.replace(/(..)(?=.)/g, '$1:'), mac.toUpperCase().replace(/(..)(?=.)/g, '$1-'), mac.replace(/(....)(?=.)/g, '$1.')]) {
        const asked = family.configuration.replace(/\{mac\}/i, spelt);
        t.match(await phone.fetch(asked), { status: 200, body: phone.files.get(family.configuration) }, asked);
      }
      t.equal((await askFile(local(`${url}${family.configuration.replace('{mac}', mac).replace('{MAC}', mac.toUpperCase())}`))).status, 404, 'the window is closed behind it');
      for (const name of ['nobody-knows-this.bin', `cfg${mac}.exe`, '../../etc/passwd', `${family.configuration.replace(/\{mac\}/i, 'ffffffffffff')}`.replace('phone.ini', 'phone.txt')]) {
        t.match(await askFile(local(`${phone.settings.folder}${encodeURIComponent(name)}`)), { status: 404, body: 'Not found\n' }, name);
      }
      await phone.look();
    });

    await t.test('registers by what it was given, over what it was told', async (t) => {
      t.match(phone.settings, { label: `Olga Nr${place} (${owner.extension})`, transport: family.transport, host: '127.0.0.1', guestKey: '*91', signOutKey: family.live ? '' : '*92' });
      t.equal(phone.settings.certificate !== '', family.transport === 'tls' || ['AudioCodes'].includes(family.type), 'our certificate where the family takes one');
      t.match(await phone.register(), { status: 200 });
      const { provisioning_status: status, reasons } = await standing(id);
      t.equal(status, family.type === 'Softphone' ? 'manual' : 'current');
      t.same(reasons.map(({ code }) => code), family.transport === 'tls' ? [] : ['sip-transport'], 'and why it does not speak TLS');
    });

    await t.test('goes the way that is set for it, and back', async (t) => {
      for (const [wish, transport] of [['tcp', 'tcp'], ['udp', 'udp'], ['auto', family.transport]] as const) {
        await expectApi(product, 200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { sip_transport: { value: wish } });
        if (family.notify !== null) t.equal((await standing(id)).provisioning_status, 'pending');
        await phone.look();
        t.equal(phone.settings.transport, transport, wish);
        t.match(await phone.register(), { status: 200 });
      }
      await expectApi(product, 200, 'PATCH', `/v2/cordboard/devices/${id}/desk_phone_settings`, { sip_transport: { inherit: true } });
      await phone.look();
    });

    const before = everything(phone);
    await t.test('a guest signs in with real digits', async (t) => {
      const [toldBefore, resync] = [phone.told(), await resyncOf(id)];
      await phone.code('*91', `${guest.extension}#${pin}#`);
      if (family.live) t.equal(await phone.obey(), family.notify?.reload, 'and the phone is told');
      else {
        if (family.notify !== null) t.equal((await standing(id)).provisioning_status, 'pending', 'and the next look will show it');
        await settled(id, resync);
        await phone.look();
        t.equal(phone.told(), toldBefore, 'a phone that would restart for a label is left alone');
      }
      t.match(phone.settings, { label: new RegExp(`^Gwendolyn.* \\(${guest.extension}\\)$`), signOutKey: '*92', guestKey: family.live ? '' : '*91' });
      if (family.notify !== null) t.equal((await standing(id)).provisioning_status, 'current');
    });

    await t.test('calls are the guest\'s', async (t) => {
      const call = await phone.dial(colleague.extension);
      const there = await desk.phone.sip().called();
      t.equal(fromUser(there.invite.header('From')), guest.extension);
      t.match(there.invite.header('From'), /Gwendolyn/);
      await there.ring();
      await there.answer();
      await call.ack(await call.response(200));
      const over = there.hungUp();
      await call.hangUp();
      await over;
    });

    await t.test('the guest signs out, and nothing of the guest is left', async (t) => {
      const resync = await resyncOf(id);
      await phone.code('*92', '');
      if (family.notify !== null) t.equal(await phone.obey(), family.notify.reload, 'told, since it shows somebody who has left');
      await settled(id, resync);
      if (family.notify === null) await phone.look();
      t.equal(everything(phone), before, 'the very same files as before');
      t.notMatch(everything(phone), new RegExp(`Gwendolyn|Uest|\\b${guest.extension}\\b`));
      t.same((await get<{ sessions: readonly unknown[] }>(`/v2/cordboard/hot_desk_sessions?signed_in=true&device_id=${id}`)).sessions, []);
      if (family.notify !== null) t.equal((await standing(id)).provisioning_status, 'current');
    });

    if (family.notify !== null) {
      const { restart } = family.notify;
      await t.test('restarts when it is asked to', async (t) => {
        await expectApi(product, 202, 'POST', `/v2/phone/devices/${id}/reboot`);
        t.equal(await phone.obey(), restart);
        t.equal(everything(phone), before);
      });
    }

    await t.test('hostile names add no setting, and nothing that the phone would take for a macro', async (t) => {
      const names = settingNames(phone);
      const hostile = `E"v'e; ]]> %NULL% $MA {mac} <x y="z"> [PHONE_MAC_ADDRESS] a=b`;
      t.equal((await product.api('PATCH', `/v2/phone/users/${owner.id}/settings/desk_phone`, { desk_phone: { devices: [{ id, policy: { hot_desking: { status: 'off' } } }] } })).status, 204);
      const broken = await product.api('PATCH', `/v2/users/${owner.id}`, { first_name: 'two\nlines' });
      t.ok(broken.status >= 400, 'a line end is refused');
      const renamed = await product.api('PATCH', `/v2/users/${owner.id}`, { first_name: hostile.slice(0, 60), last_name: hostile.slice(0, 60), display_name: hostile });
      t.equal(renamed.status, 204, JSON.stringify(renamed.body));
      await phone.look();
      t.same(settingNames(phone), names, 'the same settings');
      // Plain text has no macros: a value goes to the end of its line.
      if (family.grammar !== 'plain-ini') t.notMatch(phone.settings.label, /%NULL%|\$MA|\{mac\}|\[PHONE_MAC_ADDRESS\]|\n/i);
      t.match(await phone.register(), { status: 200 });
    });

    await t.test('a phone of a common area, and one of nobody', async (t) => {
      const area = await expectApi<{ id: string }>(product, 201, 'POST', '/v2/phone/common_areas', { display_name: `Hall ${place}`, extension_number: 1500 + place });
      const { extension_id: extensionId = area.id } = await get<{ extension_id?: string }>(`/v2/phone/common_areas/${area.id}`);
      const hall = await unpacked(t, family, extensionId);
      t.same(await hall.phone.boot(hall.url), []);
      t.match(hall.phone.settings, { label: `Hall ${place} (${1500 + place})`, guestKey: '' });
      t.match(await hall.phone.register(), { status: 200 });
      const nobody = await unpacked(t, family, null);
      t.same(await nobody.phone.boot(nobody.url), []);
      t.match(nobody.phone.settings, { label: 'Unassigned', guestKey: '', signOutKey: '' });
      t.match(await nobody.phone.register(), { status: 200 });
      t.equal((await askFile(local(`${nobody.phone.settings.folder}${family.configuration.replace('{mac}', hall.mac).replace('{MAC}', hall.mac.toUpperCase())}`))).status,
        family.configuration.includes('{') ? 404 : 200, 'no phone gets the file of another');
    });
  });
}

t.test('the program logged no error', { buffered: false }, async (t) => {
  t.same(product.log.faults().map(({ raw }) => raw), []);
});
