import { z } from 'zod';
import { lineKeyOf, MOST_KEYS } from '../../domain/device/line-keys.js';
import { asId, type ExtensionId } from '../../domain/ids.js';
import { readDeviceLines, readLineKeys, setDeviceLines, type DeviceLines } from '../../usecases/admin/line-keys.js';
import type { Actor } from '../../usecases/change.js';
import { failed, answer, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { heldNumbers } from '../schemas/number-views.js';
import { assigneeView } from './device-view.js';

const TAG = 'Line keys';

const position = z.object({
  index: z.int(), owner_extension_name: z.string(), owner_extension_number: z.int(), extension_number: z.int(), extension_type: z.enum(['user', 'commonArea', '']),
  extension_id: z.string(), display_name: z.string(), phone_number: z.string(),
  outbound_caller_ids: z.array(z.object({ extension_id: z.string(), phone_number: z.string(), usage_type: z.string() })),
});

/** One position for each line; all of them are their owners' own. */
async function positionsOf(deps: HttpDeps, actor: Actor, { positions }: DeviceLines): Promise<readonly z.output<typeof position>[]> {
  const shown: z.output<typeof position>[] = [];
  for (const { index, extensionId } of positions) {
    const owner = assigneeView(deps, extensionId);
    const keys = await readLineKeys(deps.stores, actor, extensionId);
    const own = keys.kind === 'done' ? keys.value.find(({ id }) => id === lineKeyOf(extensionId)) : undefined;
    const callerId = own?.outboundCallerId ?? '';
    shown.push({
      index, extension_id: extensionId, display_name: own?.alias || (owner?.name ?? ''), phone_number: heldNumbers(deps, extensionId)[0]?.number ?? '',
      owner_extension_name: owner?.name ?? '', owner_extension_number: owner?.extension_number ?? 0,
      extension_number: owner?.extension_number ?? 0, extension_type: owner?.extension_type ?? '',
      outbound_caller_ids: callerId === '' ? [] : [{ extension_id: extensionId, phone_number: callerId, usage_type: 'line' }],
    });
  }
  return shown;
}

export const deviceLineKeyRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/devices/{deviceId}/line_keys', operationId: 'listDeviceLineKeySetting', summary: "List where a device's lines sit", tag: TAG,
    access: 'line_key:read',
    answer: {
      status: 200, description: "Its assignees' lines by place; their other keys are the extension's.",
      schema: z.object({ device_id: z.string(), device_name: z.string(), positions: z.array(position) }),
    },
    async handle({ deps, actor, params }) {
      const found = await readDeviceLines(deps.stores, actor, params.deviceId);
      if (found.kind === 'refused') return failed(fromRefusal(found));
      const { device } = found.value;
      return json({ device_id: device.id, device_name: device.displayName, positions: await positionsOf(deps, actor, found.value) });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/devices/{deviceId}/line_keys', operationId: 'batchUpdateDeviceLineKeySetting', summary: "Place a device's lines", tag: TAG,
    access: 'line_key:write',
    body: z.object({ positions: z.array(z.object({ extension_id: requiredLine(64), index: z.int().min(1).max(MOST_KEYS) })).max(MOST_KEYS).default([]) }),
    answer: { status: 204, description: "Placed, all or none; an empty list = as the assignees' own keys have them.", schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = body.positions.map(({ extension_id: id, index }) => ({ extensionId: asId<ExtensionId>(id), index }));
      return answer(await setDeviceLines(deps, actor, params.deviceId, wanted), () => NO_CONTENT);
    },
  }),
];
