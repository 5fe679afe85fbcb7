import t from 'tap';
import { ServerMemory } from '../../../../../sip/edge/dialog/server-memory.js';
import { orderServers } from '../../../../../sip/edge/dialog/server-order.js';
import type { ConnectTarget, TransportName } from '../../../../../sip/edge/transport/transport.js';

const at = (transport: TransportName, host: string): ConnectTarget => ({ transport, host, port: 5060 });
const shown = (targets: readonly ConnectTarget[], mayChange: boolean, memory: ServerMemory): string =>
  orderServers(targets, mayChange, memory).map(({ target, insteadOfUdp }) => `${target.transport} ${target.host}${insteadOfUdp ? ' instead' : ''}`).join(', ');

t.test('what failed is tried last, for a while (RFC 3263 §4.3)', (t) => {
  let now = 0;
  const memory = new ServerMemory(() => now);
  const targets = [at('udp', 'a'), at('udp', 'b'), at('udp', 'c')];
  memory.failed(targets[0]!);
  t.equal(shown(targets, false, memory), 'udp b, udp c, udp a');
  t.equal(shown([at('tcp', 'a'), at('udp', 'b')], false, memory), 'tcp a, udp b', 'another transport of it is another server');
  now = 31_999;
  t.equal(shown(targets, false, memory), 'udp b, udp c, udp a');
  now = 32_000;
  t.equal(shown(targets, false, memory), 'udp a, udp b, udp c', '32 s');
  memory.failed(targets[0]!, 120);
  now += 119_000;
  t.ok(memory.isDown(targets[0]!), 'Retry-After of a 503 counts (RFC 3261 §21.5.4)');
  memory.answered(targets[0]!);
  t.notOk(memory.isDown(targets[0]!), 'a server that answers is up');
  memory.failed(targets[0]!, 1e9);
  now += 300_000;
  t.notOk(memory.isDown(targets[0]!), 'five minutes at most');
  t.end();
});

t.test('large requests (RFC 3261 §18.1.1)', (t) => {
  let now = 0;
  const memory = new ServerMemory(() => now);
  const udp = [at('udp', 'a'), at('udp', 'b')];
  t.equal(shown(udp, false, memory), 'udp a, udp b', 'what fits stays');
  t.equal(shown(udp, true, memory), 'tcp a instead, udp a, tcp b instead, udp b', 'TCP, then UDP after all');
  t.equal(shown([at('udp', 'a'), at('tcp', 'b'), at('tls', 'c')], true, memory), 'tcp b, tls c, udp a', 'the DNS names streams: those first');
  memory.refusedTcp(at('tcp', 'a'));
  t.equal(shown(udp, true, memory), 'udp a, tcp b instead, udp b', 'a peer that refused TCP is spared');
  now = 300_000;
  t.equal(shown(udp, true, memory), 'tcp a instead, udp a, tcp b instead, udp b', 'for five minutes');
  t.end();
});
