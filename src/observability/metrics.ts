import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * Numbers read when Prometheus asks: a prefix, and where names and values come from. Dashes in a name are shown as
 * underscores; behind a blank a name may carry a method and a status (`responses-in INVITE 200`), shown as labels.
 */
export interface GaugeSource {
  readonly prefix: string;
  readonly read: () => Promise<Readonly<Record<string, number>>>;
}

/** Prometheus text (version 0.0.4): Node's own figures and whatever the sources answer; a failing source is left out. */
export function createMetrics(sources: readonly GaugeSource[]): { contentType: string; render(): Promise<string> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = new Map<string, Gauge>();
  const gauge = (name: string): Gauge => {
    const known = gauges.get(name);
    if (known) return known;
    const made = new Gauge({ name, help: name.replaceAll('_', ' '), labelNames: ['method', 'status'], registers: [registry] });
    gauges.set(name, made);
    return made;
  };
  return {
    contentType: registry.contentType,
    async render() {
      await Promise.allSettled(sources.map(async ({ prefix, read }) => {
        for (const [text, value] of Object.entries(await read())) {
          const [name = '', ...labels] = text.split(' ');
          gauge(`cordboard_${prefix}_${name}`.replaceAll('-', '_')).set(labelsOf(labels), value);
        }
      }));
      return registry.metrics();
    },
  };
}

function labelsOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map((word) => [/^\d+$/.test(word) ? 'status' : 'method', word]));
}
