import t from 'tap';
import { addressing, dialogIdOf, type Dialog } from '../../../../../sip/edge/dialog/dialog.js';
import { stepDialog } from '../../../../../sip/edge/dialog/dialog-state.js';
import { DialogTable } from '../../../../../sip/edge/dialog/dialog-table.js';
import { goesByFlow } from '../../../../../sip/edge/dialog/dispatch.js';
import type { Application } from '../../../../../sip/edge/dialog/application.js';
import type { Flow, Listener } from '../../../../../sip/edge/transport/transport.js';

const ignore = (): void => undefined;
const app: Application = { id: 1, closed: false, handOver: ignore, requestSent: ignore, proxyResponse: ignore, proxyDone: ignore, responseSent: ignore, refuse: ignore };
const listener: Listener = { transport: 'udp', host: '0.0.0.0', port: 5060, advertised: () => ({ host: '192.0.2.1', port: 5060 }) };
const flow: Flow = {
  id: 1, transport: 'udp', reliable: false, listener, closed: false,
  local: { address: '192.0.2.1', port: 5060 }, remote: { address: '203.0.113.5', port: 40_000 },
};
const stream: Flow = { ...flow, id: 2, transport: 'tcp', reliable: true };

const dialog = (fields: Partial<Dialog> = {}): Dialog => ({
  id: dialogIdOf('call', 'them'), role: 'uas', method: 'INVITE', callId: 'call', localTag: 'us', remoteTag: 'them',
  local: '<sip:us@example.com>;tag=us', remote: '<sip:them@example.com>;tag=them', app, transactionId: 'tid', state: 'early',
  routeSet: [], remoteTarget: 'sip:them@198.51.100.7', localCSeq: 1, remoteCSeq: 1, flow, byFlow: true, localSession: '',
  served: undefined, sent: undefined, watch: undefined, ...fields,
});

t.test('states (RFC 3261 §12, §15)', (t) => {
  const rows = [
    ['§12.1 a 2xx confirms', 'early', 'success', 'confirmed'],
    ['§12.3 a failure ends an early dialog', 'early', 'failure', 'terminated'],
    ['§13.2.2.4 the other forks end with the 2xx', 'early', 'answered-elsewhere', 'terminated'],
    ['§15 BYE ends an early dialog', 'early', 'bye-received', 'terminated'],
    ['a lost application ends an early dialog by its INVITE', 'early', 'application-lost', 'early'],
    ['§14.1 a failed re-INVITE leaves the dialog', 'confirmed', 'failure', 'confirmed'],
    ['§12.2.1.2 a 2xx of a re-INVITE leaves it confirmed', 'confirmed', 'success', 'confirmed'],
    ['§15 BYE ends it', 'confirmed', 'bye-received', 'terminated'],
    ['§15.1.1 so does ours', 'confirmed', 'own-bye', 'terminated'],
    ['RFC 6665 §4.1.3 the last NOTIFY ends it', 'confirmed', 'subscription-over', 'terminated'],
    ['a lost application ends it', 'confirmed', 'application-lost', 'terminated'],
    ['RFC 4028 a session timer leaves it', 'confirmed', 'session-timer-agreed', 'confirmed'],
    ['what is over stays over', 'terminated', 'success', 'terminated'],
  ] as const;
  for (const [rule, state, event, next] of rows) t.equal(stepDialog(state, event).state, next, rule);
  t.end();
});

t.test('addressing (RFC 3261 §12.2.1.1)', (t) => {
  t.strictSame(addressing(dialog()), { uri: 'sip:them@198.51.100.7', routes: [], nextHop: 'sip:them@198.51.100.7' }, 'no route set: the remote target');
  t.strictSame(addressing(dialog({ routeSet: ['<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>'] })), {
    uri: 'sip:them@198.51.100.7', routes: ['<sip:p1.example.com;lr>', '<sip:p2.example.com;lr>'], nextHop: 'sip:p1.example.com;lr',
  }, 'loose router: target in the Request-URI, whole set in Route');
  t.strictSame(addressing(dialog({ routeSet: ['<sip:p1.example.com>', '<sip:p2.example.com;lr>'] })), {
    uri: 'sip:p1.example.com', routes: ['<sip:p2.example.com;lr>', '<sip:them@198.51.100.7>'], nextHop: 'sip:p1.example.com',
  }, 'strict router: it becomes the Request-URI, the target the last Route');
  t.end();
});

t.test('the way back (drachtio wire protocol §10)', (t) => {
  const route = ['<sip:proxy.example.com;lr>'];
  const rows: readonly [string, boolean, boolean][] = [
    ['UAS over UDP without Record-Route: source of the INVITE', goesByFlow('uas', [], '', '10.0.0.7', flow), true],
    ['UAS with Record-Route: by the route set', goesByFlow('uas', route, 'proxy.example.com', undefined, flow), false],
    ['UAC over UDP, Contact elsewhere: source of the 2xx', goesByFlow('uac', [], '', '10.0.0.7', flow), true],
    ['UAC over UDP, Contact as the source: by the Contact', goesByFlow('uac', [], '', '203.0.113.5', flow), false],
    ['UAC, first route private and not the source: source of the 2xx', goesByFlow('uac', ['<sip:10.1.1.1;lr>'], '10.1.1.1', undefined, flow), true],
    ['UAC, first route public: by the route set', goesByFlow('uac', route, '198.51.100.1', undefined, flow), false],
    ['streams without route set: the connection', goesByFlow('uac', [], '', '203.0.113.5', stream), true],
  ];
  for (const [rule, got, expected] of rows) t.equal(got, expected, rule);
  t.end();
});

t.test('DialogTable', (t) => {
  const table = new DialogTable();
  const first = dialog({ remoteTag: 'fork1' });
  const second = dialog({ remoteTag: 'fork2' });
  table.add(first);
  table.add(second);
  t.equal(table.size, 2, 'forks are two dialogs');
  t.equal(table.find('call', 'us', 'fork1'), first, 'RFC 3261 §12.2.2: found by Call-ID and both tags');
  t.equal(table.find('call', 'us', 'other'), undefined);
  t.equal(table.byId('call;from-tag=them'), second, 'the id they share names the newest');
  table.apply(first, 'success');
  t.equal(table.byId('call;from-tag=them'), first, 'the confirmed one wins');
  table.apply(second, 'failure');
  t.equal(table.byId('call;from-tag=them'), first, 'a lost fork does not take the id along');
  t.equal(table.count('uas'), 1);
  let told = 0;
  first.served = { cseq: 1, unanswered: false, onDialogEnded: () => { told += 1; } };
  first.watch = { stop: () => { told += 1; } };
  table.apply(first, 'bye-received');
  table.apply(first, 'bye-received');
  t.equal(told, 2, 'usages and session timer are told once');
  t.equal(table.size, 0);
  t.equal(table.byId('call;from-tag=them'), undefined);
  t.end();
});
