// Speaks prompts/manifest.json into prompts/<language>/<id>.wav (8 kHz, 16 bits, mono); notes in prompts/rendered.json
// of which text and voice each file was made. Needs flite, espeak-ng and sox; the product itself needs none of them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', 'prompts');
const RECORD = join(FOLDER, 'rendered.json');
const HELP = `Usage: node scripts/render-prompts.mjs [options]

Speaks the prompts of prompts/manifest.json whose text or voice changed since they were rendered.

  --check             render nothing; name files that are missing, changed or left over, exit 1 if there are any
  --all               render again what is up to date too
  --language <code>   only this language (en, es, de, fr); may be given more than once
  --help              this text
`;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Digest of all that decides how a file sounds before the voices' own versions: the words and the voice's settings. */
const textHash = (voice, words) => sha256(JSON.stringify([words, voice]));

function run(program, args) {
  const { error, status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
  if (error?.code === 'ENOENT') fail(`${program} is not installed: apt-get install flite espeak-ng sox`);
  if (error || status !== 0) fail(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout + stderr;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const ENGINES = {
  flite: ({ voice, stretch }, words, out) =>
    run('flite', ['-voice', voice, '--setf', `duration_stretch=${stretch}`, '-t', words, '-o', out]),
  'espeak-ng': ({ voice, speed, pitch, gap }, words, out) =>
    run('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '-g', String(gap), '-w', out, words]),
};

const RATE_HZ = 8000;
const FRAME = RATE_HZ / 200; // 5 ms
/** Level in dBFS that the speech of all prompts shares (pauses not counted), and the peak none may pass. */
const SPEECH_DB = -19;
const PEAK_DB = -1.5;
const EDGE_S = 0.05;

/**
 * Engine's sound → telephone sound: rumble below 120 Hz off, 3 dB of presence around 2.5 kHz, 8 kHz; loud bursts taken
 * down 2:1 (formant voices have peaks 19 dB above their level); 50 ms kept before the first and after the last sound;
 * one speech level for all. No dither: the same text gives the same bytes with the same engines.
 */
function convert(spoken, out, scratch) {
  const narrow = join(scratch, 'narrow.wav');
  run('sox', ['-D', spoken, '-b', '16', '-e', 'signed-integer', '-c', '1', narrow,
    'gain', '-9', 'highpass', '120', 'equalizer', '2500', '1q', '3', 'rate', '-v', String(RATE_HZ), 'norm', '-1',
    'compand', '0.001,0.05', '4:-90,-90,-14,-14,0,-7', '0', '-90', '0.001', 'pad', '0.1', '0.1']);
  const pcm = readFileSync(narrow).subarray(44);
  const frames = frameLevels(pcm);
  const loudest = Math.max(...frames);
  if (!Number.isFinite(loudest)) fail(`${out}: no sound came out of the engine`);
  const first = frames.findIndex((level) => level > loudest - 45);
  const last = frames.findLastIndex((level) => level > loudest - 45) + 1;
  const active = frames.filter((level) => level > loudest - 30);
  const speech = 10 * Math.log10(active.reduce((sum, level) => sum + 10 ** (level / 10), 0) / active.length);
  const start = (first * FRAME) / RATE_HZ - EDGE_S;
  const length = ((last - first) * FRAME) / RATE_HZ + 2 * EDGE_S;
  mkdirSync(dirname(out), { recursive: true });
  run('sox', ['-D', narrow, out, 'trim', start.toFixed(4), length.toFixed(4), 'fade', 't', '0.01', '-0', '0.01',
    'gain', Math.min(SPEECH_DB - speech, PEAK_DB - peakLevel(pcm)).toFixed(2)]);
}

function peakLevel(pcm) {
  let peak = 0;
  for (let at = 0; at + 1 < pcm.length; at += 2) peak = Math.max(peak, Math.abs(pcm.readInt16LE(at)));
  return 20 * Math.log10(peak / 32768);
}

/** Level of each 5 ms in dBFS; silence is -Infinity. */
function frameLevels(pcm) {
  return Array.from({ length: Math.floor(pcm.length / 2 / FRAME) }, (_, frame) => {
    let sum = 0;
    for (let i = frame * FRAME; i < (frame + 1) * FRAME; i += 1) sum += (pcm.readInt16LE(2 * i) / 32768) ** 2;
    return 10 * Math.log10(sum / FRAME);
  });
}

const { values: options } = (() => {
  try {
    return parseArgs({
      options: {
        check: { type: 'boolean' }, all: { type: 'boolean' }, help: { type: 'boolean' },
        language: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
})();
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8'));
const wanted = options.language ?? Object.keys(manifest.languages);
const unknown = wanted.filter((language) => !(language in manifest.languages));
const known = Object.keys(manifest.languages).join(', ');
if (unknown.length > 0) fail(`--language ${unknown.join(', ')}: the manifest has ${known}`);

const record = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')) : {};
const files = wanted.flatMap((language) => manifest.prompts.map(({ id, text, say }) => {
  const voice = manifest.languages[language];
  const words = say?.[language] ?? text[language];
  if (words === undefined) fail(`manifest.json: ${id} has no text in ${language}`);
  const path = join(FOLDER, language, `${id}.wav`);
  return { name: `${language}/${id}`, path, voice, words, hash: textHash(voice, words) };
}));

function problemOf({ name, path, hash }) {
  if (!existsSync(path)) return 'missing';
  if (record[name] === undefined) return 'not in rendered.json';
  if (record[name].text !== hash) return 'text or voice changed since it was rendered';
  return record[name].sound === sha256(readFileSync(path)) ? null : 'not the file that was rendered';
}

/** Files and records that no prompt asks for; other languages of the manifest than the wanted ones are left alone. */
function leftOver() {
  const asked = new Set(files.map(({ name }) => name));
  const sounds = readdirSync(FOLDER, { recursive: true }).filter((name) => name.endsWith('.wav'));
  const there = sounds.map((name) => name.slice(0, -4));
  const found = [...new Set([...there, ...Object.keys(record)])];
  const ofOthers = (name) => !wanted.includes(name.split('/')[0]) && name.split('/')[0] in manifest.languages;
  return found.filter((name) => !asked.has(name) && !ofOthers(name)).sort();
}

if (options.check) {
  const due = files.map((file) => [file.name, problemOf(file)]).filter(([, problem]) => problem !== null);
  const problems = [...due, ...leftOver().map((name) => [name, 'left over'])];
  for (const [name, problem] of problems) process.stderr.write(`prompts/${name}.wav: ${problem}\n`);
  process.stdout.write(`${files.length} files, ${problems.length} to render or remove\n`);
  process.exit(problems.length > 0 ? 1 : 0);
}

const due = files.filter((file) => options.all || problemOf(file) !== null);
const scratch = mkdtempSync(join(tmpdir(), 'cordboard-prompts-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const [index, { name, path, voice, words, hash }] of due.entries()) {
  const spoken = join(scratch, 'spoken.wav');
  ENGINES[voice.engine](voice, words, spoken);
  convert(spoken, path, scratch);
  record[name] = { text: hash, sound: sha256(readFileSync(path)) };
  process.stdout.write(`${index + 1}/${due.length} ${name}\n`);
}
for (const name of leftOver()) {
  rmSync(join(FOLDER, `${name}.wav`), { force: true });
  delete record[name];
  process.stdout.write(`removed ${name}\n`);
}
const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(RECORD, `${JSON.stringify(sorted, null, 2)}\n`);
process.stdout.write(`${due.length} rendered, ${files.length - due.length} were up to date\n`);
