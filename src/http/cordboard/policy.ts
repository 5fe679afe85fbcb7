import { z } from 'zod';
import { REASONS, type Reason } from '../../domain/reasons.js';
import type { AccountId, DeviceId } from '../../domain/ids.js';
import { outsideIdentity } from '../../domain/routing/own-number.js';
import type { ActingParty, DeviceCallFacts } from '../../domain/routing/call-facts.js';
import type { CallOutcome } from '../../domain/routing/call-decision.js';
import type { Dialled } from '../../domain/numbering/dialled.js';
import { callerDevice } from '../../usecases/admin/caller-device.js';
import { refused } from '../../usecases/outcome.js';
import { failed, json } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { deskAddressFields, deskAddressView } from '../schemas/emergency-fields.js';
import { line, requiredLine } from '../schemas/fields.js';

const TAG = 'Call policy';

const outcomeKind = z.enum(['ring', 'dial-trunk', 'run-feature', 'forward', 'reject']);
const explanation = z.object({
  device_id: z.string(),
  acting: z.object({
    kind: z.enum(['guest', 'user', 'common_area', 'unassigned']), name: z.string(), extension_number: z.string(),
    user_id: z.string(), hot_desk_session_id: z.string().describe('Under which a guest acts; "" without one.'),
  }).describe('Who acts on the phone now: its guest, its own user, or its common area.'),
  dialled: z.object({ kind: z.string(), digits: z.string(), meaning: z.string() }),
  outcome: outcomeKind,
  reason: z.string().describe('Name of the refusal; "" when the call goes on.'),
  text: z.string().describe('One sentence: what happens and what can be done.'),
  sip_status: z.int().describe('Status the caller would get; 0 when the call goes on.'),
  prompt: z.string(),
  targets: z.array(z.object({
    device_id: z.string(), display_name: z.string(), contacts: z.array(z.string()),
    hot_desk_session_id: z.string().describe('Under which the called user sits there as guest; else "".'),
  })),
  caller_id: z.object({ name: z.string(), number: z.string() }).optional(),
  trunks: z.array(z.object({
    trunk_id: z.string(), trunk_name: z.string(), gateway_id: z.string(), gateway: z.string(),
    last_resort: z.boolean().describe('Not meant for this call; an emergency call is tried there when nothing else is left.'),
  })).optional().describe('Gateways in the order in which they are tried; missing unless the call goes to the telephone network.'),
  outbound_caller_id: z.object({ name: z.string(), number: z.string(), why: z.string() })
    .describe('What a call to the network would show now; number "" = withheld.'),
  external_contact: z.string().optional().describe('Name of the external contact that was dialled.'),
  emergency: deskAddressFields.optional().describe('Where help is sent; missing unless an emergency number was dialled.'),
  chain: z.array(
    z.object({ rule: z.string(), verdict: z.enum(['passed', 'decided', 'not-applicable']), note: z.string() }),
  ),
});

function dialledView(dialled: Dialled) {
  switch (dialled.kind) {
    case 'emergency': {
      const meaning = dialled.test ? 'emergency test number' : 'emergency number';
      return { kind: dialled.kind, digits: dialled.number, meaning };
    }
    case 'feature-code': return { kind: dialled.kind, digits: dialled.argument, meaning: dialled.feature };
    case 'extension': {
      const place = dialled.siteCode === null ? '' : ` at site code ${dialled.siteCode}`;
      return { kind: dialled.kind, digits: dialled.digits, meaning: `extension ${dialled.number}${place}` };
    }
    case 'number': return { kind: dialled.kind, digits: dialled.digits, meaning: dialled.e164 };
    case 'unknown': return { kind: dialled.kind, digits: dialled.digits, meaning: 'nothing' };
  }
}

