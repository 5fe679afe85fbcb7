/** What the server transactions keep under any course of answers, repetitions, time and closed connections; docs/spec names these tests. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { InviteServerTransaction, NonInviteServerTransaction } from '../../../../../sip/edge/transaction/server-transaction.js';
import { SEED, Scene, request, responseText, story, type Story } from '../../../../support/transaction-stories.js';

interface ServerEnd {
  readonly state: string;
  readonly scene: Scene;
  readonly ended: number;
  readonly answered: number;
  readonly outcomes: readonly { readonly status: number; readonly outcome: string }[];
  readonly acks: number;
  readonly sentAfterEnd: number;
  /** Timers still running after something happened to an ended one. */
  readonly lingering: number;
}

/** Plays a story to a server transaction: `message` is the user's response, `ack` the peer's ACK or retransmission. */
function playServer(method: 'INVITE' | 'OPTIONS', { reliable, happenings, abandonsAt }: Story): ServerEnd {
  const scene = new Scene(reliable);
  const outcomes: { readonly status: number; readonly outcome: string }[] = [];
  let [ended, answered, acks, sentAtEnd, told] = [0, 0, 0, 0, 0];
  const end = {
    onAnswered: (): void => { answered += 1; },
    onTerminated: (): void => { ended += 1; sentAtEnd = scene.sent.length; },
  };
  const invite = new InviteServerTransaction('id', 'key', request('INVITE'), scene.flow, 0, scene.context, end);
  const other = new NonInviteServerTransaction('id', 'key', request('OPTIONS'), scene.flow, 0, scene.context, end);
  const transaction = method === 'INVITE' ? invite : other;
  const heard = (): void => {
    told += 1;
    if (abandonsAt === told) invite.abandon();
  };
  invite.user = { onAck: () => { acks += 1; heard(); }, onTransportError: heard, onTimeout: heard, onTerminated: () => undefined };
  let [acked, lingering] = [0, 0];
  for (const each of happenings) {
    if (each.kind === 'message') {
      const outcome = transaction.respond(each.status, Buffer.from(responseText(each.status, method), 'latin1'));
      outcomes.push({ status: each.status, outcome });
    } else if (each.kind === 'wait') {
      scene.wait(each.ms);
    } else if (each.kind === 'close') {
      scene.closed = true;
    } else if (each.kind === 'abandon') {
      transaction.abandon();
    } else if (transaction.state !== 'terminated' && answered === 0) {
      acked += 1;
      if (transaction.kind === 'invite' && acked % 2 === 0) transaction.onAck(request('ACK'), scene.flow);
      else transaction.onRetransmission();
    }
    if (transaction.state === 'terminated') lingering = Math.max(lingering, scene.wheel.size);
  }
  scene.wait(64_000);
  return { state: transaction.state, scene, ended, answered, outcomes, acks, sentAfterEnd: ended === 0 ? 0 : scene.sent.length - sentAtEnd, lingering };
}

function serverProperty(t: Test, method: 'INVITE' | 'OPTIONS', holds: (end: ServerEnd, story: Story) => boolean): void {
  t.doesNotThrow(() => fc.assert(fc.property(story, (each) => holds(playServer(method, each), each)), SEED));
}

/** The final responses the transaction took, in order. */
const finals = (end: ServerEnd): readonly number[] =>
  end.outcomes.filter(({ status: code, outcome }) => code >= 200 && outcome !== 'ignored').map((each) => each.status);

t.test('INVITE server: at most one final failure is taken, and none before or after a 2xx', (t) => {
  serverProperty(t, 'INVITE', (end) => {
    const taken = finals(end);
    return taken.every((code) => code < 300) || taken.length === 1;
  });
  t.end();
});

t.test('INVITE server: no provisional response follows a final one', (t) => {
  serverProperty(t, 'INVITE', ({ outcomes }) => {
    const final = outcomes.findIndex(({ status: code, outcome }) => code >= 200 && outcome !== 'ignored');
    return final < 0 || outcomes.slice(final + 1).every(({ status: code, outcome }) => code >= 200 || outcome === 'ignored');
  });
  t.end();
});

t.test('INVITE server: every transaction ends once it has a final response, and its timers with it', (t) => {
  serverProperty(t, 'INVITE', (end) => {
    if (end.state !== 'terminated') return end.state === 'proceeding' && finals(end).length === 0 && end.scene.wheel.size === 0;
    return end.ended === 1 && end.scene.wheel.size === 0 && end.lingering === 0 && end.sentAfterEnd === 0;
  });
  t.end();
});

t.test('INVITE server: only the ACK of a 2xx goes to the user', (t) => {
  serverProperty(t, 'INVITE', (end) => end.acks === 0 || finals(end).some((code) => code < 300));
  t.end();
});

t.test('INVITE server: a failure is repeated over unreliable transports only, a 2xx never by the transaction', (t) => {
  serverProperty(t, 'INVITE', ({ scene, outcomes }, { reliable, happenings }) => {
    const taken = outcomes.filter(({ outcome }) => outcome === 'sent');
    const successes = taken.filter(({ status: code }) => code >= 200 && code < 300).length;
    const sent = (digit: string): number => scene.sent.filter((line) => line.startsWith(`SIP/2.0 ${digit}`)).length;
    if (sent('2') !== successes) return false;
    const failures = scene.sent.filter((line) => /^SIP\/2\.0 [3-6]/.test(line)).length;
    const retransmissions = happenings.filter((each) => each.kind === 'ack').length;
    return !reliable || failures <= 1 + retransmissions;
  });
  t.end();
});

t.test('non-INVITE server: at most one final response is taken, and nothing after it', (t) => {
  serverProperty(t, 'OPTIONS', ({ outcomes, answered }) => {
    const final = outcomes.findIndex(({ status: code, outcome }) => code >= 200 && outcome !== 'ignored');
    if (final < 0) return answered === 0;
    return answered === 1 && outcomes.slice(final + 1).every(({ outcome }) => outcome === 'ignored');
  });
  t.end();
});

t.test('non-INVITE server: it never sends anything the user did not give it', (t) => {
  serverProperty(t, 'OPTIONS', ({ scene, outcomes }) => {
    const given = new Set(outcomes.map(({ status: code }) => `SIP/2.0 ${code} Any`));
    return scene.sent.every((line) => given.has(line)) && scene.wheel.size === 0;
  });
  t.end();
});
