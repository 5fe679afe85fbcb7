import t from 'tap';
import type { SipMessage } from 'drachtio-srf';
import { createHoldClock, putsOnHold } from '../../../../../sip/app/calls/hold.js';
import { agreedSession, answerSession, keepSession, sessionTooShort } from '../../../../../sip/app/calls/session-timers.js';

const message = (headers: Record<string, string>): SipMessage => ({ headers, body: '' });
const sdp = (...lines: readonly string[]): string => ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', ...lines, ''].join('\r\n');

t.test('hold (RFC 3264 §8.4)', (t) => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['nothing said is sendrecv', sdp('m=audio 1 RTP/AVP 8'), false],
    ['sendonly holds', sdp('m=audio 1 RTP/AVP 8', 'a=sendonly'), true],
    ['inactive holds', sdp('m=audio 1 RTP/AVP 8', 'a=inactive'), true],
    ['recvonly does not', sdp('m=audio 1 RTP/AVP 8', 'a=recvonly'), false],
    ['a session attribute counts for the medium', sdp('a=sendonly', 'm=audio 1 RTP/AVP 8'), true],
    ['the medium overrides the session', sdp('a=sendonly', 'm=audio 1 RTP/AVP 8', 'a=sendrecv'), false],
    ['RFC 2543 §B.5: connected to nowhere', sdp('c=IN IP4 0.0.0.0', 'm=audio 1 RTP/AVP 8'), true],
    ['the medium has a connection of its own', sdp('c=IN IP4 0.0.0.0', 'm=audio 1 RTP/AVP 8', 'c=IN IP4 192.0.2.1'), false],
    ['only the first medium counts', sdp('m=audio 1 RTP/AVP 8', 'm=video 2 RTP/AVP 99', 'a=inactive'), false],
    ['no medium, no hold', '', false],
  ];
  for (const [rule, text, held] of rows) t.equal(putsOnHold(text), held, rule);
  t.end();
});

t.test('hold time counts once, whoever holds', (t) => {
  const clock = createHoldClock();
  clock.set('caller', true, 100);
  clock.set('callee', true, 150);
  clock.set('caller', false, 200);
  t.ok(clock.held);
  t.equal(clock.total(250), 150);
  clock.set('callee', false, 300);
  t.notOk(clock.held);
  t.equal(clock.total(900), 200);
  clock.set('caller', true, 1000);
  t.equal(clock.total(1010), 210);
  t.end();
});

t.test('session timers (RFC 4028)', (t) => {
  const rows: readonly (readonly [string, Record<string, string>, number, string | undefined])[] = [
    ['a peer without timer gets none', { 'session-expires': '600' }, 1800, undefined],
    ['ours, refreshed by the peer', { supported: 'timer' }, 1800, '1800;refresher=uac'],
    ['the smaller interval', { supported: 'replaces, timer', 'session-expires': '600' }, 1800, '600;refresher=uac'],
    ['the peer chose its refresher', { supported: 'timer', 'session-expires': '3600;refresher=uas' }, 1800, '1800;refresher=uas'],
    ['compact form', { supported: 'timer', x: '700;refresher=uac' }, 1800, '700;refresher=uac'],
    ["not below the peer's Min-SE", { supported: 'timer', 'session-expires': '3600', 'min-se': '2400' }, 1800, '2400;refresher=uac'],
    ['not below 90 s', { supported: 'timer', 'session-expires': '20' }, 1800, '90;refresher=uac'],
    ["no wish of ours, the peer's holds", { supported: 'timer', 'session-expires': '600' }, 0, '600;refresher=uac'],
    ['nobody wants one', { supported: 'timer' }, 0, undefined],
  ];
  for (const [rule, headers, ours, given] of rows) t.equal(answerSession(message(headers), ours).headers['Session-Expires'], given, rule);
  t.ok(sessionTooShort(message({ supported: 'timer', 'session-expires': '60' })));
  t.notOk(sessionTooShort(message({ 'session-expires': '60' })), 'a peer that does not know the 422 would not understand it');
  t.same(agreedSession(message({ 'session-expires': '900;refresher=uas' })), { seconds: 900, weRefresh: false });
  t.same(agreedSession(message({ 'session-expires': '900' })), { seconds: 900, weRefresh: true });
  t.equal(agreedSession(message({})), null);
  t.equal(keepSession({ seconds: 900, weRefresh: true })['Session-Expires'], '900;refresher=uac');
  t.same(keepSession(null), {});
  t.end();
});
