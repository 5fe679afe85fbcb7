import t from 'tap';
import { percentiles } from '../../bench/results.js';
import { signInTable } from '../../bench/sign-in.js';

t.test('the table tells what it was measured on', async (t) => {
  const same = percentiles([12.34]);
  const table = signInTable({
    at: '', processors: 2, load: [1.04, 7.5], seen: same, notBefore: same, prompt: same, promptAlone: same, invites: 9,
    cpuMs: { cordboard: { signIn: 80.04, signOut: 20 } }, samples: [{ promptMs: 12, change: null }], alone: [],
  });
  t.match(table, '1 sign-ins with INVITEs beside them (9 INVITEs), 0 without; 2 processors, load 1.0 to 7.5.');
  t.match(table, '| not before | 12.3 | 12.3 | 12.3 |');
  t.match(table, '| cordboard | 80.0 | 20.0 |');
});
