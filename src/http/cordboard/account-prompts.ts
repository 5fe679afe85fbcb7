import { z } from 'zod';
import { HOT_DESK_PROMPTS } from '../../domain/hotdesk/prompts.js';
import { PROMPT_LANGUAGES } from '../../domain/prompts/account-prompt.js';
import { listPrompts, promptSound, removePrompt, uploadPrompt, type HeardPrompt } from '../../usecases/prompts/account-prompts.js';
import { answer, bytes, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'Prompts';
const PATH = '/v2/cordboard/account/prompts/{language}/{promptId}';

const prompt = z.object({
  language: z.enum(PROMPT_LANGUAGES),
  prompt_id: z.enum(HOT_DESK_PROMPTS),
  origin: z.enum(['account', 'built-in']).describe('Whose recording callers hear.'),
  duration_ms: z.int().describe('0 = there is no recording.'),
  uploaded_at: z.string().describe('"" for a built-in recording.'),
});

function view({ language, promptId, origin, durationMs, uploadedAt }: HeardPrompt) {
  return { language, prompt_id: promptId, origin, duration_ms: durationMs, uploaded_at: apiTime(uploadedAt) };
}

/** A sound file as it is; what is in it is the converter's business. */
const soundFile = z.instanceof(Uint8Array).meta({
  type: 'string', contentMediaType: 'audio/wav',
  description: 'WAV of at most 2 MB: PCM of 8, 16 or 24 bits, µ-law or A-law; 8 to 48 kHz; mono or stereo; 0.1 to 30 seconds.',
});

export const accountPromptRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/account/prompts', operationId: 'listPrompts', summary: 'List what star codes say, and whose recording it is',
    tag: TAG, access: 'setting:read',
    answer: { status: 200, description: 'Every prompt in every language.', schema: z.object({ prompts: z.array(prompt) }) },
    handle: async ({ deps, actor }) => json({ prompts: (await listPrompts(deps, actor)).map(view) }),
  }),
  route({
    method: 'PUT', path: PATH, operationId: 'uploadPrompt', summary: "Replace a prompt by the account's own recording",
    tag: TAG, access: 'setting:write', bodyType: 'wav', body: soundFile,
    answer: { status: 200, description: 'Heard from the next prompt on, in calls that stand as well.', schema: prompt },
    handle: async ({ deps, actor, params, body }) => answer(
      await uploadPrompt(deps, actor, params.language, params.promptId, body), (value) => json(view(value)),
    ),
  }),
  route({
    method: 'GET', path: `${PATH}/sound`, operationId: 'getPromptSound', summary: 'Hear a prompt',
    tag: TAG, access: 'setting:read',
    answer: { status: 200, description: "The account's own recording, else the built-in one: WAV, µ-law, 8000 Hz.", schema: null, contentType: 'audio/wav' },
    handle: ({ deps, actor, params }) => answer(promptSound(deps, actor, params.language, params.promptId), (wav) => bytes('audio/wav', wav)),
  }),
  route({
    method: 'DELETE', path: PATH, operationId: 'removePrompt', summary: "Remove the account's own recording of a prompt",
    tag: TAG, access: 'setting:write',
    answer: { status: 204, description: 'Removed; the built-in one is heard again.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removePrompt(deps, actor, params.language, params.promptId), () => NO_CONTENT),
  }),
];
