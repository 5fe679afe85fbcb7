import { join } from 'node:path';
import { ESLint } from 'eslint';
import t from 'tap';
import { ROOT } from '../support/repository.js';


t.test('the tree breaks no lint rule', async (t) => {
  // What `.ci/run` has read a moment before is not read again. Types of other files are not part of the cache, so a clean clone has the last word.
  const cache = { cache: true, cacheLocation: join(ROOT, 'node_modules/.cache/eslint'), cacheStrategy: 'content' } as const;
  const results = await new ESLint({ cwd: ROOT, ...cache }).lintFiles(['.']);
  t.ok(results.length > 50, 'the tree was read');
  const broken = results.flatMap(({ filePath, messages }) =>
    messages.filter(({ severity }) => severity === 2).map(({ line, ruleId, message }) => `${filePath}:${line} ${ruleId}: ${message}`));
  t.same(broken, []);
});
