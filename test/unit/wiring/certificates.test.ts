import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { makeSelfSigned } from '../../../src/security/certificates.js';
import type { CertificatePair } from '../../../src/security/certificates.js';
import { openCertificates, type Certificates, type CertificateSource } from '../../../src/wiring/certificates.js';
import { testCertificate } from '../../support/edge-secure.js';
import { createTestLog } from '../../support/redis.js';

async function open(t: Test, changes: Partial<CertificateSource> & Pick<CertificateSource, 'folder'>): Promise<Certificates> {
  const { value, stop } = await openCertificates({
    files: undefined, names: ['voice.example', '127.0.0.1'], clock: { now: () => Date.now() },
    log: createTestLog(), watchMs: 20, ...changes,
  });
  t.teardown(stop);
  return value;
}

// The watch alone does not keep a process running.
const running = setInterval(() => undefined, 1_000);
t.teardown(() => clearInterval(running));

/** The next pair it tells. */
const changed = (certificates: Certificates): Promise<CertificatePair> => new Promise((resolve) => certificates.onChange(resolve));

t.test('without files: made once, kept, private', async (t) => {
  const folder = join(t.testdir({}), 'tls');
  const made = (await open(t, { folder })).current();
  t.equal(readFileSync(join(folder, 'cert.pem'), 'utf8'), made.cert);
  t.equal(statSync(join(folder, 'key.pem')).mode & 0o777, 0o600);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  t.same((await open(t, { folder })).current(), made, 'the next start finds it');
});

t.test('without files: expired and damaged ones are made anew', async (t) => {
  const folder = join(t.testdir({}), 'tls');
  const made = (await open(t, { folder })).current();
  const late = (await open(t, { folder, clock: { now: () => Date.now() + 11 * 365 * 86_400_000 } })).current();
  t.not(late.cert, made.cert);
  writeFileSync(join(folder, 'key.pem'), 'rubbish');
  const anew = (await open(t, { folder })).current();
  t.not(anew.cert, late.cert);
  t.not(anew.key, 'rubbish');
});

t.test('files of the settings are read again when they change, as a pair', async (t) => {
  const [first, second] = [await testCertificate('first'), await testCertificate('second')];
  const folder = t.testdir({ 'c.pem': first.cert, 'k.pem': first.key });
  const files = { cert: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
  const log = createTestLog();
  const certificates = await open(t, { files, folder: join(folder, 'tls'), log });
  t.same(certificates.current(), first);
  t.notOk(existsSync(join(folder, 'tls')), 'nothing self-signed beside them');
  const told = changed(certificates);
  writeFileSync(files.cert, second.cert);
  await certificates.reload();
  t.same(certificates.current(), first, 'half a change waits for the other half');
  writeFileSync(files.key, second.key);
  t.same(await told, second, 'seen without being asked');
  t.same(certificates.current(), second);
});

t.test('a reload by hand', async (t) => {
  const folder = join(t.testdir({}), 'tls');
  const certificates = await open(t, { folder, watchMs: 60_000 });
  const mine = await makeSelfSigned(['mine'], Date.now());
  writeFileSync(join(folder, 'key.pem'), mine.key);
  await certificates.reload();
  t.equal(readFileSync(join(folder, 'key.pem'), 'utf8'), mine.key, 'half a change made by hand is let be');
  writeFileSync(join(folder, 'cert.pem'), mine.cert);
  const told = changed(certificates);
  await certificates.reload();
  t.same(await told, mine);
});

t.test('files that cannot be used stop the start', async (t) => {
  const [one, other] = [await testCertificate('one'), await testCertificate('other')];
  const folder = t.testdir({ 'c.pem': one.cert, 'k.pem': other.key });
  const files = { cert: join(folder, 'c.pem'), key: join(folder, 'k.pem') };
  await t.rejects(open(t, { files, folder }), { name: 'StartProblem', message: /TLS_CERT .*c\.pem and TLS_KEY .*k\.pem cannot be used: the key belongs to another/ });
  await t.rejects(open(t, { folder, files: { ...files, cert: '/nowhere.pem' } }), { name: 'StartProblem', message: /ENOENT/ });
});