function outcomeView(outcome: CallOutcome) {
  const goesOn = { reason: '', sip_status: 0, prompt: '', targets: [] };
  switch (outcome.kind) {
    case 'ring': return {
      ...goesOn,
      text: `Rings ${outcome.calleeName}${outcome.extension === null ? '' : ` (${outcome.extension.number})`} for up to ${outcome.ringSeconds} s.`,
      targets: outcome.ring.map(({ device, bindings, session }) => ({
        device_id: device.id, display_name: device.displayName, contacts: bindings.map((binding) => binding.contactUri),
        hot_desk_session_id: session?.id ?? '',
      })),
      caller_id: outcome.callerId,
    };
    case 'dial-trunk': {
      const trunks = outcome.routes.map(({ trunk, gateway, lastResort }) => (
        { trunk_id: trunk.id, trunk_name: trunk.name, gateway_id: gateway.id, gateway: gateway.host, last_resort: lastResort }));
      return { ...goesOn, text: `Goes to the telephone network as ${outcome.number}.`, caller_id: outcome.callerId, trunks };
    }
    case 'run-feature': return { ...goesOn, text: `Runs ${outcome.feature}.` };
    case 'forward': return { ...goesOn, text: `${outcome.calleeName} (${outcome.extension.number}) sends the call on, and pays for it.`, caller_id: outcome.callerId };
    case 'reject': return rejectView(outcome.reason);
  }
}

function rejectView(reason: Reason) {
  const row = REASONS[reason];
  return { reason, text: row.text, sip_status: row.sip, prompt: row.prompt ?? '', targets: [] };
}

function actingView(acting: ActingParty) {
  if (acting.kind === 'unassigned') {
    return { kind: acting.kind, name: '', extension_number: '', user_id: '', hot_desk_session_id: '' };
  }
  const session = acting.kind === 'user' ? acting.session : null;
  return {
    kind: session === null ? acting.kind : 'guest', name: acting.name, extension_number: acting.extension.number,
    user_id: acting.kind === 'user' ? acting.user.id : '', hot_desk_session_id: session?.id ?? '',
  };
}

function outboundCallerId(facts: DeviceCallFacts) {
  const { name, number, why } = outsideIdentity(facts);
  return { name, number, why };
}

async function explained(deps: HttpDeps, accountId: AccountId, deviceId: DeviceId, dialled: string) {
  const result = await deps.explain({ accountId, deviceId, dialled });
  if (result.kind === 'refused') {
    return failed(fromRefusal(refused('invalid', 'device_id', 'There is no device with this id.', deviceId)));
  }
  const { facts } = result;
  const { outcome, chain } = result.decision;
  return json({
    device_id: deviceId, acting: actingView(facts.source.acting), dialled: dialledView(facts.dialled),
    outcome: outcome.kind, ...outcomeView(outcome), outbound_caller_id: outboundCallerId(facts), chain,
    ...(facts.externalName === undefined ? {} : { external_contact: facts.externalName }),
    ...(facts.emergency === undefined ? {} : { emergency: deskAddressView(facts.emergency) }),
  });
}

export const policyRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/policy/explain', operationId: 'explainPolicy',
    summary: 'Say what a call would do now, and why', tag: TAG,
    access: 'policy:read',
    body: z.strictObject({
      device_id: requiredLine(64).optional(),
      caller: z.strictObject({
        user_id: requiredLine(128).optional().describe('Id or e-mail address.'),
        extension: requiredLine(20).optional().describe('Extension number.'),
      }).optional().describe('Instead of device_id: the phone that a user or extension acts on first.'),
      dialled: line(255).min(1, 'Give what is dialled: digits, or a sip:, tel: or urn: URI.'),
    }),
    answer: {
      status: 200, description: 'The decision of the very function that decides live calls. Nothing rings.',
      schema: explanation,
    },
    async handle({ deps, actor, body }) {
      const device = await callerDevice(deps, actor.accountId, {
        deviceId: body.device_id ?? null, user: body.caller?.user_id ?? null, extension: body.caller?.extension ?? null,
      });
      return device.kind === 'refused' ? failed(fromRefusal(device)) : explained(
        deps, actor.accountId, device.deviceId, body.dialled,
      );
    },
  }),
];
