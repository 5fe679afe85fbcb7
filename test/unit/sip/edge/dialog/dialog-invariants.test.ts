/** What dialogs keep under any course of events; docs/spec/dialog.md names these tests. */
import fc from 'fast-check';
import t from 'tap';
import type { Application } from '../../../../../sip/edge/dialog/application.js';
import type { Dialog } from '../../../../../sip/edge/dialog/dialog.js';
import { dialogTable, stepDialog, type DialogEvent, type DialogState } from '../../../../../sip/edge/dialog/dialog-state.js';
import { DialogTable } from '../../../../../sip/edge/dialog/dialog-table.js';
import { inDialogTable, treatmentOf } from '../../../../../sip/edge/dialog/in-dialog-requests.js';
import { SEED, flowOf } from '../../../../support/transaction-stories.js';

const ignore = (): void => undefined;
const app: Application = { id: 1, closed: false, handOver: ignore, requestSent: ignore, proxyResponse: ignore, proxyDone: ignore, responseSent: ignore, refuse: ignore };
const EVENTS = Object.keys(dialogTable.early) as DialogEvent[];

interface Leg {
  readonly dialog: Dialog;
  readonly states: DialogState[];
  /** Told of the end: the served and the sent INVITE. */
  told: number;
  watchesRunning: number;
}

/** Two forks of one INVITE, or a subscription, and what happens to them in turn. */
const course = fc.record({
  method: fc.constantFrom('INVITE' as const, 'SUBSCRIBE' as const),
  happenings: fc.array(fc.record({ leg: fc.nat({ max: 1 }), event: fc.constantFrom(...EVENTS), withWatch: fc.boolean() }), { maxLength: 20 }),
});
type Course = typeof course extends fc.Arbitrary<infer C> ? C : never;

function play({ method, happenings }: Course): { readonly table: DialogTable; readonly legs: readonly Leg[]; readonly impossible: number } {
  const table = new DialogTable();
  let impossible = 0;
  const legs = ['fork1', 'fork2'].map((remoteTag): Leg => {
    const dialog: Dialog = {
      id: 'call;from-tag=us', role: 'uac', method, callId: 'call', localTag: 'us', remoteTag, local: '', remote: '', app, transactionId: 'tid',
      // RFC 6665 §4.1: a subscription begins with its 2xx.
      state: method === 'SUBSCRIBE' ? 'confirmed' : 'early',
      routeSet: [], remoteTarget: 'sip:them@198.51.100.7', localCSeq: 1, remoteCSeq: 1, flow: flowOf(false), byFlow: true, localSession: '',
      served: undefined, sent: undefined, watch: undefined,
    };
    const leg: Leg = { dialog, states: [dialog.state], told: 0, watchesRunning: 0 };
    const usage = { onDialogEnded: (): void => { leg.told += 1; } };
    dialog.served = { cseq: 1, unanswered: false, ...usage };
    dialog.sent = { unanswered: false, ...usage };
    table.add(dialog);
    return leg;
  });
  for (const { leg: position, event, withWatch } of happenings) {
    const leg = legs[position];
    if (leg === undefined) continue;
    const { dialog } = leg;
    // Nobody can ask for it: a dialog that is over is not found, and an INVITE's knows no NOTIFY that ends it.
    if (event === 'request-unserved' && table.find('call', 'us', dialog.remoteTag) === undefined) continue;
    if (event === 'subscription-over' && method !== 'SUBSCRIBE') continue;
    if (dialogTable[dialog.state][event] === 'impossible') impossible += 1;
    table.apply(dialog, event, withWatch
      ? () => {
        leg.watchesRunning += 1;
        return { stop: () => { leg.watchesRunning -= 1; } };
      }
      : undefined);
    leg.states.push(dialog.state);
  }
  return { table, legs, impossible };
}

const RANK: Readonly<Record<DialogState, number>> = { early: 0, confirmed: 1, terminated: 2 };
const RULES: readonly [name: string, holds: (played: ReturnType<typeof play>) => boolean][] = [
  ['no sequence of events reaches an impossible cell', ({ impossible }) => impossible === 0],
  ['its state only moves on: early, confirmed, terminated', ({ legs }) =>
    legs.every(({ states }) => states.every((state, at) => at === 0 || RANK[state] >= RANK[states[at - 1] ?? 'early']))],
  ['it is found by its tags until it is over, and never after', ({ table, legs }) =>
    legs.every(({ dialog }) => (table.find('call', 'us', dialog.remoteTag) === dialog) === (dialog.state !== 'terminated'))],
  ['an id never leads to a dialog that is over', ({ table, legs }) => {
    const named = table.byId('call;from-tag=us');
    return named === undefined ? legs.some(({ dialog }) => dialog.state === 'terminated') : named.state !== 'terminated';
  }],
  ['its INVITEs are told of the end exactly once', ({ legs }) =>
    legs.every(({ dialog, told }) => told === (dialog.state === 'terminated' ? 2 : 0))],
  ['at most one session timer runs in it, and none when it is over', ({ legs }) =>
    legs.every(({ dialog, watchesRunning }) => watchesRunning === (dialog.watch === undefined ? 0 : 1)
      && (dialog.state !== 'terminated' || watchesRunning === 0))],
];
for (const [name, holds] of RULES) {
  t.test(`dialog: ${name}`, (t) => {
    t.doesNotThrow(() => fc.assert(fc.property(course, (each) => holds(play(each))), SEED));
    t.end();
  });
}

t.test('dialog: a BYE of either side ends it in every state', (t) => {
  for (const state of ['early', 'confirmed'] as const) {
    for (const event of ['bye-received', 'bye-answered', 'own-bye'] as const) {
      t.strictSame(stepDialog(state, event), { state: 'terminated', effects: ['forget', 'stop-session-timer', 'tell-usages'] }, `${state} ${event}`);
    }
  }
  t.end();
});

t.test('dialog: a request of any method has a treatment', (t) => {
  const rows: readonly [phase: 'early-served' | 'other', method: string, string][] = [
    ['early-served', 'BYE', 'end-invite'], ['early-served', 'UPDATE', 'update-under-invite'], ['early-served', 'INFO', 'as-new'],
    ['early-served', 'REFER', 'hand-over'], ['other', 'BYE', 'hand-over-and-end'], ['other', 'NOTIFY', 'notify'], ['other', 'UPDATE', 'update'],
    ['other', 'DANCE', 'hand-over'], ['early-served', 'toString', 'hand-over'], ['other', '__proto__', 'hand-over'], ['other', 'any other', 'hand-over'],
  ];
  for (const [phase, method, treatment] of rows) t.equal(treatmentOf(phase, method), treatment, `${phase} ${method}`);
  t.strictSame(Object.keys(inDialogTable['early-served']), Object.keys(inDialogTable.other));
  t.end();
});
