import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { startProduct } from '../support/product.js';
import { ROOT } from '../support/repository.js';

const PAGE = join(ROOT, 'docs', 'api.md');

t.test('every command of docs/api.md works against the real program, in the order of the page', async (t) => {
  const commands = [...readFileSync(PAGE, 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(([, text = '']) => text);
  t.ok(commands.length > 8, 'the page has commands');
  const product = await startProduct();
  t.teardown(() => product.close());
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-api-page-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const { accountId, clientId, clientSecret } = product.admin;
  // -e: the first command that fails ends it; pipefail: so does one whose output is read on.
  const script = ['set -euo pipefail', ...commands.map((text, index) => `${text}\necho "done-${index}"`)].join('\n');
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
    cwd: folder, timeout: 120_000,
    env: {
      PATH: process.env['PATH'], HOME: folder, URL: product.httpUrl, ACCOUNT_ID: accountId, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret,
    },
  }).catch((error: { readonly stdout?: string; readonly stderr?: string }) => ({ stdout: error.stdout ?? '', stderr: error.stderr ?? String(error) }));
  t.equal([...stdout.matchAll(/done-\d+$/gm)].length, commands.length, 'every block ran', { stderr: stderr.slice(-2000), stdout: stdout.slice(-2000) });
  t.match(readFileSync(join(folder, 'audit.csv'), 'utf8'), /^id,time,actor/);
  t.match(readFileSync(join(folder, 'calls.csv'), 'utf8'), /^id,call_id,direction/);
});
