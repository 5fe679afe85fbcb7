import t from 'tap';
import { helpText, readCommandLine } from '../../../src/cli/command-line.js';

const rows = [{ env: 'HTTP_PORT', flag: '--http-port', meaning: 'port', shownDefault: '8080' }];

const table: readonly [string, readonly string[], object][] = [
  ['no words: serve', [], { kind: 'run', command: 'serve', demo: false }],
  ['a flag alone is for serve', ['--demo'], { kind: 'run', command: 'serve', demo: true }],
  ['flag and value as two words', ['serve', '--http-port', '1'], { flags: new Map([['HTTP_PORT', '1']]) }],
  ['flag and value with =', ['--http-port=1'], { flags: new Map([['HTTP_PORT', '1']]) }],
  ['--help anywhere', ['migrate', '--help'], { kind: 'help' }],
  ['--version', ['--version'], { kind: 'version' }],
  ['edge keeps its own words', ['edge', '--admin', 'x', '--help'], { kind: 'edge', words: ['--admin', 'x', '--help'] }],
  ['an unknown command names those there are', ['sevre'], { kind: 'problems', problems: [/"sevre".*serve/] }],
  ['an unknown flag', ['serve', '--htp-port', '1'], { kind: 'problems', problems: [/--htp-port/, /1/] }],
  ['a flag without its value', ['serve', '--http-port'], { kind: 'problems', problems: [/--http-port needs a value/] }],
  ['demo belongs to serve', ['migrate', '--demo'], { kind: 'problems', problems: [/--demo/] }],
  ['a command named like an object property', ['constructor'], { kind: 'problems' }],
];
for (const [name, words, expected] of table) {
  t.test(name, async (t) => void t.match(readCommandLine(words, rows), expected));
}

t.test('help names every command and flag', async (t) => {
  const text = helpText(rows);
  for (const word of ['serve', 'edge', 'migrate', 'demo', 'doctor', '--http-port', 'HTTP_PORT', '8080']) t.match(text, word);
});
