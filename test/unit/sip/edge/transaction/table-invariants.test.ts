/** What holds in every place the four transaction tables can get to; docs/spec names these tests. */
import t from 'tap';
import { inviteClientStart, inviteClientTable } from '../../../../../sip/edge/transaction/invite-client.js';
import { inviteServerStart, inviteServerTable } from '../../../../../sip/edge/transaction/invite-server.js';
import { nonInviteClientStart, nonInviteClientTable } from '../../../../../sip/edge/transaction/non-invite-client.js';
import { nonInviteServerStart, nonInviteServerTable } from '../../../../../sip/edge/transaction/non-invite-server.js';
import type { Step, TransactionEffect, TransitionTable } from '../../../../../sip/edge/transaction/step.js';
import { walkTable, type Walk, type World } from '../../../../support/walk-table.js';

interface Machine {
  readonly name: string;
  readonly walk: Walk;
  readonly cells: readonly { readonly state: string; readonly event: string; readonly cell: 'ignored' | 'impossible' | Step<string> }[];
  /** States in which only the peer or the user moves things on: no timer limits them. */
  readonly waiting: readonly string[];
}

function machine<S extends string, E extends string>(
  name: string, table: TransitionTable<S, E>, start: Step<S>, world: World, waiting: readonly S[],
): Machine {
  const states = (Object.keys(table) as S[]);
  const events = (Object.keys(table[start.state]) as E[]);
  return {
    name, waiting, walk: walkTable(table, start, events, world),
    cells: states.flatMap((state) => events.map((event) => ({ state, event, cell: table[state][event] }))),
  };
}

const client = (byKey: readonly string[], mayAbandonIn: readonly TransactionEffect[]): World => ({
  byKey, anyTime: ['transport-error', 'abandon'], sends: 'send-request', mayAbandonIn,
});
const server = (byKey: readonly string[], responses: readonly string[], mayAbandonIn: readonly TransactionEffect[]): World => ({
  byKey, anyTime: [...responses, 'abandon'], sends: 'send-response', mayAbandonIn,
});
const MACHINES: readonly Machine[] = [
  machine('INVITE client', inviteClientTable, inviteClientStart,
    client(['receive-1xx', 'receive-2xx', 'receive-3xx-6xx'], ['pass-response', 'report-timeout', 'report-transport-error']), ['proceeding']),
  machine('non-INVITE client', nonInviteClientTable, nonInviteClientStart, client(['receive-1xx', 'receive-final'], []), []),
  machine('INVITE server', inviteServerTable, inviteServerStart,
    server(['receive-request', 'receive-ack'], ['respond-1xx', 'respond-2xx', 'respond-3xx-6xx'], ['pass-ack', 'report-transport-error']), ['proceeding']),
  machine('non-INVITE server', nonInviteServerTable, nonInviteServerStart,
    server(['receive-request'], ['respond-1xx', 'respond-final'], []), ['trying', 'proceeding']),
];

for (const { name, walk, cells, waiting } of MACHINES) {
  t.test(`${name}: no sequence of events reaches an impossible cell`, (t) => {
    for (const { state, event, cell } of cells) {
      if (cell === 'impossible') t.notOk(walk.used.has(`${state} ${event}`), `${state}, ${event}`);
    }
    t.end();
  });

  t.test(`${name}: every other cell is reached by some sequence`, (t) => {
    for (const { state, event, cell } of cells) {
      if (cell !== 'impossible') t.ok(walk.used.has(`${state} ${event}`), `${state}, ${event}`);
    }
    t.end();
  });

  t.test(`${name}: all timers are cleared at the end`, (t) => {
    const ends = walk.places.filter(({ state }) => state === 'terminated');
    t.ok(ends.length > 0, 'it ends');
    for (const { timers } of ends) t.strictSame([...timers], []);
    t.end();
  });

  t.test(`${name}: a timer limits every state that waits for nobody`, (t) => {
    for (const { state, timers } of walk.places) {
      if (state === 'terminated' || waiting.includes(state)) continue;
      const ending = [...timers].some((timer) => cells.some((each) =>
        each.state === state && each.event === timer && typeof each.cell !== 'string' && each.cell.state === 'terminated'));
      t.ok(ending, `${state} with ${[...timers].join(', ')}`);
    }
    t.end();
  });

  t.test(`${name}: terminated is final`, (t) => {
    for (const { state, event, cell } of cells) if (state === 'terminated') t.type(cell, 'string', event);
    t.end();
  });
}
