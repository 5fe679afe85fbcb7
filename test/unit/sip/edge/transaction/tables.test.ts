import t from 'tap';
import { inviteClientStart, stepInviteClient, type InviteClientEvent, type InviteClientState } from '../../../../../sip/edge/transaction/invite-client.js';
import { stepInviteServer, type InviteServerEvent, type InviteServerState } from '../../../../../sip/edge/transaction/invite-server.js';
import { nonInviteClientStart, stepNonInviteClient, type NonInviteClientEvent, type NonInviteClientState } from '../../../../../sip/edge/transaction/non-invite-client.js';
import { stepNonInviteServer, type NonInviteServerEvent, type NonInviteServerState } from '../../../../../sip/edge/transaction/non-invite-server.js';
import { timerDelay, type TimerName } from '../../../../../sip/edge/transaction/timers.js';

type Row<S, E> = readonly [rule: string, state: S, event: E, next: S, effects: readonly string[]];

const inviteClient: readonly Row<InviteClientState, InviteClientEvent>[] = [
  ['§17.1.1.2 calling: A fires → retransmit, A again', 'calling', 'timer-A', 'calling', ['send-request', 'again-A']],
  ['§17.1.1.2 calling: B fires → timeout to the user', 'calling', 'timer-B', 'terminated', ['stop-A', 'report-timeout']],
  ['§17.1.1.2 calling: 1xx → proceeding, no more retransmissions', 'calling', 'receive-1xx', 'proceeding', ['stop-A', 'stop-B', 'pass-response']],
  ['RFC 6026 §8.4 calling: 2xx → accepted with M', 'calling', 'receive-2xx', 'accepted', ['stop-A', 'stop-B', 'pass-response', 'start-M']],
  ['§17.1.1.2 calling: 300-699 → ACK, completed with D', 'calling', 'receive-3xx-6xx', 'completed', ['stop-A', 'stop-B', 'send-ack', 'pass-response', 'start-D']],
  ['§17.1.4 calling: transport error → terminated, reported', 'calling', 'transport-error', 'terminated', ['stop-A', 'stop-B', 'report-transport-error']],
  ['§17.1.1.2 proceeding: further 1xx are passed', 'proceeding', 'receive-1xx', 'proceeding', ['pass-response']],
  ['RFC 6026 §8.4 proceeding: 2xx → accepted', 'proceeding', 'receive-2xx', 'accepted', ['pass-response', 'start-M']],
  ['§17.1.1.2 proceeding: failure → completed', 'proceeding', 'receive-3xx-6xx', 'completed', ['send-ack', 'pass-response', 'start-D']],
  ['§17.1.1.2 proceeding: A of before does nothing', 'proceeding', 'timer-A', 'proceeding', []],
  ['§17.1.1.2 completed: repeated failure → ACK again, not passed', 'completed', 'receive-3xx-6xx', 'completed', ['send-ack']],
  ['§17.1.1.2 completed: D fires → terminated', 'completed', 'timer-D', 'terminated', []],
  ['§17.1.1.2 completed: a late 1xx is not passed', 'completed', 'receive-1xx', 'completed', []],
  ['RFC 6026 §7.2 accepted: every further 2xx goes to the user', 'accepted', 'receive-2xx', 'accepted', ['pass-response']],
  ['RFC 6026 §7.2 accepted: M fires → terminated', 'accepted', 'timer-M', 'terminated', []],
  ['RFC 6026 §7.2 accepted: a failure after the 2xx is ignored', 'accepted', 'receive-3xx-6xx', 'accepted', []],
];
const nonInviteClient: readonly Row<NonInviteClientState, NonInviteClientEvent>[] = [
  ['§17.1.2.2 trying: E fires → retransmit, E again', 'trying', 'timer-E', 'trying', ['send-request', 'again-E']],
  ['§17.1.2.2 trying: F fires → timeout', 'trying', 'timer-F', 'terminated', ['stop-E', 'report-timeout']],
  ['§17.1.2.2 trying: 1xx → proceeding', 'trying', 'receive-1xx', 'proceeding', ['pass-response']],
  ['§17.1.2.2 trying: final → completed with K', 'trying', 'receive-final', 'completed', ['stop-E', 'stop-F', 'pass-response', 'start-K']],
  ['§17.1.4 trying: transport error', 'trying', 'transport-error', 'terminated', ['stop-E', 'stop-F', 'report-transport-error']],
  ['§17.1.2.2 proceeding: E fires → retransmit at T2', 'proceeding', 'timer-E', 'proceeding', ['send-request', 'again-E-t2']],
  ['§17.1.2.2 proceeding: F still limits', 'proceeding', 'timer-F', 'terminated', ['stop-E', 'report-timeout']],
  ['§17.1.2.2 completed: retransmitted finals are absorbed', 'completed', 'receive-final', 'completed', []],
  ['§17.1.2.2 completed: K fires → terminated', 'completed', 'timer-K', 'terminated', []],
];
const inviteServer: readonly Row<InviteServerState, InviteServerEvent>[] = [
  ['§17.2.1 proceeding: retransmission → last provisional again', 'proceeding', 'receive-request', 'proceeding', ['send-response']],
  ['§17.2.1 proceeding: 1xx is sent', 'proceeding', 'respond-1xx', 'proceeding', ['send-response']],
  ['RFC 6026 §8.5 proceeding: 2xx → accepted with L', 'proceeding', 'respond-2xx', 'accepted', ['send-response', 'start-L']],
  ['§17.2.1 proceeding: failure → completed with G and H', 'proceeding', 'respond-3xx-6xx', 'completed', ['send-response', 'start-G', 'start-H']],
  ['RFC 6026 §7.1 proceeding: transport error → stays', 'proceeding', 'transport-error', 'proceeding', ['report-transport-error']],
  ['§17.2.1 completed: G fires → failure again, G again', 'completed', 'timer-G', 'completed', ['send-response', 'again-G']],
  ['§17.2.1 completed: H fires → timeout', 'completed', 'timer-H', 'terminated', ['stop-G', 'report-timeout']],
  ['§17.2.1 completed: ACK → confirmed with I', 'completed', 'receive-ack', 'confirmed', ['stop-G', 'stop-H', 'start-I']],
  ['§17.2.1 completed: retransmission → failure again', 'completed', 'receive-request', 'completed', ['send-response']],
  ['§17.2.1 confirmed: further ACKs are absorbed', 'confirmed', 'receive-ack', 'confirmed', []],
  ['§17.2.1 confirmed: I fires → terminated', 'confirmed', 'timer-I', 'terminated', []],
  ['RFC 6026 §7.1 accepted: INVITE retransmissions are absorbed', 'accepted', 'receive-request', 'accepted', []],
  ['RFC 6026 §7.1 accepted: ACK goes to the user', 'accepted', 'receive-ack', 'accepted', ['pass-ack']],
  ['RFC 6026 §7.1 accepted: no failure after a 2xx', 'accepted', 'respond-3xx-6xx', 'accepted', []],
  ['RFC 6026 §7.1 accepted: L fires → terminated', 'accepted', 'timer-L', 'terminated', []],
];
const nonInviteServer: readonly Row<NonInviteServerState, NonInviteServerEvent>[] = [
  ['§17.2.2 trying: retransmission is discarded', 'trying', 'receive-request', 'trying', []],
  ['§17.2.2 trying: 1xx → proceeding', 'trying', 'respond-1xx', 'proceeding', ['send-response']],
  ['§17.2.2 trying: final → completed with J', 'trying', 'respond-final', 'completed', ['send-response', 'start-J']],
  ['§17.2.2 proceeding: retransmission → last provisional again', 'proceeding', 'receive-request', 'proceeding', ['send-response']],
  ['§17.2.2 completed: retransmission → final again', 'completed', 'receive-request', 'completed', ['send-response']],
  ['§17.2.2 completed: another final is discarded', 'completed', 'respond-final', 'completed', []],
  ['§17.2.2 completed: J fires → terminated', 'completed', 'timer-J', 'terminated', []],
];

