// The parts of docs/spec that are made from the tables of the edge's state machines: between `<!-- table … -->` and
// `<!-- end -->` in pages whose prose is written by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const BEGIN = /(<!-- (diagram|table|timers|requests) -->\n)[\s\S]*?(<!-- end -->)/g;
const row = (cells) => `| ${cells.join(' | ')} |`;
const grid = (heads, rows) => [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');

/** Every event is a row and every state a column: there are more events than states. */
function tableOf({ table, start }) {
  const states = Object.keys(table);
  const events = Object.keys(table[states[0]]);
  const shown = (state, cell) => {
    if (cell === 'ignored') return 'ignored';
    if (cell === 'impossible') return '–';
    const effects = cell.effects.join(', ');
    return cell.state === state ? effects || 'stays' : `**${cell.state}**${effects ? `: ${effects}` : ''}`;
  };
  const rows = events.map((event) => [`\`${event}\``, ...states.map((state) => shown(state, table[state][event]))]);
  return `${start ? `Start: **${start.state}**${start.effects.length > 0 ? `: ${start.effects.join(', ')}` : ''}.\n\n` : ''}${grid(['event', ...states], rows)}`;
}

/** The steps that change the state; events that lead the same way share an arrow. */
function diagramOf({ table, start, startsIn }) {
  const arrows = new Map();
  for (const [state, events] of Object.entries(table)) {
    for (const [event, cell] of Object.entries(events)) {
      if (typeof cell === 'string' || cell.state === state) continue;
      const way = `${state} --> ${cell.state}`;
      arrows.set(way, [...(arrows.get(way) ?? []), event]);
    }
  }
  const from = startsIn ?? [start.state];
  return ['```mermaid', 'stateDiagram-v2', ...from.map((state) => `  [*] --> ${state}`),
    ...[...arrows].map(([way, events]) => `  ${way}: ${events.join(', ')}`), '  terminated --> [*]', '```'].join('\n');
}

function timersOf({ table, timerDelay, defaultTimers }) {
  const names = Object.keys(Object.values(table)[0]).filter((event) => event.startsWith('timer-')).map((event) => event.slice('timer-'.length));
  const shown = (delay) => (delay === undefined ? 'not used' : delay === 0 ? 'at once' : `${delay / 1000} s`);
  return grid(['timer', 'over UDP', 'over TCP, TLS, WS, WSS'], names.map((name) =>
    [name, shown(timerDelay(name, defaultTimers, false)), shown(timerDelay(name, defaultTimers, true))]));
}

function requestsOf(table) {
  const phases = Object.keys(table);
  return grid(['method', ...phases], Object.keys(table[phases[0]]).map((method) => [method, ...phases.map((phase) => table[phase][method])]));
}

/**
 * @param root the checkout; its build must be current
 * @returns path below docs/ without `.md` → the whole page as it should be
 */
export async function specPages(root) {
  const edge = (path) => import(join(root, 'dist/sip/edge', path));
  const timers = await edge('transaction/timers.js');
  const [ic, is, nc, ns] = await Promise.all(['invite-client', 'invite-server', 'non-invite-client', 'non-invite-server'].map((name) => edge(`transaction/${name}.js`)));
  const { dialogTable } = await edge('dialog/dialog-state.js');
  const { inDialogTable } = await edge('dialog/in-dialog-requests.js');
  const machines = {
    'invite-client': { table: ic.inviteClientTable, start: ic.inviteClientStart },
    'invite-server': { table: is.inviteServerTable, start: is.inviteServerStart },
    'non-invite-client': { table: nc.nonInviteClientTable, start: nc.nonInviteClientStart },
    'non-invite-server': { table: ns.nonInviteServerTable, start: ns.nonInviteServerStart },
    dialog: { table: dialogTable, startsIn: ['early', 'confirmed'] },
  };
  const pages = {};
  for (const [name, machine] of Object.entries(machines)) {
    const made = {
      table: () => tableOf(machine), diagram: () => diagramOf(machine), timers: () => timersOf({ ...machine, ...timers }), requests: () => requestsOf(inDialogTable),
    };
    const page = readFileSync(join(root, 'docs/spec', `${name}.md`), 'utf8');
    pages[`spec/${name}`] = page.replace(BEGIN, (_whole, begin, kind, end) => `${begin}${made[kind]()}\n${end}`);
  }
  return pages;
}
