import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** What a name stands for, and which labels the words behind it fill. */
export interface FigureFamily {
  readonly help: string;
  readonly labels: readonly string[];
}

/** Numbers read when Prometheus asks: a name, what it counts, and where the values come from. */
export interface GaugeSource {
  readonly prefix: string;
  /** Names may carry words behind a blank: `responses-out INVITE 200`. */
  readonly read: () => Promise<Readonly<Record<string, number>>>;
  /** By name without those words; what is not here is shown with its own name as help. */
  readonly families?: Readonly<Record<string, FigureFamily>>;
}

/** Prometheus text (version 0.0.4): Node's own figures and whatever the sources answer; a failing source is left out. */
export function createMetrics(sources: readonly GaugeSource[]): { contentType: string; render(): Promise<string> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = new Map<string, Gauge>();
  const gauge = (name: string, help: string, labels: readonly string[]): Gauge => {
    const known = gauges.get(name);
    if (known) return known;
    const made = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    gauges.set(name, made);
    return made;
  };
  return {
    contentType: registry.contentType,
    async render() {
      await Promise.allSettled(sources.map(async ({ prefix, read, families = {} }) => {
        for (const [figure, value] of Object.entries(await read())) {
          const [family = '', ...words] = figure.split(' ');
          const { help = family.replaceAll(/[_-]/g, ' '), labels = words.map((_, at) => `label${at + 1}`) } = families[family] ?? {};
          const name = `cordboard_${prefix}_${family}`.replaceAll(/[^A-Za-z0-9_]/g, '_');
          gauge(name, help, labels).set(Object.fromEntries(labels.map((label, at) => [label, words[at] ?? ''])), value);
        }
      }));
      return registry.metrics();
    },
  };
}
