import t from 'tap';
import { convertPromptUpload } from '../../../src/domain/prompts/prompt-upload.js';
import { createPromptConverter } from '../../../src/sound/prompt-converter.js';
import { pcm, tones, wavFile } from '../../support/wav-files.js';

const LONG = wavFile({ rateHz: 48_000, bits: 8, data: pcm(tones(48_000, 29_000, [440, 0.4]), 8) });

t.test('the same as the conversion itself, and this thread goes on meanwhile', async (t) => {
  const converter = createPromptConverter();
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns += 1;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const upload = await converter.convert(LONG);
  running = false;
  t.ok(turns > 50, `${turns} turns of the event loop`);
  const wanted = convertPromptUpload(LONG);
  t.equal(upload.kind, 'converted');
  if (upload.kind !== 'converted' || wanted.kind !== 'converted') return;
  t.equal(upload.durationMs, 29_000);
  t.ok(Buffer.from(upload.samples.buffer).equals(Buffer.from(wanted.samples.buffer)));
});

t.test('several at once are all answered; a refusal is a value; what takes too long is an error, and the next goes on', async (t) => {
  const converter = createPromptConverter();
  const short = wavFile({ data: pcm(tones(8000, 200, [440, 0.4])) });
  const uploads = await Promise.all([converter.convert(short), converter.convert(Buffer.from('OggS')), converter.convert(short)]);
  t.match(uploads, [{ kind: 'converted' }, { kind: 'refused', problem: 'not-a-wav' }, { kind: 'converted' }]);
  const hasty = createPromptConverter(0);
  await t.rejects(hasty.convert(LONG), /not converted within 0 ms/);
  await t.rejects(hasty.convert(LONG), /not converted within 0 ms/);
});
