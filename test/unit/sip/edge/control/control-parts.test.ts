import t from 'tap';
import { AppDirectory } from '../../../../../sip/edge/control/app-directory.js';
import { clockText } from '../../../../../sip/edge/control/clock-text.js';
import { secretMatcher } from '../../../../../sip/edge/control/secret.js';
import type { Application } from '../../../../../sip/edge/dialog/application.js';

const ignore = (): void => undefined;
const app = (id: number): Application => ({ id, closed: false, handOver: ignore, requestSent: ignore, proxyResponse: ignore, proxyDone: ignore, responseSent: ignore, refuse: ignore });

t.test('clockText: HH:MM:SS.uuuuuu in UTC', (t) => {
  t.equal(clockText(Date.UTC(2026, 10, 21, 0, 17, 33) + 519.125), '00:17:33.519125');
  t.equal(clockText(Date.UTC(2026, 10, 21, 23, 59, 59)), '23:59:59.000000');
  t.equal(clockText(Date.UTC(2026, 10, 21, 23, 59, 59) + 1_000), '00:00:00.000000');
  t.end();
});

t.test('secretMatcher takes the secret and nothing else', (t) => {
  const matches = secretMatcher('cymru ☎');
  t.ok(matches(Buffer.from('cymru ☎', 'utf8').toString('latin1')), 'the bytes as they come over the wire');
  for (const wrong of ['', 'cymru', 'cymru  ', 'CYMRU ☎']) t.notOk(matches(wrong), `not ${JSON.stringify(wrong)}`);
  t.end();
});

t.test('AppDirectory: strict round robin per verb', (t) => {
  const directory = new AppDirectory();
  const [a, b, c] = [app(1), app(2), app(3)];
  for (const each of [a, b, c]) directory.route(each, 'invite');
  directory.route(a, 'invite');
  directory.route(b, 'register');
  const chosen = Array.from({ length: 6 }, () => directory.choose('invite')?.id);
  t.strictSame(chosen, [1, 2, 3, 1, 2, 3], 'the same verb twice counts once');
  t.equal(directory.choose('register')?.id, 2);
  t.equal(directory.choose('options'), undefined, 'nobody asked for it');
  directory.unroute(b, 'invite');
  t.strictSame([directory.choose('invite')?.id, directory.choose('invite')?.id], [1, 3]);
  t.equal(directory.choose('register')?.id, 2, 'remove_route takes one verb');
  directory.remove(b);
  t.equal(directory.choose('register'), undefined);
  t.end();
});
