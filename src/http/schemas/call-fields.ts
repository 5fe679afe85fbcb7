import { z } from 'zod';
import { pageFields } from '../paging.js';
import { emergencyDeskFields } from './emergency-fields.js';

const text = z.string();

function party(side: 'caller' | 'callee') {
  return {
    [`${side}_ext_id`]: text, [`${side}_ext_number`]: text, [`${side}_ext_type`]: text, [`${side}_did_number`]: text, [`${side}_name`]: text,
    [`${side}_email`]: text.describe('At the time of the call.'), [`${side}_number_type`]: text, [`${side}_device_type`]: text,
    [`${side}_country_iso_code`]: text.describe('Of a number of the telephone network; else "".'), [`${side}_country_code`]: text,
    [`${side}_user_id`]: text.describe('Who acted: the guest of a phone rather than its owner.'),
    [`${side}_device_id`]: text.describe('The phone that called, or that answered; else "".'),
    [`${side}_hot_desk_session_id`]: text.describe('Under which a guest acted; else "".'),
  };
}

function ownParty(side: 'caller' | 'callee') {
  return {
    [`${side}_employee_id`]: text, [`${side}_device_private_ip`]: text, [`${side}_device_public_ip`]: text, [`${side}_site_id`]: text,
    [`${side}_department`]: text, [`${side}_cost_center`]: text,
  };
}

const shared = {
  id: text, call_id: text, direction: text, international: z.boolean(), connect_type: text, call_type: text, call_result: text,
  ...party('caller'), ...party('callee'),
  start_time: text, answer_time: text, end_time: text, duration: z.int().describe('Seconds of talk.'), hold_time: z.int(),
  client_code: text, department: text, cost_center: text, site_id: text, site_name: text, group_id: text,
  result_reason: text.describe('Why it was refused, in the words of the call policy; else "".'),
  end_cause: text, sip_status: z.int(), dialed_number: text, trunk_id: text.describe('Ours: the trunk to or from the telephone network; "" inside.'),
  emergency: emergencyDeskFields.optional().describe('Of emergency calls: where help was sent, as it was then; "" for what was not known.'),
};

const operator = { operator_ext_number: text, operator_ext_id: text, operator_ext_type: text, operator_name: text };
const recorded = { recording_id: text, recording_type: text, voicemail_id: text };

export const call = z.object({
  ...shared, sbc_id: text, sbc_name: text, sip_group_id: text, sip_group_name: text, spam: text, recording_status: text,
});

export const ownCall = call.extend({
  ...ownParty('caller'), ...ownParty('callee'), event: text, result: text, ...operator, ...recorded, ai_call_summary_id: text,
  talk_time: z.int(), wait_time: z.int(),
});

/** One ringing branch. */
export const callElement = z.object({
  ...shared, event: text, result: text, device_private_ip: text, device_public_ip: text, ...operator, ...recorded, press_key: text,
  waiting_time: z.int(), device_id: text, device_name: text, gateway_id: text.describe('Ours: the gateway of the trunk.'), segment: z.int(), node: z.int(), is_node: z.int(),
});

export const callDetail = call.extend({ call_path: z.array(callElement) });

const listFields = { ...pageFields, page_count: z.int(), from: text, to: text };

export const callList = z.object({ ...listFields, call_logs: z.array(call) });
export const ownCallList = z.object({ ...listFields, call_logs: z.array(ownCall) });
export const syncedCalls = z.object({ call_logs: z.array(ownCall), sync_token: text.describe('To be sent with the next ISync or BSync.') });

export function logList<Item extends z.ZodType>(item: Item) {
  return z.object({ ...listFields, call_logs: z.array(item) });
}
