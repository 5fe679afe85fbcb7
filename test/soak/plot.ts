/** The samples as curves: one page without scripts, a small chart a group of columns. */
import type { Sample } from './samples.js';

const CHARTS: readonly (readonly [string, readonly string[]])[] = [
  ['Memory, MB', ['memory MB', 'redis memory MB', 'heap MB', 'edge heap MB', 'external MB']],
  ['Dialogs', ['inbound dialogs', 'outbound dialogs', 'pending INVITEs', 'pending requests']],
  ['Transactions and timers', ['active transactions', 'answered transactions', 'client transactions', 'timers']],
  ['Connections and bindings', ['connections', 'registered flows', 'bindings in memory', 'nonces in memory']],
];
const COLOURS = ['#1b6ac9', '#c4431c', '#2b8a3e', '#7a3fb5', '#a67c00'];
const [WIDTH, HEIGHT, LEFT, BOTTOM] = [900, 260, 60, 30];

export function plotPage(samples: readonly Sample[], title: string): string {
  const charts = CHARTS.map(([name, columns]) => `<h2>${name}</h2>\n${chart(samples, columns)}`).join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:14px sans-serif;margin:2em}h2{font-size:15px;margin:1em 0 0}</style><h1>${title}</h1>\n${charts}\n</html>\n`;
}

function chart(samples: readonly Sample[], columns: readonly string[]): string {
  const last = Math.max(1, samples.at(-1)?.at ?? 1);
  const highest = Math.max(1, ...samples.flatMap(({ values }) => columns.map((column) => values.get(column) ?? 0)));
  const x = (at: number): number => LEFT + (WIDTH - LEFT) * at / last;
  const y = (value: number): number => (HEIGHT - BOTTOM) * (1 - value / highest) + 5;
  const curves = columns.map((column, index) => {
    const points = samples.map(({ at, values }) => `${x(at).toFixed(1)},${y(values.get(column) ?? 0).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke="${COLOURS[index] ?? '#333'}" points="${points}"/>`
      + `<text x="${LEFT + 10 + index * 165}" y="${HEIGHT}" fill="${COLOURS[index] ?? '#333'}">${column}</text>`;
  });
  const marks = [0, 0.5, 1].map((part) => `<text x="0" y="${y(highest * part) + 4}">${Math.round(highest * part)}</text>`
    + `<line x1="${LEFT}" x2="${WIDTH}" y1="${y(highest * part)}" y2="${y(highest * part)}" stroke="#ddd"/>`);
  const times = [0.25, 0.5, 0.75, 1].map((part) => `<text x="${x(last * part) - 45}" y="${HEIGHT - 14}">${(last * part / 60).toFixed(1)} min</text>`);
  return `<svg width="${WIDTH}" height="${HEIGHT + 5}" font-size="12">${[...marks, ...times, ...curves].join('')}</svg>`;
}