function check<S extends string, E extends string>(
  test: Pick<typeof t, 'strictSame'>, rows: readonly Row<S, E>[], step: (state: S, event: E) => { readonly state: string; readonly effects: readonly string[] },
): void {
  for (const [rule, state, event, next, effects] of rows) {
    test.strictSame(step(state, event), { state: next, effects }, rule);
  }
}

t.test('INVITE client (RFC 3261 Figure 5, RFC 6026 Figure 8)', (t) => {
  t.strictSame(inviteClientStart, { state: 'calling', effects: ['send-request', 'start-A', 'start-B'] }, '§17.1.1.2 start');
  check(t, inviteClient, stepInviteClient);
  t.end();
});
t.test('non-INVITE client (RFC 3261 Figure 6)', (t) => {
  t.strictSame(nonInviteClientStart, { state: 'trying', effects: ['send-request', 'start-E', 'start-F'] }, '§17.1.2.2 start');
  check(t, nonInviteClient, stepNonInviteClient);
  t.end();
});
t.test('INVITE server (RFC 3261 Figure 7, RFC 6026 Figure 7)', (t) => {
  check(t, inviteServer, stepInviteServer);
  t.end();
});
t.test('non-INVITE server (RFC 3261 Figure 8)', (t) => {
  check(t, nonInviteServer, stepNonInviteServer);
  t.end();
});

t.test('terminated is final: no event leaves it or does anything', (t) => {
  const dead = { state: 'terminated', effects: [] };
  for (const [, , event] of inviteClient) t.strictSame(stepInviteClient('terminated', event), dead, `INVITE client ${event}`);
  for (const [, , event] of nonInviteClient) t.strictSame(stepNonInviteClient('terminated', event), dead, `client ${event}`);
  for (const [, , event] of inviteServer) t.strictSame(stepInviteServer('terminated', event), dead, `INVITE server ${event}`);
  for (const [, , event] of nonInviteServer) t.strictSame(stepNonInviteServer('terminated', event), dead, `server ${event}`);
  t.end();
});

t.test('timer values (RFC 3261 Table 4, RFC 6026)', (t) => {
  const base = { t1: 500, t2: 4_000, t4: 5_000 };
  const rows: readonly [TimerName, unreliable: number | undefined, reliable: number | undefined][] = [
    ['A', 500, undefined], ['B', 32_000, 32_000], ['D', 32_000, 0], ['E', 500, undefined], ['F', 32_000, 32_000], ['G', 500, undefined],
    ['H', 32_000, 32_000], ['I', 5_000, 0], ['J', 32_000, 0], ['K', 5_000, 0], ['L', 32_000, 32_000], ['M', 32_000, 32_000],
  ];
  for (const [name, unreliable, reliable] of rows) {
    t.equal(timerDelay(name, base, false), unreliable, `${name} over UDP`);
    t.equal(timerDelay(name, base, true), reliable, `${name} over TCP`);
  }
  t.end();
});
