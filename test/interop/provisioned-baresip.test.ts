/** A real softphone started with the files that are rendered for it, and nothing typed in: it registers and calls. */
import t from 'tap';
import { composeConfiguration, type PhoneFacts } from '../../src/domain/provisioning/compose-configuration.js';
import { createPhoneFiles } from '../../src/rendering/phone-renderer.js';
import { startBaresip, type Baresip } from '../support/baresip.js';
import type { ProvisionedFiles } from '../support/baresip-files.js';
import { PHONE_FACTS, TEMPLATE_FOLDER } from '../support/phone-facts.js';
import { addPhone, type Phone } from '../support/product-phones.js';
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
    settings: { ...PHONE_FACTS.settings, codecs: ['pcma', 'pcmu'], srtp: 'off', backgroundUrl: null },
    server: { host: product.sip.host, port: product.sip.port, transport },
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

const registered = async (soft: Baresip): Promise<boolean> => /OK/.test(await soft.command('reginfo'));

if (clientsAreHere(t, ['baresip'])) {
  const product = await startProduct();
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
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
