import { z } from 'zod';
import { LINE_KEY_TYPES, MOST_KEYS, type LineKey, type WantedLineKey } from '../../domain/device/line-keys.js';
import { asId, type ExtensionId } from '../../domain/ids.js';
import { readLineKeys, removeLineKey, setLineKeys } from '../../usecases/admin/line-keys.js';
import { answer, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';
import { heldNumbers } from '../schemas/number-views.js';
import { given } from '../schemas/views.js';
import { assigneeView } from './device-view.js';

const TAG = 'Line keys';
const EXTENSION = "By the extension's id, or its user's or common area's.";

const lineKey = z.object({
  line_key_id: z.string(), index: z.int(), type: z.enum(LINE_KEY_TYPES), alias: z.string().describe("Shown on the key; '' = the name of what it does."),
  key_assignment: z.object({
    extension_id: z.string(), display_name: z.string(), extension_number: z.string(), phone_number: z.string(), speed_dial_number: z.string(), retrieval_code: z.string(),
  }),
  outbound_caller_id: z.string().describe("Of the own line; '' = the extension's choice."),
});

/** Of the own line the assignment is the extension itself. */
function view(deps: Pick<HttpDeps, 'directory'>, key: LineKey): z.output<typeof lineKey> {
  const shownId = key.type === 'line' ? key.extensionId : key.targetExtensionId;
  const shown = shownId === null ? null : assigneeView(deps, shownId);
  return {
    line_key_id: key.id, index: key.index, type: key.type, alias: key.alias,
    key_assignment: {
      extension_id: shownId ?? '', display_name: shown?.name ?? '', extension_number: shown === null ? '' : String(shown.extension_number), phone_number: shownId === null ? '' : heldNumbers(deps, shownId)[0]?.number ?? '',
      speed_dial_number: key.speedDialNumber, retrieval_code: key.retrievalCode,
    },
    outbound_caller_id: key.outboundCallerId,
  };
}

const wantedKey = z.object({
  line_key_id: line(64).optional().describe('Missing: another key is added.'),
  index: z.int().min(1).max(MOST_KEYS).optional().describe('Missing: a new key takes the first free place.'),
  type: z.enum(LINE_KEY_TYPES).optional(),
  key_assignment: z.object({
    extension_id: line(128).optional().describe(`With blf: whom it shows. ${EXTENSION}`),
    speed_dial_number: line(33).optional(),
    retrieval_code: line(10).optional(),
  }).optional(),
  alias: line(64).optional(),
  outbound_caller_id: line(32).optional().describe('With line: an E.164 number, withheld, or "".'),
});

function toWanted(sent: z.output<typeof wantedKey>): WantedLineKey {
  const { extension_id: target, speed_dial_number: number, retrieval_code: code } = sent.key_assignment ?? {};
  return given({
    id: sent.line_key_id, index: sent.index, type: sent.type, alias: sent.alias, outboundCallerId: sent.outbound_caller_id,
    targetExtensionId: target === undefined ? undefined : asId<ExtensionId>(target), speedDialNumber: number?.replace(/[\s().-]/g, ''), retrievalCode: code,
  });
}

export const lineKeyRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/extension/{extensionId}/line_keys', operationId: 'listLineKeySetting', summary: "List an extension's line keys", tag: TAG,
    access: 'line_key:read',
    answer: { status: 200, description: `Keys by place, the own line among them. ${EXTENSION}`, schema: z.object({ line_keys: z.array(lineKey) }) },
    handle: async ({ deps, actor, params }) => answer(
      await readLineKeys(deps.stores, actor, params.extensionId), (keys) => json({ line_keys: keys.map((key) => view(deps, key)) }),
    ),
  }),
  route({
    method: 'PATCH', path: '/v2/phone/extension/{extensionId}/line_keys', operationId: 'BatchUpdateLineKeySetting', summary: "Change an extension's line keys", tag: TAG,
    access: 'line_key:write',
    body: z.object({ line_keys: z.array(wantedKey).max(MOST_KEYS).default([]) }),
    answer: { status: 204, description: 'All changed, or none; its phones are pending.', schema: null },
    handle: async ({ deps, actor, params, body }) => answer(
      await setLineKeys(deps, actor, params.extensionId, body.line_keys.map(toWanted)), () => NO_CONTENT,
    ),
  }),
  route({
    method: 'DELETE', path: '/v2/phone/extension/{extensionId}/line_keys/{lineKeyId}', operationId: 'DeleteLineKey', summary: 'Remove a line key', tag: TAG,
    access: 'line_key:write',
    answer: { status: 204, description: 'Removed; the own line stays.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removeLineKey(deps, actor, params.extensionId, params.lineKeyId), () => NO_CONTENT),
  }),
];
