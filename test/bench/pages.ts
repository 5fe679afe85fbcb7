import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotSvg } from './plot.js';
import { tablesOf, type Table } from './report.js';
import type { BenchResults } from './results.js';

const [BEGIN, END] = ['<!-- measured -->', '<!-- end of measured -->'];

/** Writes the plot, and the tables between the marks of bench.md. `docs` is the folder. */
export function writePages(docs: string, results: BenchResults): void {
  writeFileSync(join(docs, 'bench.svg'), plotSvg(results));
  const path = join(docs, 'bench.md');
  const page = readFileSync(path, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path} has no ${BEGIN} … ${END}`);
  const measured = [
    `Measured ${results.at.slice(0, 10)} on ${results.machine}; ${Object.values(results.versions).join(', ')}; sipp over UDP on the loopback. To repeat it:`,
    `\`\`\`\n${results.command}\n\`\`\``, '![CPU time of one registration and of one call by rate](bench.svg)', ...tablesOf(results, false).map(markdown),
  ].join('\n\n');
  writeFileSync(path, `${page.slice(0, begin + BEGIN.length)}\n\n${measured}\n\n${page.slice(end)}`);
}

function markdown({ title, rows: [head = [], ...rows] }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [`${title}:`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
