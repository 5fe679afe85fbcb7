import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import t from 'tap';
import { ROOT } from '../support/repository.js';

const eslint = new ESLint({ cwd: ROOT });

async function rulesBroken(filePath: string, code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath: join(ROOT, filePath) });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

const IMPURE: readonly (readonly [what: string, code: string, rule: string])[] = [
  ['the clock by Date.now', 'export const at = Date.now();', 'no-restricted-syntax'],
  ['the clock by new Date()', 'export const at = new Date();', 'no-restricted-syntax'],
  ['the clock by Date()', 'export const at = Date();', 'no-restricted-syntax'],
  ['chance', 'export const draw = Math.random();', 'no-restricted-syntax'],
  ['async functions', 'export async function wait(): Promise<void> {}', 'no-restricted-syntax'],
  ['timers', 'export const timer = setTimeout(() => 0, 1);', 'no-restricted-globals'],
  ['the environment', 'export const home = process;', 'no-restricted-globals'],
];

t.test('the domain is kept from', async (t) => {
  for (const [what, code, rule] of IMPURE) {
    t.match(await rulesBroken('src/domain/routing/planted.ts', code), [rule], what);
    t.notOk((await rulesBroken('src/security/planted.ts', code)).includes(rule), `${what}: elsewhere it may be`);
  }
});

t.test('an instant given as argument is no clock', async (t) => {
  t.same(await rulesBroken('src/domain/routing/planted.ts', 'export const year = (at: number): number => new Date(at).getUTCFullYear();'), []);
});

const STYLE: readonly (readonly [what: string, code: string])[] = [
  ['any', 'export const x: any = 1;'],
  ['a cast through unknown', 'export const x = 1 as unknown as string;'],
  ['a default export', 'export default 1;'],
  ['a barrel', "export * from './other.js';"],
  ['an enum', 'export enum Colour { Red }'],
  ['more than 400 lines', `${'export {};\n'.repeat(401)}`],
];

t.test('everywhere lint refuses', async (t) => {
  for (const [what, code] of STYLE) t.equal((await rulesBroken('src/usecases/planted.ts', code)).length > 0, true, what);
});

t.test('the domain compiles without the types of Node.js', async (t) => {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, '-p', 'tsconfig.domain.json'], { cwd: ROOT }, (_error, stdout) => resolve(stdout));
  });
  t.equal(output, '');
});
