import { serversOf } from './report.js';
import { cpuEach, isClean, type BenchResults, type LoadName, type ServerName, type Stage } from './results.js';

const [WIDTH, HEIGHT] = [980, 420];
const PANEL = { width: 370, height: 270, top: 60 } as const;
const LEFTS: Readonly<Record<LoadName, number>> = { register: 70, call: 560 };
const TITLES: Readonly<Record<LoadName, string>> = { register: 'One registration', call: 'One call' };
const COLOURS: Readonly<Record<ServerName, string>> = {
  'cordboard': '#0b6e4f', 'cordboard-on-drachtio': '#6aa84f', 'drachtio': '#b5482a', 'kamailio-1': '#2a5db5', 'kamailio-2': '#7a3db8', 'target': '#555555',
};

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** 1, 2, 5 of each power of ten within the range. */
function logScale(low: number, high: number, from: number, to: number): Scale {
  const [a, b] = [Math.log(low * 0.85), Math.log(high * 1.15)];
  const ticks = [1, 10, 100, 1000, 10_000, 100_000].flatMap((power) => [1, 2, 5].map((digit) => digit * power));
  return { at: (value) => from + ((Math.log(value) - a) / (b - a)) * (to - from), ticks: ticks.filter((tick) => tick >= low * 0.85 && tick <= high * 1.15) };
}

const text = (x: number, y: number, words: string, more = ''): string => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words}</text>`;

function panel(results: BenchResults, load: LoadName, servers: readonly ServerName[]): string {
  const left = LEFTS[load];
  const right = left + PANEL.width;
  const bottom = PANEL.top + PANEL.height;
  const clean = results.stages.filter((stage) => stage.load === load && isClean(stage));
  if (clean.length === 0) return '';
  const [rates, costs] = [clean.map(({ rate }) => rate), clean.map(cpuEach)];
  const x = logScale(Math.min(...rates), Math.max(...rates), left, right);
  const y = logScale(Math.min(...costs), Math.max(...costs), bottom, PANEL.top);
  const lineOf = (server: ServerName): readonly Stage[] =>
    [...new Map(clean.filter((stage) => stage.server === server).map((stage) => [stage.rate, stage])).values()].sort((a, b) => a.rate - b.rate);
  return [
    text(left, PANEL.top - 16, `${TITLES[load]}: CPU µs of all processes, by rate`, 'font-weight="bold"'),
    ...x.ticks.map((tick) => `<line x1="${x.at(tick).toFixed(1)}" x2="${x.at(tick).toFixed(1)}" y1="${PANEL.top}" y2="${bottom}" stroke="#ddd"/>${text(x.at(tick), bottom + 16, String(tick), 'text-anchor="middle"')}`),
    ...y.ticks.map((tick) => `<line x1="${left}" x2="${right}" y1="${y.at(tick).toFixed(1)}" y2="${y.at(tick).toFixed(1)}" stroke="#ddd"/>${text(left - 6, y.at(tick) + 4, String(tick), 'text-anchor="end"')}`),
    text(left + PANEL.width / 2, bottom + 34, load === 'register' ? 'registrations a second' : 'calls a second', 'text-anchor="middle"'),
    ...servers.map((server) => {
      const points = lineOf(server).map((stage) => [x.at(stage.rate).toFixed(1), y.at(cpuEach(stage)).toFixed(1)] as const);
      return [
        `<polyline fill="none" stroke="${COLOURS[server]}" stroke-width="2" points="${points.map((point) => point.join()).join(' ')}"/>`,
        ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${COLOURS[server]}"/>`),
      ].join('');
    }),
  ].join('\n');
}

/** CPU time of one unit by rate, one line a server, both axes logarithmic; only clean stages. */
export function plotSvg(results: BenchResults): string {
  const servers = serversOf(results);
  const step = Math.min(190, (WIDTH - 80) / Math.max(1, servers.length));
  const legend = servers.map((server, at) => {
    const x = 70 + at * step;
    return `<line x1="${x}" x2="${x + 22}" y1="${HEIGHT - 22}" y2="${HEIGHT - 22}" stroke="${COLOURS[server]}" stroke-width="3"/>${text(x + 28, HEIGHT - 18, server)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    panel(results, 'register', servers), panel(results, 'call', servers), ...legend, '</svg>', '',
  ].join('\n');
}
