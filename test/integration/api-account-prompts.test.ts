import t from 'tap';
import { PROMPT_NAMES } from '../../src/domain/prompts/account-prompt.js';
import { UPLOAD_PROBLEMS, type UploadProblem } from '../../src/domain/prompts/prompt-upload-problems.js';
import { convertPromptUpload } from '../../src/domain/prompts/prompt-upload.js';
import { startApiOffice } from '../support/api-office.js';
import { pcm, tones, wavFile } from '../support/wav-files.js';

const PROMPTS = '/v2/cordboard/account/prompts';
const WAV = { 'content-type': 'audio/wav' };
const SOUND = wavFile({ rateHz: 16_000, data: pcm(tones(16_000, 500, [440, 0.4])) });
const sine = tones(8000, 200, [440, 0.4]);

const BAD: readonly (readonly [problem: UploadProblem, file: Buffer, found: string])[] = [
  ['not-a-wav', Buffer.from('OggS and so on'), ''],
  ['wrong-codec', wavFile({ tag: 85, data: pcm(sine) }), ''],
  ['too-short', wavFile({ data: pcm(sine.slice(0, 400)) }), '50 ms'],
  ['too-long', wavFile({ data: Buffer.alloc(31 * 16_000) }), '31.0 s'],
  ['silent', wavFile({ data: Buffer.alloc(16_000) }), ''],
];

t.test("an account's own prompts", async (t) => {
  const office = await startApiOffice(t);
  const { expect, deps, account, clock } = office;
  const builtIn = wavFile({ data: pcm(sine) });
  for (const { language, promptId } of PROMPT_NAMES) if (language !== 'fr') deps.prompts.put(promptId, language, builtIn);
  const upload = (status: number, path: string, raw: Buffer, headers: Readonly<Record<string, string>> = WAV) =>
    expect(status, 'PUT', `${PROMPTS}/${path}`, undefined, { raw, headers });
  const listed = async (language: string, id: string) => {
    const { prompts } = (await expect(200, 'GET', PROMPTS)).json;
    t.equal(prompts.length, PROMPT_NAMES.length);
    return prompts.find((one: { language: string; prompt_id: string }) => one.language === language && one.prompt_id === id);
  };
  const token = await deps.tokens.issue({ clientId: office.clientId, accountId: account.id, role: 'Phone Super Admin', generation: 1 }, 3600);
  const hear = async (path: string) => {
    const answer = await fetch(`${office.url}${PROMPTS}/${path}/sound`, { headers: { authorization: `Bearer ${token}` } });
    t.match({ status: answer.status, type: answer.headers.get('content-type') }, { status: 200, type: /^audio\/wav/ });
    return convertPromptUpload(Buffer.from(await answer.arrayBuffer()));
  };
  const audit = async (action: string) => (await expect(200, 'GET', '/v2/cordboard/audit_log')).json.entries
    .filter((entry: { action: string }) => entry.action === action);

  await t.test('before any upload everything is built-in', async (t) => {
    t.same(await listed('de', 'enter-pin'), { language: 'de', prompt_id: 'enter-pin', origin: 'built-in', duration_ms: 200, uploaded_at: '' });
    t.match(await listed('fr', 'enter-pin'), { origin: 'built-in', duration_ms: 0 }, 'no file');
    t.match(await hear('de/enter-pin'), { kind: 'converted', durationMs: 200 });
    await expect(404, 'GET', `${PROMPTS}/fr/enter-pin/sound`);
  });

  await t.test('an upload replaces, again and again, and is heard', async (t) => {
    const reply = await upload(200, 'de/enter-pin', SOUND);
    const uploadedAt = new Date(clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    t.same(reply.json, { language: 'de', prompt_id: 'enter-pin', origin: 'account', duration_ms: 500, uploaded_at: uploadedAt });
    t.same(await listed('de', 'enter-pin'), reply.json);
    t.match(await listed('en', 'enter-pin'), { origin: 'built-in' });
    t.match(await hear('de/enter-pin'), { kind: 'converted', durationMs: 500 });
    t.equal(deps.prompts.resolve('enter-pin', 'de', account.id)?.ulaw.byteLength, 4000);
    t.equal(deps.prompts.resolve('enter-pin', 'de')?.ulaw.byteLength, 1600);
    t.match(await audit('upload-prompt'), [{ aggregate: 'prompt', aggregate_id: 'de/enter-pin', before: null, after: { durationMs: 500 } }]);

    const other = wavFile({ data: pcm(tones(8000, 500, [880, 0.4])) });
    const sound = () => Buffer.from(deps.prompts.own(account.id, 'enter-pin', 'de')?.ulaw ?? new ArrayBuffer(0));
    const before = sound();
    await upload(200, 'de/enter-pin', other, { 'content-type': 'audio/x-wav' });
    t.equal(sound().length, before.length);
    t.notOk(sound().equals(before), 'another sound, in the same moment and of the same length');
    t.equal((await audit('upload-prompt')).length, 2);
  });

  await t.test('a file that cannot be taken is refused with what is wrong and what to do; what was there stays', async (t) => {
    for (const [problem, file, found] of BAD) {
      const { text, remedy } = UPLOAD_PROBLEMS[problem];
      const { errors } = (await upload(400, 'de/enter-pin', file)).json;
      t.match(errors, [{ field: 'body' }], problem);
      t.ok(errors[0].message.startsWith(text.slice(0, -1)) && errors[0].message.endsWith(remedy) && errors[0].message.includes(found), errors[0].message);
    }
    t.match((await upload(413, 'de/enter-pin', Buffer.alloc(2 * 1024 * 1024 + 1))).json, { message: UPLOAD_PROBLEMS['too-big'].text, errors: [{ field: 'body' }] });
    t.match((await upload(415, 'de/enter-pin', SOUND, { 'content-type': 'audio/mpeg' })).json.message, /audio\/wav/);
    t.match((await expect(400, 'PUT', `${PROMPTS}/de/enter-pin`)).json.message, /sound file/);
    t.match((await upload(404, 'xx/enter-pin', SOUND)).json.errors, [{ field: 'language', message: /en, es, de, fr/ }]);
    t.match((await upload(404, 'de/none', SOUND)).json.errors, [{ field: 'promptId', message: /enter-extension/ }]);
    t.match(await listed('de', 'enter-pin'), { origin: 'account', duration_ms: 500 });
  });

  await t.test('removed: the built-in one again; twice is not found', async (t) => {
    await expect(403, 'PUT', `${PROMPTS}/de/enter-pin`, undefined, { raw: SOUND, headers: WAV, token: await office.tokenFor('Phone Read Only') });
    await expect(204, 'DELETE', `${PROMPTS}/de/enter-pin`);
    t.match(await listed('de', 'enter-pin'), { origin: 'built-in', duration_ms: 200, uploaded_at: '' });
    t.match(await hear('de/enter-pin'), { kind: 'converted', durationMs: 200 });
    t.match(await audit('remove-prompt'), [{ aggregate_id: 'de/enter-pin', before: { durationMs: 500 }, after: null }]);
    await expect(404, 'DELETE', `${PROMPTS}/de/enter-pin`);
    await expect(404, 'DELETE', `${PROMPTS}/de/none`);
  });
});
