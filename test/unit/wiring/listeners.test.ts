import t from 'tap';
import { readSettings } from '../../../src/config/settings.js';
import { listenersOf } from '../../../src/wiring/edge.js';

const rows: readonly (readonly [rule: string, env: NodeJS.ProcessEnv, expected: readonly string[]])[] = [
  ['unset: the usual ports, where they are free', {}, ['udp 5060', 'tcp 5060', 'tls 5061 if free', 'ws 5066 if free', 'wss 7443 if free']],
  ['off', { SIP_TLS_PORT: 'off', SIP_WS_PORT: 'OFF', SIP_WSS_PORT: 'off' }, ['udp 5060', 'tcp 5060']],
  ['set: must be free', { SIP_PORT: '1', SIP_TLS_PORT: '5061', SIP_WS_PORT: '0', SIP_WSS_PORT: '443' }, ['udp 1', 'tcp 1', 'tls 5061', 'ws 0', 'wss 443']],
];

t.test('what listens for phones', async (t) => {
  for (const [rule, env, expected] of rows) {
    const result = readSettings(new Map(), { ...env, SIP_BIND: '127.0.0.1' });
    if (result.kind !== 'settings') return t.fail(result.problems.join());
    const listeners = listenersOf(result.settings);
    t.same(listeners.map(({ transport, port, ifFree }) => `${transport} ${port}${ifFree === true ? ' if free' : ''}`), expected, rule);
    t.ok(listeners.every(({ host }) => host === '127.0.0.1'));
  }
});
