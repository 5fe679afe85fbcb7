import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/repository.js';

const folder = join(ROOT, 'docs', 'spec');
const ROW = /^\| (.+?) \| .+? \| \[.+?\]\((.+?)\) \|$/gm;

/** The tests write their names out, or put the machine's name in front of a shared one. */
const namesTest = (code: string, machine: string, invariant: string): boolean =>
  code.includes(`'${machine}: ${invariant}'`) || code.includes(`\${name}: ${invariant}\``) || code.includes(`['${invariant}', `);

for (const name of readdirSync(folder)) {
  const page = readFileSync(join(folder, name), 'utf8');
  const machine = /^# (.+?)(?: transaction)?$/m.exec(page)?.[1] ?? '';
  const prefix = machine.replace('Dialog', 'dialog').replace(/^Non/, 'non');

  t.test(`docs/spec/${name}: every invariant is the name of a test`, (t) => {
    const rows = [...page.matchAll(ROW)];
    t.ok(rows.length >= 7, `${rows.length} invariants`);
    for (const [, invariant = '', path = ''] of rows) {
      t.ok(namesTest(readFileSync(join(folder, path), 'utf8'), prefix, invariant), invariant);
    }
    t.end();
  });

  t.test(`docs/spec/${name}: every event of the table is explained`, (t) => {
    const [prose = '', table = ''] = page.split('## Table');
    const events = [...table.matchAll(/^\| `(.+?)` \|/gm)].map(([, event = '']) => event);
    t.ok(events.length >= 5, `${events.length} events`);
    const explained = prose.slice(prose.indexOf('## Events'));
    for (const event of events) t.ok(explained.includes(event), event);
    t.end();
  });
}
