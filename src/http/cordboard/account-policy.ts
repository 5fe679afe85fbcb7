import { z } from 'zod';
import type { AccountPolicy } from '../../domain/identity/account.js';
import { PROMPT_LANGUAGES } from '../../domain/prompts/account-prompt.js';
import { accountNotFound } from '../../usecases/admin/not-found.js';
import { setAccountPolicy, type PolicyChanges } from '../../usecases/admin/set-account-policy.js';
import { updateDevice } from '../../usecases/admin/update-device.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { given } from '../schemas/views.js';

const TAG = 'Settings';
const DAY_SECONDS = 86_400;

const algorithms = z.array(z.enum(['MD5', 'SHA-256'])).min(1).max(2)
  .refine((list) => new Set(list).size === list.length, 'Each algorithm at most once.')
  .describe('In the order phones are offered them (RFC 8760). MD5 alone suits every phone; several give up at SHA-256.');
const seconds = (least: number, most: number) => z.int().min(least).max(most);

const policyFields = {
  digest_algorithms: algorithms,
  registration_min_seconds: seconds(10, DAY_SECONDS).describe('A shorter registration gets 423.'),
  registration_max_seconds: seconds(10, DAY_SECONDS),
  stream_registration_max_seconds: seconds(10, DAY_SECONDS).describe('Over TCP, TLS and WebSocket.'),
  contacts_per_device: z.int().min(1).max(20),
  ring_seconds: seconds(5, 600).describe('How long a called extension rings.'),
  max_call_seconds: seconds(0, 7 * DAY_SECONDS).describe('Longest call; 0 = no limit.'),
  session_expires_seconds: seconds(0, DAY_SECONDS).describe('Session timers (RFC 4028); 0 = none, else at least 90.'),
};

const code = z.string().trim().max(10);
const codeFields = {
  hot_desk_sign_in: code.describe('The extension may be dialled right behind it.'),
  hot_desk_sign_out: code,
  device_lock: code.describe('Locks and unlocks a phone for its own user; "" = no code.'),
  phone_activation: code.describe('Makes a phone that is nobody\'s a common area\'s or user\'s by an activation code; "" = no code.'),
};
/** Prompts are spoken in these. */
const promptLanguage = z.enum(PROMPT_LANGUAGES);
const hotDeskFields = {
  hot_desk_conflict: z.enum(['displace', 'refuse']).describe('Signing in while signed in elsewhere ends the earlier session, or is refused.'),
  hot_desk_reach: z.enum(['desk-and-own', 'desk-only']).describe("Where a guest's extension rings."),
  refuse_weak_pins: z.boolean().describe('Default, repeated, sequential and extension-equal PINs are refused, when set and at sign-in.'),
  pin_min_length: z.int().min(1).max(6),
  prompt_language: promptLanguage.describe('First language of spoken prompts where a site sets none.'),
};

function view(policy: AccountPolicy) {
  return {
    digest_algorithms: [...policy.digestAlgorithms], registration_min_seconds: policy.registrationMinSeconds,
    registration_max_seconds: policy.registrationMaxSeconds, stream_registration_max_seconds: policy.streamRegistrationMaxSeconds,
    contacts_per_device: policy.contactsPerDevice, ring_seconds: policy.ringSeconds, max_call_seconds: policy.maxCallSeconds,
    session_expires_seconds: policy.sessionExpiresSeconds, hot_desk_conflict: policy.hotDeskConflict, hot_desk_reach: policy.hotDeskReach,
    refuse_weak_pins: policy.refuseWeakPins, pin_min_length: policy.pinMinLength, prompt_language: policy.promptLanguage,
    feature_codes: {
      hot_desk_sign_in: policy.featureCodes.hotDeskSignIn, hot_desk_sign_out: policy.featureCodes.hotDeskSignOut,
      device_lock: policy.featureCodes.deviceLock, phone_activation: policy.featureCodes.phoneActivation,
    },
  };
}

const body = z.strictObject({ ...policyFields, ...hotDeskFields, feature_codes: z.strictObject(codeFields).partial() }).partial();

function toChanges(wanted: z.output<typeof body>): PolicyChanges {
  const pairs: readonly (readonly [keyof PolicyChanges, unknown])[] = [
    ['digestAlgorithms', wanted.digest_algorithms], ['registrationMinSeconds', wanted.registration_min_seconds],
    ['registrationMaxSeconds', wanted.registration_max_seconds], ['streamRegistrationMaxSeconds', wanted.stream_registration_max_seconds],
    ['contactsPerDevice', wanted.contacts_per_device], ['ringSeconds', wanted.ring_seconds], ['maxCallSeconds', wanted.max_call_seconds],
    ['sessionExpiresSeconds', wanted.session_expires_seconds], ['hotDeskConflict', wanted.hot_desk_conflict], ['hotDeskReach', wanted.hot_desk_reach],
    ['refuseWeakPins', wanted.refuse_weak_pins], ['pinMinLength', wanted.pin_min_length], ['promptLanguage', wanted.prompt_language],
  ];
  const codes = wanted.feature_codes;
  const featureCodes = codes === undefined ? undefined
    : given({
      hotDeskSignIn: codes.hot_desk_sign_in, hotDeskSignOut: codes.hot_desk_sign_out, deviceLock: codes.device_lock, phoneActivation: codes.phone_activation,
    });
  return { ...Object.fromEntries(pairs.filter(([, value]) => value !== undefined)), ...given({ featureCodes }) };
}

export const accountPolicyRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/account/policy', operationId: 'getAccountPolicy', summary: "Get the account's policy",
    tag: TAG, access: 'setting:read', subject: 'anyone',
    answer: { status: 200, description: 'What holds for all phones and calls of the account.', schema: z.object({ ...policyFields, ...hotDeskFields, feature_codes: z.object(codeFields) }) },
    async handle({ deps, actor }) {
      const account = await deps.stores.accounts.get(actor.accountId);
      return account === null ? failed(fromRefusal(accountNotFound(actor.accountId))) : json(view(account.policy));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/account/policy', operationId: 'setAccountPolicy', summary: "Change the account's policy",
    tag: TAG, access: 'setting:write', body,
    answer: { status: 204, description: 'Changed; holds for the next REGISTER or call.', schema: null },
    handle: async ({ deps, actor, body: wanted }) => answer(await setAccountPolicy(deps, actor, toChanges(wanted)), () => NO_CONTENT),
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/devices/{deviceId}', operationId: 'setDeviceDigest', summary: "Choose a phone's digest algorithms",
    tag: TAG, access: 'device:write',
    body: z.strictObject({ digest_algorithms: algorithms.nullable() }),
    answer: { status: 204, description: "Chosen; null = the account's.", schema: null },
    async handle({ deps, actor, params, body: wanted }) {
      return answer(await updateDevice(deps, actor, params.deviceId, { digestAlgorithms: wanted.digest_algorithms }), () => NO_CONTENT);
    },
  }),
];
