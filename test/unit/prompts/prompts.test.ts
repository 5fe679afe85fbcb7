import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../support/repository.js';

const FOLDER = join(ROOT, 'prompts');
const LANGUAGES = ['de', 'en', 'es', 'fr'] as const;
type Language = typeof LANGUAGES[number];

interface Manifest {
  readonly languages: Readonly<Record<Language, unknown>>;
  readonly prompts: readonly {
    readonly id: string;
    readonly where: string;
    readonly word?: boolean;
    readonly text: Readonly<Record<Language, string>>;
    readonly say?: Readonly<Partial<Record<Language, string>>>;
  }[];
}

const json = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as T;
const manifest: Manifest = json('manifest.json');
const rendered: Readonly<Record<string, { readonly text: string; readonly sound: string }>> = json('rendered.json');
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const ROWS = manifest.prompts.flatMap((prompt) => LANGUAGES.map((language) => ({
  ...prompt, language, name: `${language}/${prompt.id}`, path: join(FOLDER, language, `${prompt.id}.wav`),
})));

const RATE_HZ = 8000;
/** RIFF size and data size aside, every prompt begins with these 44 bytes: PCM, 1 channel, 8000 Hz, 16 bits. */
const HEADER = Buffer.from('52494646000000005741564566' + '6d74201000000001000100401f0000803e00000200100064617461' + '00000000', 'hex');

/** Samples of a prompt as amplitudes; a header other than the one above throws. */
function soundOf(file: Buffer): readonly number[] {
  const header = Buffer.from(file.subarray(0, 44));
  if (header.readUInt32LE(4) !== file.length - 8 || header.readUInt32LE(40) !== file.length - 44) throw new Error('sizes');
  header.writeUInt32LE(0, 4);
  header.writeUInt32LE(0, 40);
  if (!header.equals(HEADER)) throw new Error(`header ${header.toString('hex')}`);
  return Array.from({ length: (file.length - 44) / 2 }, (_, i) => file.readInt16LE(44 + 2 * i) / 32_768);
}

const dbfs = (power: number): number => 10 * Math.log10(power);
const powerOf = (sound: readonly number[]): number => sound.reduce((sum, value) => sum + value * value, 0) / sound.length;

/** Levels in dBFS of each 5 ms. */
function levelsOf(sound: readonly number[]): readonly number[] {
  const frame = RATE_HZ / 200;
  return Array.from({ length: Math.floor(sound.length / frame) }, (_, i) => dbfs(powerOf(sound.slice(i * frame, (i + 1) * frame))));
}

/** How long it is quiet (45 dB below the loudest 5 ms) before `levels` first are not, in ms. */
function quietMs(levels: readonly number[]): number {
  const threshold = Math.max(...levels) - 45;
  return 5 * levels.findIndex((level) => level > threshold);
}

t.test('the manifest', async (t) => {
  t.same(Object.keys(manifest.languages).sort(), LANGUAGES, 'has a voice for each language');
  t.same(manifest.prompts.map(({ id }) => id).sort(), [
    'activation-not-possible', 'call-not-allowed', 'device-locked', 'device-unlocked', ...Array.from({ length: 10 }, (_, digit) => `digits/${digit}`),
    'enter-code', 'enter-extension', 'enter-pin', 'goodbye', 'locked', 'nobody-signed-in', 'not-available',
    'number-not-in-service', 'phone-activated', 'service-unavailable', 'signed-in', 'signed-out', 'try-again',
  ], 'has every prompt once');
  for (const { name, text, language, where } of ROWS) {
    t.match(text[language], /^\p{L}/u, `${name} has a text`);
    t.notMatch(text[language], /\*|\d/, `${name} names no code: an account can change them`);
    t.not(where, '', `${name} says where it is spoken`);
  }
});

t.test('what is said after a failed try tells no cause', async (t) => {
  const telling = /\b(PIN|code|Code|código|extension|extensión|Nebenstelle|poste|wrong|incorrect|unknown|locked|bloque|falsch|gesperrt)/;
  for (const { name, text, language } of ROWS.filter(({ id }) => ['try-again', 'not-available', 'activation-not-possible'].includes(id))) {
    t.notMatch(text[language], telling, name);
  }
});

t.test('every file is the one that was rendered from its text', async (t) => {
  for (const { name, path, language, text, say } of ROWS) {
    const hash = sha256(JSON.stringify([say?.[language] ?? text[language], manifest.languages[language]]));
    t.same(rendered[name], { text: hash, sound: sha256(readFileSync(path)) }, name);
  }
});

t.test('no file and no record is left over', async (t) => {
  const asked = ROWS.map(({ name }) => name).sort();
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wav'));
  t.same(files.map((name) => name.slice(0, -4)).sort(), asked);
  t.same(Object.keys(rendered).sort(), asked);
});

t.test('every file can be heard on a telephone', async (t) => {
  let bytes = 0;
  for (const { name, path, word } of ROWS) {
    const file = readFileSync(path);
    bytes += file.length;
    const sound = soundOf(file);
    const seconds = sound.length / RATE_HZ;
    t.ok(word === true ? seconds >= 0.25 && seconds <= 1.5 : seconds >= 1 && seconds <= 6, `${name} lasts ${seconds} s`);
    const peak = dbfs(Math.max(...sound.map((value) => value * value)));
    t.ok(peak <= -1 && peak >= -14, `${name}: peak ${peak.toFixed(1)} dBFS`);
    const levels = levelsOf(sound);
    const speech = levels.filter((level) => level > Math.max(...levels) - 30);
    const level = dbfs(speech.reduce((sum, each) => sum + 10 ** (each / 10), 0) / speech.length);
    t.ok(level >= -22 && level <= -17, `${name}: speech at ${level.toFixed(1)} dBFS`);
    const mean = sound.reduce((sum, value) => sum + value, 0) / sound.length;
    t.ok(Math.abs(mean) < 0.01, `${name}: offset ${mean.toFixed(4)}`);
    for (const [end, quiet] of [['start', quietMs(levels)], ['end', quietMs(levels.toReversed())]] as const) {
      t.ok(quiet >= 20 && quiet < 100, `${name}: ${quiet} ms of silence at its ${end}`);
    }
  }
  t.ok(bytes < 5_000_000, `${bytes} bytes in all`);
});

t.test('render-prompts.mjs --check agrees', async (t) => {
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [join(ROOT, 'scripts', 'render-prompts.mjs'), '--check'], (_error, stdout, stderr) => resolve(stderr + stdout));
  });
  t.equal(output, `${ROWS.length} files, 0 to render or remove\n`);
});
