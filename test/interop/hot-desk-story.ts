/** People who sign in at each other's phones with real clients; told to the product on its own edge and on a drachtio-server. */
import type { Test } from 'tap';
import { startBaresip, type Baresip } from '../support/baresip.js';
import { expectApi, readPhone, type Phone } from '../support/product-phones.js';
import { endedCall } from '../support/product-records.js';
import type { Product } from '../support/product.js';
import { runSipp } from '../support/sipp.js';
import { scenario, sippRow } from './scenario.js';

interface Person {
  readonly id: string;
  readonly email: string;
  readonly extension: string;
  readonly pin: string;
}

const LIMIT_SECONDS = 40;
/** Silence would be 0. */
const HEARD = 200;

/** A person of the demo, with a PIN of now. */
async function demoPerson(product: Product, email: string): Promise<Person> {
  const user = await expectApi<{ readonly id: string; readonly extension_number: number }>(product, 200, 'GET', `/v2/phone/users/${email}`);
  const { pin_code: pin } = await expectApi<{ readonly pin_code: string }>(product, 200, 'POST', `/v2/cordboard/users/${user.id}/reset_pin_code`);
  return { id: user.id, email, extension: String(user.extension_number), pin };
}

async function demoPhone(product: Product, owner: Person): Promise<Phone> {
  const { desk_phone: { devices } } = await expectApi<{ readonly desk_phone: { readonly devices: readonly { readonly id: string }[] } }>(
    product, 200, 'GET', `/v2/phone/users/${owner.email}/settings`);
  return { extension: owner.extension, email: owner.email, ...await readPhone(product, devices[0]?.id ?? '') };
}

/** Who sits at the phone: the user's id, null = its owner. */
async function guestAt(product: Product, phone: Phone): Promise<string | null> {
  const { hot_desk_sessions: [session] } = await expectApi<{ readonly hot_desk_sessions: readonly { readonly user_id: string }[] }>(
    product, 200, 'GET', `/v2/cordboard/hot_desk_sessions?signed_in=true&device_id=${phone.deviceId}`);
  return session?.user_id ?? null;
}

export async function hotDeskStory(t: Test, product: Product): Promise<void> {
  const ada = await demoPerson(product, 'ada@demo.example');
  const alan = await demoPerson(product, 'alan@demo.example');
  const grace = await demoPerson(product, 'grace@demo.example');

  await t.test('baresip: *91 with keys by RFC 4733, the prompts are heard, *92', async (t) => {
    const phone = await demoPhone(product, ada);
    const soft = await startBaresip();
    t.teardown(() => soft.stop());
    await soft.register({ ...phone, transport: 'udp', answer: 'manual', proxy: `${product.sip.host}:${product.sip.port}` });
    await dialAndType(soft, phone, '*91', `${alan.extension}#${alan.pin}#`);
    await soft.event('CALL_CLOSED', 20_000);
    t.ok(soft.heardLoudness() > HEARD, `heard with a loudness of ${Math.round(soft.heardLoudness())}`);
    t.equal(await guestAt(product, phone), alan.id, 'the guest sits there');
    await dialAndType(soft, phone, '*92', '');
    await soft.event('CALL_CLOSED', 20_000);
    t.equal(await guestAt(product, phone), null);
    t.match(await endedCall(product, ada.extension, '*92'), { sip_status: 200, end_cause: 'callee-hangup' });
  });

  for (const [name, steps] of [['SIP INFO', infoSteps], ['RFC 4733 from pcap files', pcapSteps]] as const) {
    await t.test(`sipp: *91 with keys by ${name}, then *92`, async (t) => {
      const phone = await demoPhone(product, grace);
      const run = (code: string, digits: string) => runSipp({
        scenario: scenario('star-code'), target: product.sip, rows: [sippRow(phone, code)], calls: 1, values: { steps: steps(digits) },
        authUri: `${code}@${phone.domain}`, limitSeconds: LIMIT_SECONDS,
      });
      const signedIn = await run('*91', `${alan.extension}#${alan.pin}#`);
      t.match(signedIn, { exitCode: 0, succeeded: 1 }, signedIn.report);
      t.equal(await guestAt(product, phone), alan.id);
      const signedOut = await run('*92', '');
      t.match(signedOut, { exitCode: 0, succeeded: 1 }, signedOut.report);
      t.equal(await guestAt(product, phone), null);
    });
  }
}

async function dialAndType(soft: Baresip, phone: Phone, code: string, digits: string): Promise<void> {
  await soft.command('dial', `sip:${code}@${phone.domain}`);
  await soft.event('CALL_ESTABLISHED');
  for (const digit of digits) {
    await soft.command('sndcode', digit);
    await new Promise((resolve) => setTimeout(resolve, 350));
  }
}

function infoSteps(digits: string): string {
  return [...digits].map((digit, at) => `
  <pause milliseconds="100" />
  <send retrans="500">
    <![CDATA[

INFO [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
Max-Forwards: 70
[routes]
From: <sip:[field0]@[field2]>;tag=[pid]s[call_number]
To:[$remote]
Call-ID: [call_id]
CSeq: ${at + 3} INFO
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal=${digit}
Duration=160
]]>
  </send>
  <recv response="200" />`).join('');
}

const PCAP_NAMES: Readonly<Record<string, string>> = { '*': 'star', '#': 'pound' };

function pcapSteps(digits: string): string {
  return [...digits].map((digit) => `
  <nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_${PCAP_NAMES[digit] ?? digit}.pcap" /></action></nop>
  <pause milliseconds="500" />`).join('');
}
