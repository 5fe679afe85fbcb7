import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** Numbers read when Prometheus asks: a name, what it counts, and where the values come from. */
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
    const made = new Gauge({ name, help: name.replaceAll('_', ' '), registers: [registry] });
    gauges.set(name, made);
    return made;
  };
  return {
    contentType: registry.contentType,
    async render() {
      await Promise.allSettled(sources.map(async ({ prefix, read }) => {
        for (const [name, value] of Object.entries(await read())) gauge(`cordboard_${prefix}_${name}`).set(value);
      }));
      return registry.metrics();
    },
  };
}
