import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import t from 'tap';
import { createSipApp } from '../../sip/app/app.js';
import { startEdge } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import { startOffice } from '../support/sip-office.js';
import { SDP } from '../support/scripted-phone.js';

const none = (): never => {
  throw new Error('not asked');
};
/** Verbs of an application that gets no request. */
const unused = {
  authenticate: Object.assign(none, { again: none }), identifyCaller: Object.assign(none, { afterReplay: none }),
  registerDevice: none, placeCall: Object.assign(none, { sendOn: none }), location: { callFacts: none },
};

t.test('the edge goes and comes back: new calls go through', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  const { bound, admin } = office.edge;
  await office.edge.stop();
  const second = await startEdge({ listeners: bound, admin: { ...admin, secret: 'office secret' }, localNetworks: ['127.0.0.0/8'], log: silentLog });
  t.teardown(() => second.stop());
  // The edge answers 503 until the application is back; each OPTIONS is one look.
  for (let status = 0; status !== 200;) ({ status } = await ann.ask('OPTIONS', 'sip:office.example'));
  t.ok(office.app.callControl.ready());
  const call = await ann.dial('102');
  const rung = await bob.called();
  const acked = rung.answer();
  await call.ack(await call.response(200));
  await acked;
  const bye = rung.hungUp();
  t.equal((await call.hangUp()).status, 200);
  await bye;
});

t.test('an edge that refuses the secret, or is not there, stops the start', async (t) => {
  const office = await startOffice(t);
  const deps = {
    directory: office.directory, callLog: office.calls, clock: { now: () => Date.now() }, ids: { next: () => 'x' }, log: office.log, nodeId: 'n',
  };
  const wrong = createSipApp({ ...deps, ...unused, control: { ...office.edge.admin, secret: 'wrong' } });
  await t.rejects(wrong.start(), /refused the connection/);
});

t.test('nothing from the network breaks the application', async (t) => {
  const office = await startOffice(t);
  const ann = await office.registered('101', 'Ann');
  const bob = await office.registered('102', 'Bob');
  const odd = ['', ';', ',', '<', '<>', '"', '""', '*', '<sip:>', '<sip:@>', 'sip:', '%', 'sip:%', 'sip:%zz@x', 'sip:a@[::1', '<sip:a@b>;tag', '\\', 'ä',
    '__proto__', 'a'.repeat(4000), '"'.repeat(999), '<'.repeat(999), ';'.repeat(999), ','.repeat(999), 'Digest', 'Digest ,', 'Digest username=', '-1', '1e3', '99999999999999999999'];
  const to = { address: '127.0.0.1', port: office.port('udp') };
  for (const method of ['REGISTER', 'INVITE', 'OPTIONS', 'SUBSCRIBE', 'INFO', 'PUBLISH']) {
    for (const header of ['Contact', 'Authorization', 'Expires', 'Require', 'Supported', 'Session-Expires', 'Min-SE', 'Max-Forwards', 'Reason', 'User-Agent', 'Content-Type', 'Info-Package', 'Event']) {
      for (const value of odd) {
        await ann.peer.send(ann.peer.request(method, 'sip:102@office.example', { contact: null, headers: [[header, value]], ...(method === 'INVITE' ? { body: SDP('1') } : {}) }), to);
      }
      // One at a time through the whole system, so that nothing is lost in a full socket buffer.
      const alive = await ann.ask('OPTIONS', 'sip:office.example');
      t.equal(alive.status, 200, `${method} with odd ${header}`);
    }
  }
  for (const value of odd) {
    const text = ann.peer.request('INVITE', 'sip:102@office.example', { body: SDP('1') });
    await ann.peer.send(text.replace(/^From: .*$/m, `From: ${value}`), to);
    await ann.peer.send(text.replace(/^To: .*$/m, `To: ${value}`), to);
    await ann.peer.send(text.replace('INVITE sip:102@office.example', `INVITE ${value.replace(/\s/g, '') || 'x'}`), to);
  }
  t.equal((await ann.ask('OPTIONS', 'sip:office.example')).status, 200, 'odd From, To and Request-URI');

  // A phone that answers our calls oddly.
  for (const contact of [';', '<sip:', 'x', '<mailto:a@b>']) {
    const call = await ann.dial('102');
    const rung = await bob.called();
    await rung.refuse(302, 'Moved', [['Contact', contact]]);
    await call.ack(await call.response(480));
  }
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

t.test('an edge that is connected but says nothing any more is left', async (t) => {
  const office = await startOffice(t);
  const silent = createServer();
  const connections: Socket[] = [];
  let onSecond = (): void => undefined;
  const second = new Promise<void>((resolve) => {
    onSecond = resolve;
  });
  silent.on('connection', (socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
    // Takes the application in, and never says a word again.
    socket.once('data', (frame: Buffer) => {
      const id = /#([^|]+)\|authenticate/.exec(frame.toString())?.[1] ?? '';
      const reply = `x|response|${id}|OK|udp/127.0.0.1:5060|v0.9.10|udp/127.0.0.1:5060`;
      socket.write(`${Buffer.byteLength(reply)}#${reply}`);
    });
    if (connections.length === 2) onSecond();
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const app = createSipApp({
    directory: office.directory, callLog: office.calls, clock: { now: () => Date.now() }, ids: { next: () => 'x' }, log: office.log, nodeId: 'n',
    ...unused, control: { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0, secret: 's' },
    watchTimes: { everyMs: 20, answerMs: 40 },
  });
  t.teardown(async () => {
    await app.stop('shutdown');
    for (const socket of connections) socket.destroy();
    silent.close();
  });
  await app.start();
  await second;
  t.ok(office.log.lines.some(({ event }) => event === 'connection to the SIP edge lost'));
});
