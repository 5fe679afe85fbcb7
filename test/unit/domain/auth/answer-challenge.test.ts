import { createHash } from 'node:crypto';
import t from 'tap';
import { answerChallenge, parseChallenges } from '../../../../src/domain/auth/answer-challenge.js';
import { nodeHash } from '../../../support/node-digest-hash.js';

const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const QUESTION = { method: 'GET', uri: '/dir/index.html', body: '', userName: 'Mufasa', password: 'Circle of Life', cnonce: CNONCE, hash: nodeHash };
const challenge = (rest: string): string => `Digest realm="http-auth@example.org", nonce="${NONCE}"${rest}`;
const field = (answer: string | null, name: string): string | undefined => new RegExp(`\\b${name}="?([^",]*)`).exec(answer ?? '')?.[1];
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

t.test('RFC 7616 §3.9.1', async (t) => {
  const offered = challenge(', qop="auth, auth-int", algorithm=SHA-256, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"')
    + ', ' + challenge(', qop="auth, auth-int", algorithm=MD5, opaque="FQhe"');
  const challenges = parseChallenges(offered);
  t.match(challenges, [{ algorithm: 'SHA-256', qop: ['auth', 'auth-int'], stale: false }, { algorithm: 'MD5', opaque: 'FQhe' }]);
  const sha = answerChallenge(challenges, QUESTION);
  t.equal(field(sha, 'response'), '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1', 'the first that is known');
  t.match(sha, /qop=auth, nc=00000001, cnonce="/, 'one qop of the list, without quotes');
  t.equal(field(sha, 'opaque'), 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS');
  t.equal(field(answerChallenge(challenges.slice(1), QUESTION), 'response'), '8ca523f5e9506fed4657c9700eebdbec');
});

t.test('what phones offer', async (t) => {
  const ha1 = md5('Mufasa:http-auth@example.org:Circle of Life');
  for (const [rule, rest, response] of [
    ['RFC 2069: no qop', '', md5(`${ha1}:${NONCE}:${md5('GET:/dir/index.html')}`)],
    ['lower-case algorithm', ', algorithm=md5, qop="auth"', md5(`${ha1}:${NONCE}:00000001:${CNONCE}:auth:${md5('GET:/dir/index.html')}`)],
    ['auth-int alone', ', qop="auth-int"', md5(`${ha1}:${NONCE}:00000001:${CNONCE}:auth-int:${md5(`GET:/dir/index.html:${md5('')}`)}`)],
    ['MD5-sess', ', algorithm=MD5-sess, qop=auth', md5(`${md5(`${ha1}:${NONCE}:${CNONCE}`)}:${NONCE}:00000001:${CNONCE}:auth:${md5('GET:/dir/index.html')}`)],
    ['an unknown qop', ', qop="conf"', undefined],
    ['an unknown algorithm', ', algorithm=SHA-512-256, qop="auth"', undefined],
  ] as const) t.equal(field(answerChallenge(parseChallenges(challenge(rest)), QUESTION), 'response'), response, rule);
  t.notMatch(answerChallenge(parseChallenges(challenge('')), QUESTION), /algorithm|cnonce|nc=/, 'nothing that was not asked for');
  const quoted = answerChallenge(parseChallenges(`Digest realm="a \\"b\\", Digest x=1", nonce="n", qop="auth"`), { ...QUESTION, userName: 'x"y' });
  t.equal(field(quoted, 'response'), md5(`${md5('x"y:a "b", Digest x=1:Circle of Life')}:n:00000001:${CNONCE}:auth:${md5('GET:/dir/index.html')}`));
  t.match(quoted, 'username="x\\"y", realm="a \\"b\\", Digest x=1"');
});

t.test('what is no challenge', async (t) => {
  for (const value of ['', 'Digest', 'Basic realm="x"', 'Digest realm="x"', 'Digest nonce="x"', 'Digest realm="x', 'Digest realm=x, nonce=a, nonce=b', ', '.repeat(4000), `Digest realm="${'x'.repeat(9000)}", nonce="y"`]) {
    t.same(parseChallenges(value), [], value.slice(0, 40));
  }
  t.match(parseChallenges(`Basic realm="Digest a=b", ${challenge(', stale=TRUE')}, Negotiate`), [], 'a scheme without parameters ends nothing');
  t.match(parseChallenges(`Basic realm="Digest a=b", ${challenge(', stale=TRUE')}`), [{ stale: true, algorithm: null, qop: [] }]);
  t.equal(answerChallenge([], QUESTION), null);
});
