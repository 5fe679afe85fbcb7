/** What the client transactions keep under any course of responses, time and closed connections; docs/spec names these tests. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { SipResponse } from '../../../../../sip/edge/syntax/message.js';
import { InviteClientTransaction, NonInviteClientTransaction } from '../../../../../sip/edge/transaction/client-transaction.js';
import { SEED, Scene, isFinal, requestText, response, story, type Story } from '../../../../support/transaction-stories.js';

interface ClientEnd {
  readonly state: string;
  readonly passed: readonly string[];
  readonly ended: number;
  readonly scene: Scene;
  readonly sentAfterEnd: number;
  /** Timers still running after something happened to an ended one. */
  readonly lingering: number;
}

/** Plays a story to a client transaction, then lets 64*T1 pass twice. @param method decides which of the two */
function playClient(method: 'INVITE' | 'OPTIONS', { reliable, happenings, abandonsAt }: Story): ClientEnd {
  const scene = new Scene(reliable);
  const passed: string[] = [];
  let ended = 0;
  let sentAtEnd = 0;
  const heard = (what: string): void => {
    passed.push(what);
    if (abandonsAt === passed.length && transaction.kind === 'invite') transaction.abandon();
  };
  const user = {
    onResponse: (message: SipResponse) => heard(String(message.status)),
    onTimeout: () => heard('timeout'),
    onTransportError: () => heard('transport-error'),
  };
  const end = { onTerminated: (): void => { ended += 1; sentAtEnd = scene.sent.length; } };
  const transaction = method === 'INVITE'
    ? new InviteClientTransaction('key', requestText(method), scene.flow, user, scene.context, end)
    : new NonInviteClientTransaction('key', requestText(method), scene.flow, user, scene.context, end);
  let lingering = 0;
  const look = (): void => {
    if (transaction.state === 'terminated') lingering = Math.max(lingering, scene.wheel.size);
  };
  transaction.start();
  for (const each of happenings) {
    // The layer forgets the key of one that ended: no response finds it.
    if (each.kind === 'message' && transaction.state !== 'terminated') transaction.onResponse(response(each.status, method), scene.flow);
    else if (each.kind === 'wait') scene.wait(each.ms);
    else if (each.kind === 'close') {
      scene.closed = true;
      transaction.onFlowClosed();
    } else if (each.kind === 'abandon' && transaction.kind === 'invite') transaction.abandon();
    look();
  }
  scene.wait(64_000);
  return { state: transaction.state, passed, ended, scene, sentAfterEnd: ended === 0 ? 0 : scene.sent.length - sentAtEnd, lingering };
}

function clientProperty(t: Test, method: 'INVITE' | 'OPTIONS', holds: (end: ClientEnd, story: Story) => boolean): void {
  t.doesNotThrow(() => fc.assert(fc.property(story, (each) => holds(playClient(method, each), each)), SEED));
}

t.test('INVITE client: a failure is passed up once, and nothing but a transport error after it', (t) => {
  clientProperty(t, 'INVITE', ({ passed }) => {
    const at = passed.findIndex((what) => Number(what) >= 300);
    return at < 0 || passed.slice(at + 1).every((what) => what === 'transport-error');
  });
  t.end();
});

t.test('INVITE client: after a 2xx only 2xx are passed up', (t) => {
  clientProperty(t, 'INVITE', ({ passed }) => {
    const at = passed.findIndex((what) => what.startsWith('2'));
    return at < 0 || passed.slice(at).every((what) => what.startsWith('2'));
  });
  t.end();
});

t.test('INVITE client: every transaction ends once it has a final response, and its timers with it', (t) => {
  clientProperty(t, 'INVITE', ({ state, ended, scene, passed, sentAfterEnd, lingering }) => {
    if (state !== 'terminated') return state === 'proceeding' && ended === 0 && scene.wheel.size === 0 && !passed.some(isFinal);
    return ended === 1 && scene.wheel.size === 0 && lingering === 0 && sentAfterEnd === 0;
  });
  t.end();
});

t.test('INVITE client: each failure received while it lives is acknowledged', (t) => {
  clientProperty(t, 'INVITE', ({ scene, passed }, { happenings }) => {
    const acks = scene.sent.filter((line) => line.startsWith('ACK ')).length;
    const failures = happenings.filter((each) => each.kind === 'message' && each.status >= 300).length;
    if (acks > failures) return false;
    const firstIsFailure = passed.find(isFinal)?.match(/^[3-6]/) != null;
    return firstIsFailure ? acks >= 1 : acks === 0;
  });
  t.end();
});

t.test('INVITE client: nothing is retransmitted over a reliable transport', (t) => {
  clientProperty(t, 'INVITE', ({ scene }, { reliable }) => !reliable || scene.sent.filter((line) => line.startsWith('INVITE')).length <= 1);
  t.end();
});

t.test('non-INVITE client: at most one final result goes up, and nothing after it', (t) => {
  clientProperty(t, 'OPTIONS', ({ passed }) => {
    const at = passed.findIndex((what) => isFinal(what) || Number.isNaN(Number(what)));
    return at < 0 || at === passed.length - 1;
  });
  t.end();
});

t.test('non-INVITE client: every transaction ends within 64*T1 and K, and its timers with it', (t) => {
  clientProperty(t, 'OPTIONS', ({ state, ended, scene, sentAfterEnd, lingering }) =>
    state === 'terminated' && ended === 1 && scene.wheel.size === 0 && lingering === 0 && sentAfterEnd === 0);
  t.end();
});
