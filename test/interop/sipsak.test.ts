import { spawn } from 'node:child_process';
import { once } from 'node:events';
import t from 'tap';
import { addPhone, expectApi } from '../support/product-phones.js';
import { startProduct } from '../support/product.js';
import { clientsAreHere } from './clients.js';

interface Answer {
  readonly code: number;
  readonly output: string;
  /** The output where it is of interest: when it failed. */
  readonly said: string;
}

async function sipsak(args: readonly string[]): Promise<Answer> {
  const child = spawn('sipsak', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const take = (chunk: Buffer): void => { output += chunk.toString('latin1'); };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await once(child, 'close');
  clearTimeout(late);
  const code = child.exitCode ?? -1;
  return { code, output, said: code === 0 ? 'sipsak is content' : output };
}

if (clientsAreHere(t, ['sipsak'])) {
  // The domain is a name that no DNS knows; the phone is told the address, and the product takes that for the domain.
  const product = await startProduct({ env: { SIP_DOMAIN: 'office.example' } });
  t.teardown(() => product.close());
  const phone = await addPhone(product, '3101');
  const at = `${product.sip.host}:${product.sip.port}`;
  const register = (seconds: number, password = phone.password): Promise<Answer> => sipsak([
    '-vvv', '-U', '-s', `sip:${phone.userName}@${at}`, '-u', phone.authorizationId, '-a', password,
    '-C', `sip:${phone.userName}@127.0.0.1:5099`, '-x', String(seconds),
  ]);
  const status = async (): Promise<string> =>
    (await expectApi<{ readonly status: string }>(product, 200, 'GET', `/v2/phone/devices/${phone.deviceId}`)).status;

  await t.test('answers OPTIONS', async (t) => {
    const { code, said } = await sipsak(['-vvv', '-s', `sip:${at}`]);
    t.equal(code, 0, said);
  });

  await t.test('registers with digest, and the device is online', async (t) => {
    t.match(phone.domain, /^office\.example(:\d+)?$/);
    t.equal(await status(), 'offline');
    const { code, said } = await register(300);
    t.equal(code, 0, said);
    t.equal(await status(), 'online');
  });

  await t.test('is refused with a wrong password', async (t) => {
    const { code, output } = await register(300, 'not-the-password');
    t.not(code, 0);
    t.match(output, /401 Unauthorized/);
  });

  await t.test('too short a lifetime is answered with the shortest one (RFC 3261 §10.3 step 7)', async (t) => {
    const { output } = await register(5);
    t.match(output, /423/);
    t.match(output, /Min-Expires: \d+/i);
  });

  await t.test('unregisters, and the device is offline', async (t) => {
    const { code, said } = await register(0);
    t.equal(code, 0, said);
    t.equal(await status(), 'offline');
  });

  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
