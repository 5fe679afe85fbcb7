import t from 'tap';
import { NonceMemory } from '../../src/storage/redis/nonce-memory.js';
import { nonceKey } from '../../src/storage/redis/keys.js';
import { registerCommand, startTestRedis, testDevice } from '../support/redis.js';

/** Counts in order of arrival with whether each must be refused. */
const ROWS: readonly { readonly rule: string; readonly uses: readonly (readonly [count: number, refused: boolean])[] }[] = [
  { rule: 'each count once', uses: [[1, false], [1, true], [2, false], [2, true], [1, true]] },
  { rule: 'out of order within the window', uses: [[5, false], [3, false], [4, false], [3, true], [5, true], [6, false]] },
  { rule: 'the first may be any', uses: [[70, false], [69, false]] },
  { rule: '63 behind the highest is in the window', uses: [[100, false], [37, false], [37, true]] },
  { rule: '64 behind the highest is outside', uses: [[100, false], [36, true]] },
  { rule: 'marks move with the window', uses: [[1, false], [33, false], [1, true], [64, false], [33, true], [1, true], [2, false]] },
  { rule: 'across both halves', uses: [[40, false], [8, false], [9, false], [71, false], [40, true], [8, true], [9, true], [10, false]] },
  { rule: 'a jump of exactly 32', uses: [[1, false], [33, false], [1, true], [2, false], [2, true]] },
  { rule: 'a jump of 31 and one', uses: [[1, false], [32, false], [33, false], [1, true], [32, true]] },
  { rule: 'a jump over the window forgets', uses: [[1, false], [65, false], [1, true], [2, false], [200, false], [136, true], [137, false]] },
  { rule: 'the highest count there is', uses: [[0xffff_ffff, false], [0xffff_ffff, true], [0xffff_fffe, false]] },
  { rule: 'a client without qop uses a nonce for one request', uses: [[0, false], [0, true]] },
  { rule: 'a count after a use without qop', uses: [[0, false], [1, false], [1, true], [0, true]] },
];

t.test('nonce counts (RFC 7616 §3.4.5)', async (t) => {
  const redis = await startTestRedis(t);
  const at = Date.now();
  for (const [index, { rule, uses }] of ROWS.entries()) {
    const use = (count: number) => ({ nonce: `row-${index}`, count, expiresAt: at + 60_000 });
    await t.test(`${rule}: in memory`, async (t) => {
      const memory = new NonceMemory();
      for (const [count, refused] of uses) t.equal(memory.use(`row-${index}`, count, at + 60_000, at), refused, `nc ${count}`);
    });
    await t.test(`${rule}: register, every use by another node`, async (t) => {
      const nodes = await Promise.all(uses.map(() => redis.location()));
      for (const [step, [count, refused]] of uses.entries()) {
        const result = await nodes[step]?.service.register(registerCommand('query', { at, nonce: use(count) }));
        t.equal(result?.kind, refused ? 'nonce-replayed' : 'registered', `nc ${count}`);
      }
      for (const { client, service } of nodes) {
        service.close();
        client.close();
      }
    });
  }
});

t.test('a nonce is marked by calls and registrations alike', async (t) => {
  const redis = await startTestRedis(t);
  const one = await redis.location();
  const two = await redis.location();
  const expiresAt = Date.now() + 60_000;
  const facts = await one.service.callFacts({ nonce: 'n', count: 1, expiresAt }, [testDevice(1)]);
  t.equal(facts.nonceReplayed, false);
  t.equal((await two.service.register(registerCommand('query', { nonce: { nonce: 'n', count: 1, expiresAt } }))).kind, 'nonce-replayed');
  t.equal((await two.service.callFacts({ nonce: 'n', count: 1, expiresAt }, [])).nonceReplayed, true);
  t.equal((await two.service.callFacts({ nonce: 'n', count: 2, expiresAt }, [])).nonceReplayed, false);
});

t.test('a refused request spends its count', async (t) => {
  const redis = await startTestRedis(t);
  const one = await redis.location();
  const two = await redis.location();
  const command = registerCommand([{ uri: 'sip:a@192.0.2.1' }], { maxContacts: 0 });
  t.equal((await one.service.register(command)).kind, 'too-many-contacts');
  t.equal((await two.service.register({ ...command, maxContacts: 5 })).kind, 'nonce-replayed');
});

t.test('what is no count is refused without asking', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  for (const count of [-1, 1.5, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY]) {
    const result = await service.register(registerCommand('query', { nonce: { nonce: 'odd', count, expiresAt: Date.now() + 1000 } }));
    t.equal(result.kind, 'nonce-replayed', String(count));
  }
});

t.test('Redis forgets a nonce when it has expired', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  const at = Date.now();
  await service.register(registerCommand('query', { at, nonce: { nonce: 'ttl', count: 1, expiresAt: at + 30_000 } }));
  const ttl = await client.ask((raw) => raw.pttl(nonceKey('ttl')));
  t.ok(ttl > 25_000 && ttl <= 31_000, `${ttl} ms`);
});

t.test('the memory is bounded', async (t) => {
  const memory = new NonceMemory();
  for (let i = 0; i < 50_010; i += 1) memory.use(`n${i}`, 1, 1_000_000, 0);
  t.equal(memory.size, 50_000);
  t.equal(memory.use('n50009', 1, 1_000_000, 0), true, 'the newest is kept');
  memory.use('later', 1, 2_000_000, 1_000_001);
  t.equal(memory.size, 1, 'expired ones make room');
});
