import t from 'tap';
import { LifeCycle } from '../../../src/wiring/life-cycle.js';
import { openDataDir } from '../../../src/wiring/data-dir.js';
import type { Log } from '../../../src/ports/runtime.js';

const errors: string[] = [];
const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (event) => void errors.push(event), child: () => log };

t.test('parts stop in reverse, once, and a failing one does not keep the others up', async (t) => {
  const life = new LifeCycle(log);
  const seen: string[] = [];
  for (const name of ['redis', 'postgres', 'edge']) {
    await life.start(name, async () => ({ value: name, stop: () => {
      seen.push(name);
      if (name === 'postgres') throw new Error('stuck');
    } }));
  }
  await Promise.all([life.stop('SIGTERM'), life.stop('SIGINT')]);
  t.strictSame(seen, ['edge', 'postgres', 'redis']);
  t.strictSame(errors, ['part failed to stop']);
});

t.test('a data folder belongs to one process at a time', async (t) => {
  const path = `${t.testdir()}/var`;
  const first = await openDataDir(path);
  await t.rejects(openDataDir(path), { name: 'StartProblem', message: /already runs/ });
  t.equal(first.readOrMake('x', () => 'made'), 'made');
  t.equal(first.readOrMake('x', () => 'again'), 'made');
  await first.release();
  const second = await openDataDir(path);
  t.equal(second.read('x'), 'made');
  await second.release();
});

t.test('a data folder that cannot be made is one clear message', async (t) => {
  const dir = t.testdir({ file: '' });
  await t.rejects(openDataDir(`${dir}/file/var`), { name: 'StartProblem', message: /Set DATA_DIR/ });
});
