import { z } from 'zod';
import { siteWarnings } from '../../usecases/emergency/site-warnings.js';
import { json } from '../answers.js';
import { route, type Route } from '../route.js';

export const warningRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/warnings', operationId: 'listWarnings', summary: 'List what calls for help would suffer from', tag: 'Emergency addresses',
    access: 'emergency_address:read',
    answer: {
      status: 200, description: 'Of each site what is missing; [] = nothing.',
      schema: z.object({
        warnings: z.array(z.object({
          kind: z.enum(['no-emergency-trunk', 'no-emergency-address', 'no-call-back-number']), site_id: z.string(), site_name: z.string(), message: z.string(),
        })),
      }),
    },
    handle: ({ deps, actor }) => json({
      warnings: siteWarnings(deps.directory, actor.accountId).map(({ kind, siteId, siteName, text }) => ({ kind, site_id: siteId, site_name: siteName, message: text })),
    }),
  }),
];
