import { join } from 'node:path';
import { ESLint } from 'eslint';
import t from 'tap';

const ROOT = join(import.meta.dirname, '..', '..');

t.test('the tree breaks no lint rule', async (t) => {
  const results = await new ESLint({ cwd: ROOT }).lintFiles(['.']);
  t.ok(results.length > 50, 'the tree was read');
  const broken = results.flatMap(({ filePath, messages }) =>
    messages.filter(({ severity }) => severity === 2).map(({ line, ruleId, message }) => `${filePath}:${line} ${ruleId}: ${message}`));
  t.same(broken, []);
});
