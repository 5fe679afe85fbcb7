import t from 'tap';
import { AnswerCache } from '../../../../../../sip/edge/transport/naming/answer-cache.js';
import { readHosts } from '../../../../../../sip/edge/transport/naming/hosts-file.js';

t.test('AnswerCache', async (t) => {
  let now = 0;
  const asked: string[] = [];
  let ttlMs = 1_000;
  const cache = new AnswerCache<string>(async (name) => {
    asked.push(name);
    return { records: [`${name} ${asked.length}`], ttlMs };
  }, () => now, 3);
  const [one, other] = await Promise.all([cache.get('A.example'), cache.get('a.example')]);
  t.strictSame([one, other, asked.length], [['a.example 1'], ['a.example 1'], 1], 'two that ask at once share one question, in any case');
  now = 999;
  await cache.get('a.example');
  t.equal(asked.length, 1, 'kept for its TTL');
  now = 1_000;
  await cache.get('a.example');
  t.equal(asked.length, 2, 'and no longer');
  ttlMs = 0;
  await cache.get('zero.example');
  await cache.get('zero.example');
  t.equal(asked.length, 4, 'TTL 0 is not kept');
  ttlMs = 1e12;
  for (const name of ['b', 'c', 'd']) await cache.get(name);
  t.equal(cache.size, 3, 'bounded');
  now += 3_600_001;
  await cache.get('d');
  t.equal(asked.filter((name) => name === 'd').length, 2, 'an hour at most');
  t.end();
});

t.test('readHosts', (t) => {
  const hosts = readHosts('127.0.0.1 localhost  Gate.Example # own\n\n#10.0.0.1 off.example\nnonsense here\n::1 localhost\n');
  t.strictSame([...hosts], [['localhost', ['127.0.0.1', '::1']], ['gate.example', ['127.0.0.1']]]);
  t.end();
});
