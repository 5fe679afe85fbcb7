/** A real softphone started with the files that are rendered for it, and nothing typed in: it registers and calls. */
import t from 'tap';
import { composeConfiguration, type PhoneFacts } from '../../src/domain/provisioning/compose-configuration.js';
import { createPhoneFiles } from '../../src/rendering/phone-renderer.js';
import { startBaresip, type Baresip } from '../support/baresip.js';
import type { ProvisionedFiles } from '../support/baresip-files.js';
import { PHONE_FACTS, TEMPLATE_FOLDER } from '../support/phone-facts.js';
import { askFile } from '../support/phone-file-office.js';
import { addPhone, expectApi, type Phone } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import { clientsAreHere } from './clients.js';

/** Silence would be 0; the tones are sent with an RMS of 5657. */
const HEARD = 1000;

function filesFor(product: Product, phone: Phone, transport: 'udp' | 'tcp', callee: string): ProvisionedFiles {
  const files = createPhoneFiles(TEMPLATE_FOLDER);
  const model = files.findModel('Softphone', 'baresip');
  if (model === null) throw new Error('no softphone among the models');
  const facts: PhoneFacts = {
    ...PHONE_FACTS,
    account: { ...PHONE_FACTS.account, sipDomain: phone.domain },
    device: { ...PHONE_FACTS.device, userName: phone.userName, password: phone.password, hotDesking: 'on' },
    holder: {
      kind: 'user', name: 'Zoë "Ex" <1>; auth_pass=no', extension: phone.extension, voicemailNumber: '', language: 'en',
      keys: [{ slot: 2, kind: 'speed-dial', number: callee, label: 'Colleague; transport=tls' }],
    },
    settings: { ...PHONE_FACTS.settings, codecs: ['pcma', 'pcmu'], srtp: 'off', backgroundUrl: null, transport },
    server: { ...PHONE_FACTS.server, host: product.sip.host, port: product.sip.port },
  };
  const { configuration } = composeConfiguration(facts, model);
  const text = (file: string): string => {
    const outcome = files.render(model, file, configuration, []);
    if (outcome.kind !== 'rendered') throw new Error(`${file}: ${outcome.kind}`);
    return outcome.body;
  };
  return { config: text('config'), accounts: text('accounts'), contacts: text('contacts') };
}

async function until(condition: () => Promise<boolean> | boolean, label: string): Promise<void> {
  for (const end = Date.now() + 15_000; !(await condition());) {
    if (Date.now() > end) throw new Error(`${label}: not within 15 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What the phone gets under the address of a window for enrolling. */
async function fetched(product: Product, deviceId: string): Promise<ProvisionedFiles> {
  const { url } = await expectApi<{ url: string }>(product, 200, 'POST', `/v2/cordboard/devices/${deviceId}/provisioning/enrol`, {});
  const folder = url.replace(/^https:\/\/[^:/]+/, 'https://127.0.0.1');
  const text = async (name: string): Promise<string> => {
    const reply = await askFile(`${folder}${name}`);
    if (reply.status !== 200) throw new Error(`${name}: ${reply.status}`);
    return reply.body;
  };
  return { config: await text('config'), accounts: await text('accounts'), contacts: await text('contacts') };
}

const registered = async (soft: Baresip): Promise<boolean> => /OK/.test(await soft.command('reginfo'));

if (clientsAreHere(t, ['baresip'])) {
  const product = await startProduct({ env: { HTTPS_PORT: '0', SIP_TLS_PORT: '0' } });
  t.teardown(() => product.close());
  for (const [transport, own, other] of [['udp', '1201', '1202'], ['tcp', '1203', '1204']] as const) {
    await t.test(`over ${transport}`, async (t) => {
      const [phone, colleague] = [await addPhone(product, own), await addPhone(product, other)];
      const soft = await startBaresip({ toneHz: 440, provisioned: filesFor(product, phone, transport, other) });
      t.teardown(() => soft.stop());
      const callee = await startBaresip({ toneHz: 880 });
      t.teardown(() => callee.stop());
      await callee.register({ ...colleague, transport: 'udp', answer: 'auto', proxy: `${product.sip.host}:${product.sip.port}` });
      await t.resolves(until(() => registered(soft), 'the registration'));
      const contacts = await soft.command('contacts');
      t.match(contacts, new RegExp(`sip:${other}@`), 'the key is a contact');
      t.match(contacts, /sip:\*92@|sip:\*91@/, 'and so is signing in');
      t.notMatch(contacts, /transport=tls>/, 'a label is a label');
      await soft.command('dial', `sip:${other}@${phone.domain}`);
      await Promise.all([soft, callee].flatMap((one) => [one.event('CALL_ESTABLISHED'), one.event('CALL_RTPESTAB')]));
      await t.resolves(until(() => soft.heardLoudness() > HEARD && callee.heardLoudness() > HEARD, 'each hears the other'));
      await soft.command('hangup');
      await callee.event('CALL_CLOSED');
    });
  }
  await t.test('over TLS with encrypted sound, by files that it fetches', async (t) => {
    await expectApi(product, 200, 'PATCH', '/v2/cordboard/account/desk_phone_settings', {
      sip_transport: { value: 'tls' }, srtp: { value: 'required' }, codecs: { value: ['pcma', 'pcmu'] },
    });
    const soft = async (extension: string) => {
      const phone = await addPhone(product, extension, { type: 'Softphone', model: 'baresip' });
      const provisioned = await fetched(product, phone.deviceId);
      t.match(provisioned.accounts, /;transport=tls>.*;mediaenc=srtp-mand;/);
      const one = await startBaresip({ toneHz: 440, provisioned });
      t.teardown(() => one.stop());
      await t.resolves(until(() => registered(one), `the registration of ${extension}`));
      return { phone, one };
    };
    const [caller, callee] = [await soft('1205'), await soft('1206')];
    await caller.one.command('dial', `sip:1206@${caller.phone.domain}`);
    await callee.one.event('CALL_INCOMING');
    await callee.one.command('accept');
    await Promise.all([caller.one, callee.one].flatMap((one) => [one.event('CALL_ESTABLISHED'), one.event('CALL_RTPESTAB')]));
    await t.resolves(until(() => caller.one.heardLoudness() > HEARD && callee.one.heardLoudness() > HEARD, 'each hears the other'));
    await caller.one.command('hangup');
    await callee.one.event('CALL_CLOSED');
    t.match(await expectApi(product, 200, 'GET', `/v2/cordboard/devices/${caller.phone.deviceId}/provisioning`), {
      registration: { registered: true }, reasons: [{ code: 'not-back-yet' }, { code: 'sip-transport', text: /phone may refuse/ }, { code: 'srtp-prompts' }],
    });
  });
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
