// Pages made from the code's own tables, so that nothing is written twice: docs/settings.md, docs/reasons.md,
// docs/rfc-coverage.md, docs/deviations.md, docs/phones.md, and the tables inside the pages of docs/spec. With --check: fails when a page is
// not what the code would give.
import { readFileSync, readdirSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './setup.mjs';
import { phonePage } from './phone-pages.mjs';
import { specPages } from './spec-pages.mjs';

const { SETTINGS, flagOf } = await import(join(root, 'dist/src/config/settings.js'));
const { REASONS } = await import(join(root, 'dist/src/domain/reasons.js'));
const made = '<!-- Made by scripts/generate-docs.mjs; do not edit. -->';
const cell = (text) => String(text ?? '').replaceAll('|', '\\|');
const table = (heads, rows) => [`| ${heads.join(' | ')} |`, `|${heads.map(() => ' --- |').join('')}`, ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`)].join('\n');

function* sources(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.(ts|lua)$/.test(entry.name)) yield [path, readFileSync(join(root, path), 'utf8')];
  }
}
const files = [...sources('src'), ...sources('sip')];

const settings = `# Settings\n${made}\n\nA flag wins over the environment, the environment over the JSON file that \`CONFIG_FILE\` names, the file over the default.\n\n${
  table(['environment', 'flag', 'default', 'meaning'], Object.values(SETTINGS).map((row) => [`\`${row.env}\``, `\`${flagOf(row.env)}\``, row.shownDefault, row.meaning]))}\n`;

const reasons = `# Reasons\n${made}\n\nEvery refusal and failure of a call, under the one name it has in records, events, API answers and code.\n\n${
  table(['reason', 'SIP', 'Q.850', 'HTTP', 'code', 'prompt', 'text'], Object.entries(REASONS).map(([name, row]) => [`\`${name}\``, `${row.sip} ${row.phrase}`, row.q850, row.http, row.code, row.prompt ?? '–', row.text]))}\n`;

const cited = new Map();
for (const [path, text] of files) {
  for (const [, rfc, section] of text.matchAll(/RFC (\d{4})(?: §([\d.]+\d))?/g)) {
    const key = `${rfc}|${section ?? ''}`;
    cited.set(key, (cited.get(key) ?? new Set()).add(path));
  }
}
const order = (key) => key.split(/[|.]/).map((part) => part.padStart(6, '0')).join('.');
const coverage = `# RFC coverage\n${made}\n\nWhich file says it obeys which section.\n\n${
  table(['RFC', 'section', 'files'], [...cited].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1)).map(([key, paths]) => [...key.split('|'), [...paths].map((path) => `\`${path}\``).join(', ')]))}\n`;

const marks = files.flatMap(([path, text]) => [...text.matchAll(/(Deviation|Interop): ([^\n]*(?:\n\s*(?:\/\/|\*(?!\/)) ?(?!@)[^\n]+)*)/g)]
  .map(([, kind, body]) => [kind, body.replace(/\n\s*(?:\/\/|\*)\s?/g, ' ').replace(/\s*\*\/.*$/, '').trim(), `\`${path}\``]));
const deviations = `# Deviations and interoperation notes\n${made}\n\nWhere the code knowingly differs from a specification, or does something for the sake of a peer.\n\n${table(['kind', 'what and why', 'where'], marks)}\n`;

let stale = 0;
mkdirSync(join(root, 'docs'), { recursive: true });
for (const [name, text] of Object.entries({ settings, reasons, 'rfc-coverage': coverage, deviations, phones: await phonePage(root, made, table), ...(await specPages(root)) })) {
  const path = join(root, 'docs', `${name}.md`);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${relative(root, path)} is not what the code gives: run node scripts/generate-docs.mjs\n`);
    stale += 1;
  } else {
    writeFileSync(path, text);
    process.stdout.write(`wrote ${relative(root, path)}\n`);
  }
}
process.exit(stale > 0 ? 1 : 0);
