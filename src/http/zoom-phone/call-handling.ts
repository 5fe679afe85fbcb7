import { z } from 'zod';
import { asId, type ExtensionId } from '../../domain/ids.js';
import { plainHandling, type HandlingPeriod } from '../../domain/forwarding/call-handling.js';
import { extensionNotFound } from '../../usecases/admin/not-found.js';
import {
  addForwardingNumber, removeForwardingNumber, setBusinessHours, setHandling, setRinging, type NotTakenWish,
} from '../../usecases/forwarding/call-handling.js';
import { refused, type Outcome, type Refused } from '../../usecases/outcome.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { ACTIONS, handlingPatch, handlingView, hoursOf, viewHandling } from '../schemas/call-handling-fields.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Call handling';
const PATH = '/v2/phone/extension/{extensionId}/call_handling/settings';

function periodOf(text: string): { readonly kind: 'period'; readonly period: HandlingPeriod } | Refused {
  if (text === 'business_hours' || text === 'closed_hours') return { kind: 'period', period: text };
  return refused('invalid', 'settingType', text === 'holiday_hours' ? 'Holiday hours are not there yet.' : 'Give business_hours or closed_hours.', text);
}

/** What an action and the fields beside it ask for; undefined = nothing. */
function wishOf(action: number | undefined, extensionId: string | undefined, number: string | undefined, description: string | undefined): NotTakenWish | undefined {
  switch (action) {
    case undefined: return undefined;
    case ACTIONS.user: return { kind: 'extension', extensionId: extensionId ?? '', owner: 'user' };
    case ACTIONS.common_area: return { kind: 'extension', extensionId: extensionId ?? '', owner: 'common_area' };
    case ACTIONS.number: return { kind: 'number', number: number ?? '', description: description ?? '' };
    default: return { kind: 'disconnect' };
  }
}

export const callHandlingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'getCallHandling', summary: 'Get how calls to an extension are handled', tag: TAG, access: 'call_handling:read',
    answer: { status: 200, description: 'What rings, when, and what becomes of calls that nobody takes.', schema: handlingView },
    async handle({ deps, actor, params }) {
      const id = asId<ExtensionId>(params.extensionId);
      if (await deps.stores.extensions.get(actor.accountId, id) === null) return failed(fromRefusal(extensionNotFound(id)));
      return json(viewHandling(deps, await deps.stores.callHandlings.get(actor.accountId, id) ?? plainHandling(id, actor.accountId)));
    },
  }),
  route({
    method: 'POST', path: `${PATH}/{settingType}`, operationId: 'addCallHandling', summary: 'Add a number that rings for an extension', tag: TAG,
    access: 'call_handling:write',
    body: z.object({
      sub_setting_type: z.string().refine((type) => type === 'call_forwarding', 'Only call_forwarding is there yet.'),
      settings: z.object({ phone_number: requiredLine(40).describe('As +12125550100, or as dialled at the site.'), description: line(100).default('') }),
    }),
    answer: { status: 201, description: 'The new number.', schema: z.object({ call_forwarding_id: z.string() }) },
    async handle({ deps, actor, params, body }) {
      const period = periodOf(params.settingType);
      if (period.kind === 'refused') return failed(fromRefusal(period));
      const { phone_number: number, description } = body.settings;
      return answer(await addForwardingNumber(deps, actor, params.extensionId, period.period, { number, description }), ({ id }) => created({ call_forwarding_id: id }));
    },
  }),
  route({
    method: 'PATCH', path: `${PATH}/{settingType}`, operationId: 'updateCallHandling', summary: 'Change how calls to an extension are handled', tag: TAG,
    access: 'call_handling:write', body: handlingPatch,
    answer: { status: 204, description: 'Changed; the next call goes by it.', schema: null },
    async handle({ deps, actor, params, body }) {
      const read = periodOf(params.settingType);
      if (read.kind === 'refused') return failed(fromRefusal(read));
      const { period } = read;
      const changed = async (): Promise<Outcome<unknown>> => {
        switch (body.sub_setting_type) {
          case 'custom_hours':
            if (period !== 'business_hours') return refused('invalid', 'settingType', 'Hours are those of business_hours; all others are closed.', period);
            return setBusinessHours(deps, actor, params.extensionId, hoursOf(body.settings));
          case 'call_forwarding': {
            const rings = (body.settings.call_forwarding_settings ?? []).map(({ id, enable, phone_number: number, description }) => (
              { id, ...given({ enabled: enable, number, description }) }));
            return setRinging(deps, actor, params.extensionId, period, rings, 'settings.call_forwarding_settings');
          }
          case 'call_handling': {
            const { settings } = body;
            return setHandling(deps, actor, params.extensionId, period, given({
              ringMode: settings.ring_mode, ringSeconds: settings.max_wait_time,
              unanswered: wishOf(settings.call_not_answer_action, settings.forward_to_extension_id, settings.phone_number, settings.description),
              busy: wishOf(settings.busy_on_another_call_action, settings.busy_forward_to_extension_id, settings.busy_phone_number, settings.busy_description),
            }));
          }
        }
      };
      return answer(await changed(), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: `${PATH}/{settingType}`, operationId: 'deleteCallHandling', summary: 'Remove a number that rings for an extension', tag: TAG,
    access: 'call_handling:write',
    query: z.object({ call_forwarding_id: requiredLine(64) }),
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params, query }) {
      const period = periodOf(params.settingType);
      if (period.kind === 'refused') return failed(fromRefusal(period));
      return answer(await removeForwardingNumber(deps, actor, params.extensionId, period.period, query.call_forwarding_id), () => NO_CONTENT);
    },
  }),
];
