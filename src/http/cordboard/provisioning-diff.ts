import { z } from 'zod';
import { FILE_CHANGES, type FileComparison } from '../../usecases/provisioning/compare-files.js';
import { readProvisioningDiff, type ProvisioningDiff } from '../../usecases/provisioning/provisioning-diff.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

export const fileDiff = z.object({
  name: z.string().describe('As the phone asks for it.'),
  change: z.enum(FILE_CHANGES),
  delivered_at: z.string().describe('When the phone fetched first what it has; "" = it never fetched this file.'),
  added: z.int(), removed: z.int(),
  diff: z.string().describe('Unified diff from what the phone has to what it would get. A secret stands as ******** with a mark that differs where the secret does.'),
  problem: z.string().describe('Why the next text cannot be made; "" = it can.'),
});

export function fileDiffView({ name, change, deliveredAt, added, removed, text, problem }: FileComparison): z.output<typeof fileDiff> {
  return { name, change, delivered_at: apiTime(deliveredAt), added, removed, diff: text, problem };
}

const diff = z.object({
  device_id: z.string(), maker: z.string(), model: z.string(), family: z.string(),
  change: z.enum(FILE_CHANGES).describe('never-delivered: it has not fetched its configuration from here; unrenderable: the next one cannot be made.'),
  generation: z.int(), delivered_generation: z.int(), delivered_at: z.string(),
  files: z.array(fileDiff).describe('In the order in which the phone asks for them.'),
  template_problem: z.string().describe('Why the provision template is left out; "" = it is not, or there is none.'),
});

function view({ device, model, configuration, comparison }: ProvisioningDiff): z.output<typeof diff> {
  return {
    device_id: device.id, maker: model.maker, model: model.model, family: model.family, change: comparison.change,
    generation: configuration.generation, delivered_generation: configuration.deliveredGeneration, delivered_at: apiTime(configuration.deliveredAt),
    files: comparison.files.map(fileDiffView), template_problem: comparison.templateProblem,
  };
}

export const provisioningDiffRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/provisioning/diff', operationId: 'getDeviceProvisioningDiff',
    summary: 'What would change on a phone if it fetched its files now', tag: 'Phone devices', access: 'device:read',
    answer: { status: 200, description: 'What it fetched last beside what it would get now, with secrets masked.', schema: diff },
    handle: async ({ deps, actor, params }) => answer(await readProvisioningDiff(deps, actor, params.deviceId), (found) => json(view(found))),
  }),
];
