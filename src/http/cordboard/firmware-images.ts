import { Readable } from 'node:stream';
import { z } from 'zod';
import type { FirmwareImage } from '../../domain/device/firmware-image.js';
import { brandOf } from '../../domain/device/phone-models.js';
import { removeFirmware, uploadFirmware } from '../../usecases/provisioning/firmware-images.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'Firmware';
const PATH = '/v2/cordboard/firmware/{vendor}/{version}/{fileName}';

const image = z.object({
  vendor: z.string(), version: z.string(), file_name: z.string(), bytes: z.int(), sha256: z.string(), uploaded_at: z.string(), uploaded_by: z.string(),
});

function view({ vendor, version, fileName, bytes, sha256, uploadedAt, uploadedBy }: FirmwareImage): z.output<typeof image> {
  return { vendor, version, file_name: fileName, bytes, sha256, uploaded_at: apiTime(uploadedAt), uploaded_by: uploadedBy };
}

/** A file as it is, however large: it is kept as it comes. */
const firmwareFile = z.instanceof(Readable).meta({ type: 'string', contentMediaType: 'application/octet-stream', description: 'The image as it came from its maker.' });

export const firmwareImageRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/firmware', operationId: 'listFirmwareImages', summary: 'List the firmware images that are kept here', tag: TAG, access: 'firmware_image:read',
    query: z.object({ vendor: line(50).optional().describe('Of one maker.'), ...pageQuery(100) }),
    answer: { status: 200, description: 'Images, oldest first. Phones get those that a rule tells them of.', schema: z.object({ ...pageFields, images: z.array(image) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const vendor = query.vendor === undefined ? null : brandOf(query.vendor);
      if (vendor === null && query.vendor !== undefined) return failed(badRequest('vendor', 'This maker is not known.'));
      const found = await deps.stores.firmwareImages.page(actor.accountId, vendor, page.page);
      return json({ ...paging(found, query), images: found.items.map(view) });
    },
  }),
  route({
    method: 'PUT', path: PATH, operationId: 'uploadFirmwareImage', summary: 'Keep a firmware image for phones', tag: TAG, access: 'firmware_image:write', load: 'heavy',
    bodyType: 'stream', body: firmwareFile,
    answer: { status: 201, description: 'Kept, in the place of one of that name; phones get it once a rule names it.', schema: image },
    handle: async ({ deps, actor, params, body }) => answer(await uploadFirmware(deps, actor, params, body.iterator({ destroyOnReturn: false })), (kept) => created(view(kept))),
  }),
  route({
    method: 'DELETE', path: PATH, operationId: 'removeFirmwareImage', summary: 'Remove a firmware image', tag: TAG, access: 'firmware_image:write',
    answer: { status: 204, description: 'Removed; refused while a rule tells phones of its release.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removeFirmware(deps, actor, params), () => NO_CONTENT),
  }),
];
