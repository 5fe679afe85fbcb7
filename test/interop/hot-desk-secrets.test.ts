import t from 'tap';
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { PromptStore } from '../../sip/media/prompts/prompt-store.js';
import { codePhone } from '../support/code-phone.js';
import { addPhone, expectApi } from '../support/product-phones.js';
import { endedCall } from '../support/product-records.js';
import { startProduct } from '../support/product.js';
import { recognisablePrompts } from '../support/prompt-ear.js';
import { scriptedPhone } from '../support/scripted-phone.js';

// Digits that are found nowhere by chance.
const PIN = '918273';
const WRONG = '827364';
const EXTENSION = '1702';

t.test('a PIN is in no line of the log, no record, no audit entry, no key of Redis', async (t) => {
  const product = await startProduct({ env: { LOG_LEVEL: 'debug', DEBUG: '*' } });
  t.teardown(() => product.close());
  const lines: string[] = [];
  product.log.follow(({ raw }) => void lines.push(raw));
  const desk = await addPhone(product, '1701');
  const guest = await addPhone(product, EXTENSION);
  await expectApi(product, 204, 'PATCH', `/v2/phone/users/${desk.email}/settings/desk_phone`, {
    desk_phone: { devices: [{ id: desk.deviceId, policy: { hot_desking: { status: 'on' } } }] },
  });
  await expectApi(product, 204, 'PATCH', `/v2/phone/users/${guest.email}/settings/desk_phone`, { desk_phone: { pin_code: PIN } });
  const sipDomain = desk.domain.replace(/:\d+$/, '');
  const scripted = await scriptedPhone(t, {
    edge: { address: product.sip.host, port: product.sip.port }, userName: desk.userName, password: desk.password, domain: sipDomain,
  });
  t.equal((await scripted.register()).status, 200);
  const phone = codePhone(t, scripted, recognisablePrompts(new PromptStore('en')));

  const auditEntry = async (action: string): Promise<void> => {
    for (const until = Date.now() + 10_000; ;) {
      const { body } = await product.api('GET', '/v2/cordboard/audit_log?page_size=100');
      if (JSON.stringify(body).includes(action)) return;
      if (Date.now() > until) throw new Error(`no ${action} in the audit log`);
    }
  };
  const byKeys = await phone.dialCode('*91');
  byKeys.type(`${EXTENSION}#${WRONG}#`);
  await auditEntry('hot-desk-sign-in-refused');
  await byKeys.hangUp();
  const byInfo = await phone.dialCode(`*91${EXTENSION}`);
  await byInfo.info(`${PIN}#`);
  await byInfo.hungUp();
  // Somebody who dials the PIN right behind the code.
  const dialled = await phone.dialCode(`*91${PIN}`);
  await dialled.hangUp();
  await endedCall(product, EXTENSION, '*91xxxxxx');

  const found = (text: string): boolean => text.includes(PIN) || text.includes(WRONG);
  t.ok(lines.length > 10, `${lines.length} lines of log`);
  t.same(lines.filter(found), [], 'log');
  for (const path of ['/v2/phone/call_history?page_size=100', '/v2/cordboard/audit_log?page_size=100', '/v2/cordboard/hot_desk_sessions']) {
    const answer = await product.api('GET', path);
    t.equal(answer.status, 200, path);
    t.notOk(found(JSON.stringify(answer.body)), path);
  }
  t.notOk(found(await redisText(product.dataDir)), 'Redis: keys and values');
});

/** Every key with its value, as text. */
async function redisText(dataDir: string): Promise<string> {
  const folder = join(tmpdir(), `cordboard-${createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12)}`);
  const redis = new Redis(join(folder, 'redis.sock'));
  try {
    const keys = await redis.keys('*');
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    if (keys.length === 0) throw new Error('Redis holds nothing: the test looks in the wrong place');
    return `${keys.join('\n')}\n${dumps.map((dump) => dump?.toString('latin1') ?? '').join('\n')}`;
  } finally {
    redis.disconnect();
  }
}
