/** Random courses of events for one transaction, and the scene they play in. */
import fc from 'fast-check';
import type { SipRequest, SipResponse } from '../../sip/edge/syntax/message.js';
import { parseMessage } from '../../sip/edge/syntax/parse.js';
import { TimerWheel } from '../../sip/edge/transaction/timer-wheel.js';
import { defaultTimers } from '../../sip/edge/transaction/timers.js';
import type { Flow, Listener } from '../../sip/edge/transport/transport.js';

const FACTS = 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKone\r\nFrom: <sip:a@example.com>;tag=a\r\nTo: <sip:b@example.com>;tag=b\r\nCall-ID: one';
export const requestText = (method: string): string =>
  `${method} sip:b@example.com SIP/2.0\r\n${FACTS}\r\nCSeq: 1 ${method}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`;
export const responseText = (status: number, method: string): string =>
  `SIP/2.0 ${status} Any\r\n${FACTS}\r\nCSeq: 1 ${method}\r\nContent-Length: 0\r\n\r\n`;

/** A request of that method, read as from the wire. */
export function request(method: string): SipRequest {
  const parsed = parseMessage(requestText(method));
  if (parsed.kind === 'invalid' || parsed.message.kind !== 'request') throw new Error(`unreadable: ${requestText(method)}`);
  return parsed.message;
}

/** A response to it. */
export function response(status: number, method: string): SipResponse {
  const parsed = parseMessage(responseText(status, method));
  if (parsed.kind === 'invalid' || parsed.message.kind !== 'response') throw new Error(`unreadable: ${responseText(status, method)}`);
  return parsed.message;
}

const listener: Listener = { transport: 'udp', host: '0.0.0.0', port: 5060, advertised: () => ({ host: '192.0.2.1', port: 5060 }) };
/** A flow that goes nowhere. */
export const flowOf = (reliable: boolean): Flow => ({
  id: 1, transport: reliable ? 'tcp' : 'udp', reliable, listener, closed: false,
  local: { address: '192.0.2.1', port: 5060 }, remote: { address: '203.0.113.5', port: 40_000 },
});

/** One thing that happens. */
type Happening =
  | { readonly kind: 'message'; readonly status: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'close' | 'abandon' | 'ack' };
const status = fc.constantFrom(100, 180, 183, 200, 202, 301, 404, 486, 503, 603);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: status.map((code): Happening => ({ kind: 'message', status: code })) },
  { weight: 6, arbitrary: fc.constantFrom(0, 100, 500, 3_999, 5_000, 32_000).map((ms): Happening => ({ kind: 'wait', ms })) },
  { weight: 2, arbitrary: fc.constant<Happening>({ kind: 'ack' }) },
  { weight: 1, arbitrary: fc.constantFrom<Happening>({ kind: 'close' }, { kind: 'abandon' }) },
);
/** A random course of events. */
export const story = fc.record({
  reliable: fc.boolean(), happenings: fc.array(happening, { maxLength: 25 }),
  /** The user gives up when it hears of the n-th thing. */
  abandonsAt: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
});
export type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;
/** Every run plays the same stories. */
export const SEED = { seed: 20_261_122, numRuns: 400 };

/** The wheel, the flow and what was sent on it. */
export class Scene {
  readonly wheel = new TimerWheel(100);
  readonly sent: string[] = [];
  readonly flow: Flow;
  closed = false;
  #now = 0;
  readonly context = {
    wheel: this.wheel, timers: defaultTimers,
    send: (_flow: Flow, bytes: Buffer): 'sent' | 'closed' => {
      if (this.closed) return 'closed';
      this.sent.push(bytes.toString('latin1').split('\r\n')[0] ?? '');
      return 'sent';
    },
  };

  constructor(reliable: boolean) {
    this.flow = flowOf(reliable);
  }

  wait(ms: number): void {
    this.#now += ms;
    this.wheel.advance(this.#now);
  }
}

/** Whether what a client transaction told is a final response. */
export const isFinal = (what: string): boolean => Number(what) >= 200;
