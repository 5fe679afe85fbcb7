import { z } from 'zod';
import { json, text } from '../answers.js';
import { route, type Route } from '../route.js';

const TAG = 'System';

export const probeRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/healthz', operationId: 'healthz', summary: 'Whether the process lives', tag: TAG,
    access: 'public',
    answer: {
      status: 200, description: 'It does.', schema: z.object({ status: z.literal('ok'), version: z.string() }),
    },
    handle: ({ deps }) => json({ status: 'ok', version: deps.version }),
  }),
  route({
    method: 'GET', path: '/readyz', operationId: 'readyz', summary: 'Whether every part is up', tag: TAG,
    access: 'public',
    answer: {
      status: 200, description: 'Every part is up; 503 with the same body while one is not.',
      schema: z.object({ status: z.enum(['ready', 'not ready']), parts: z.record(z.string(), z.enum(['up', 'down'])) }),
    },
    async handle({ deps }) {
      const parts = Object.entries(await deps.readiness());
      const ready = parts.every(([, up]) => up);
      return json(
        {
          status: ready ? 'ready' : 'not ready',
          parts: Object.fromEntries(parts.map(([name, up]) => [name, up ? 'up' : 'down'])),
        },
        ready ? 200 : 503,
      );
    },
  }),
  route({
    method: 'GET', path: '/metrics', operationId: 'metrics', summary: 'Figures for Prometheus', tag: TAG,
    access: 'public',
    answer: { status: 200, description: 'Prometheus text.', schema: null, contentType: 'text/plain' },
    handle: async ({ deps }) => text(deps.metrics.contentType, await deps.metrics.render()),
  }),
];
