/** The edge in a worker thread and as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import t from 'tap';
import { runEdgeCommand } from '../../sip/edge/main.js';
import { dnsServer } from '../support/dns-server.js';
import { ScriptedApp } from '../support/edge-bed.js';
import { testCertificate, tlsPeer, wsPeer } from '../support/edge-secure.js';
import { runnable } from '../support/repository.js';
import { createSipPeer, isRequest, isResponse } from '../support/sip-peer.js';

const LISTENERS = [{ transport: 'udp', host: '127.0.0.1', port: 0 }];
const WORKER = runnable('sip/edge/worker');

type Message = Readonly<Record<string, unknown>>;

async function reply(worker: Worker, kind: string): Promise<Message> {
  for (;;) {
    const [message] = await once(worker, 'message');
    if (message.kind === kind) return message;
  }
}

t.test('worker: ready, metrics, drain, stop', async (t) => {
  const worker = new Worker(WORKER, {
    workerData: { listeners: LISTENERS, admin: { host: '127.0.0.1', port: 0, secret: 's' }, localNetworks: [] },
  });
  const ready = await reply(worker, 'ready');
  t.match(ready, { bound: [{ transport: 'udp', host: '127.0.0.1', port: Number }], admin: { host: '127.0.0.1', port: Number } });
  worker.postMessage({ kind: 'metrics', id: 7 });
  t.match(await reply(worker, 'metrics'), { id: 7, values: { applications: 0 } });
  worker.postMessage({ kind: 'drain' });
  const phone = await createSipPeer({ transport: 'udp' });
  t.teardown(() => phone.close());
  const [bound] = JSON.parse(JSON.stringify(ready['bound']));
  await phone.send(phone.request('OPTIONS', 'sip:x'), { address: '127.0.0.1', port: bound.port });
  t.match((await phone.waitFor(isResponse(503), '503')).header('Retry-After'), /\d+/);
  worker.postMessage({ kind: 'stop' });
  const [code] = await once(worker, 'exit');
  t.equal(code, 0);
});

t.test('worker: certificates are changed while it runs', async (t) => {
  const [first, second] = [await testCertificate('first'), await testCertificate('second')];
  const worker = new Worker(WORKER, {
    workerData: {
      listeners: [{ transport: 'tls', host: '127.0.0.1', port: 0 }], admin: { host: '127.0.0.1', port: 0, secret: 's' }, localNetworks: [],
      tls: { certificate: first },
    },
  });
  const [bound] = JSON.parse(JSON.stringify((await reply(worker, 'ready'))['bound']));
  const shown = async (): Promise<string> => String((await tlsPeer(t, bound.port)).getPeerCertificate().subject.CN);
  t.equal(await shown(), 'first');
  worker.postMessage({ kind: 'certificates', id: 1, certificate: second });
  t.match(await reply(worker, 'certificates'), { id: 1, problem: null });
  t.equal(await shown(), 'second');
  worker.postMessage({ kind: 'certificates', id: 2, certificate: { cert: first.cert, key: second.key } });
  t.match(await reply(worker, 'certificates'), { id: 2, problem: /belong together/ });
  t.equal(await shown(), 'second', 'a bad one changes nothing');
  worker.postMessage({ kind: 'stop' });
  t.equal((await once(worker, 'exit'))[0], 0);
});

t.test('worker: a port that is taken is told, not thrown', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await once(taken, 'listening');
  const address = taken.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const worker = new Worker(WORKER, {
    workerData: { listeners: LISTENERS, admin: { host: '127.0.0.1', port, secret: 's' }, localNetworks: [] },
  });
  const exit = once(worker, 'exit');
  t.match((await reply(worker, 'failed'))['message'], /EADDRINUSE/);
  t.equal((await exit)[0], 0);
});

t.test('command line: words that make no sense', async (t) => {
  const rows: readonly [string, string[]][] = [
    ['nothing', []], ['no secret', ['--admin', '127.0.0.1:0', '--listen', 'udp:127.0.0.1:0']],
    ['no listener', ['--admin', '127.0.0.1:0', '--secret', 's']],
    ['a listener without port', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'udp:127.0.0.1']],
    ['an unknown transport', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'dns:127.0.0.1:0']],
    ['TLS without a certificate', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'tls:127.0.0.1:0']],
    ['a certificate without its key', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'ws:127.0.0.1:0', '--tls-cert', '/c.pem']],
    ['files that are not there', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'wss:127.0.0.1:0', '--tls-cert', '/no.pem', '--tls-key', '/no.pem']],
    ['an unknown flag', ['--what']],
    ['a limit that is no number', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'udp:127.0.0.1:0', '--rate-limit-source', 'many']],
    ['a spammer file that is not there', ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'udp:127.0.0.1:0', '--spammers', '/no.json']],
  ];
  for (const [name, words] of rows) t.equal(await runEdgeCommand(words), 2, name);
});

t.test('command line: serves until SIGTERM', async (t) => {
  const child = spawn(process.execPath, [
    ...process.execArgv, fileURLToPath(runnable('sip/edge/main')),
    '--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'udp:127.0.0.1:0', '--listen', 'tcp:127.0.0.1:0',
  ], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  t.match(JSON.parse(line), { kind: 'ready', bound: [{ transport: 'udp' }, { transport: 'tcp' }] });
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  t.equal(code, 0);
});

t.test('command line: outbound proxy and name servers', async (t) => {
  const serve = ['--admin', '127.0.0.1:0', '--secret', 's', '--listen', 'udp:127.0.0.1:0'];
  t.equal(await runEdgeCommand([...serve, '--outbound-proxy', 'nonsense']), 1, 'a proxy that is no SIP URI');
  t.equal(await runEdgeCommand([...serve, '--dns', 'dns.example']), 1, 'a name server that is no address');
  const [dns, proxy] = [await dnsServer(t, [{ type: 'A', name: 'proxy.test', address: '127.0.0.1' }]), await createSipPeer({ transport: 'udp' })];
  t.teardown(() => proxy.close());
  const child = spawn(process.execPath, [
    ...process.execArgv, fileURLToPath(runnable('sip/edge/main')), ...serve,
    '--outbound-proxy', `sip:proxy.test:${proxy.port}`, '--dns', dns.address,
  ], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const app = await ScriptedApp.connect(JSON.parse(line).admin.port);
  t.teardown(() => app.close());
  await app.request('authenticate|s|');
  app.send('sip||', 'OPTIONS sip:far.test SIP/2.0\r\n\r\n');
  const got = await proxy.waitFor(isRequest('OPTIONS'), 'OPTIONS at the proxy');
  t.equal(got.header('Route'), `<sip:proxy.test:${proxy.port};lr>`);
  t.strictSame(dns.questions, ['A proxy.test'], 'a port is named: its address alone is asked for');
});

t.test('command line: all transports, and a new certificate at SIGHUP', async (t) => {
  const [first, second] = [await testCertificate('first'), await testCertificate('second')];
  const folder = t.testdir({ 'c.pem': first.cert, 'k.pem': first.key });
  const child = spawn(process.execPath, [
    ...process.execArgv, fileURLToPath(runnable('sip/edge/main')), '--admin', '127.0.0.1:0', '--secret', 's',
    '--listen', 'tls:127.0.0.1:0', '--listen', 'ws:127.0.0.1:0', '--listen', 'wss:127.0.0.1:0',
    '--tls-cert', `${folder}/c.pem`, '--tls-key', `${folder}/k.pem`, '--ws-origin', 'https://phone.example',
  ], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { bound } = JSON.parse(line);
  t.match(bound, [{ transport: 'tls' }, { transport: 'ws' }, { transport: 'wss' }]);
  const [tls, ws, wss] = bound.map(({ port }: { port: number }) => port);
  const shown = async (): Promise<string> => String((await tlsPeer(t, tls)).getPeerCertificate().subject.CN);
  t.equal(await shown(), 'first');
  writeFileSync(`${folder}/c.pem`, second.cert);
  writeFileSync(`${folder}/k.pem`, second.key);
  const log = createInterface({ input: child.stderr });
  child.kill('SIGHUP');
  t.match(JSON.parse((await once(log, 'line'))[0]), { event: 'certificate-reloaded' });
  t.equal(await shown(), 'second');
  for (const url of [`ws://127.0.0.1:${ws}`, `wss://127.0.0.1:${wss}`]) {
    const origin = 'https://phone.example';
    t.equal((await wsPeer(t, url, { origin })).socket.protocol, 'sip');
    await t.rejects(wsPeer(t, url, { origin: 'https://evil.example' }));
  }
  child.kill('SIGTERM');
  t.equal((await once(child, 'exit'))[0], 0, 'with connections open');
});
