import { z } from 'zod';
import { previewFiles, type FilesPreview } from '../../usecases/provisioning/preview-files.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';

const preview = z.object({
  device_id: z.string(), maker: z.string(), model: z.string(), family: z.string(),
  files: z.array(z.object({
    name: z.string().describe('As the phone asks for it.'), content_type: z.string(), content: z.string(),
    problem: z.string().describe('Why the file cannot be made; "" = it can.'),
  })).describe('In the order in which the phone asks for them; passwords and the address of the files are masked.'),
  unsupported: z.array(z.object({ setting: z.string(), text: z.string() })).describe('What is set and this model cannot do.'),
  template_problem: z.string().describe('Why the provision template is left out; "" = it is not, or there is none.'),
});

function view({ device, model, files, unsupported, templateProblem }: FilesPreview): z.output<typeof preview> {
  return {
    device_id: device.id, maker: model.maker, model: model.model, family: model.family,
    files: files.map(({ name, contentType, body, problem }) => ({ name, content_type: contentType, content: body, problem })),
    unsupported: unsupported.map(({ setting, text }) => ({ setting, text })),
    template_problem: templateProblem,
  };
}

export const provisioningPreviewRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/provisioning/preview', operationId: 'previewDeviceProvisioning',
    summary: 'The files that a phone would get now', tag: 'Phone devices', access: 'device:read',
    answer: { status: 200, description: 'Made as for the phone itself, with secrets masked. The phone need not be there.', schema: preview },
    handle: async ({ deps, actor, params }) => answer(await previewFiles(deps, actor, params.deviceId), (found) => json(view(found))),
  }),
];
