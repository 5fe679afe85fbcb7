import t from 'tap';
import { afterAttempt, RETRY_DELAYS_MS } from '../../../../src/domain/webhooks/delivery-machine.js';
import { webhookUrlProblem } from '../../../../src/domain/webhooks/webhook-url.js';

const AT = 1_000_000;

t.test('what becomes of a delivery', async (t) => {
  t.match(afterAttempt(1, { kind: 'answered', status: 204 }, AT, 0.5), { state: 'delivered', lastStatus: 204, lastError: '' });
  for (const status of [199, 301, 400, 404, 410, 429, 500, 503]) {
    t.match(afterAttempt(1, { kind: 'answered', status }, AT, 0.5), { state: 'pending', lastStatus: status, nextAt: AT + 5000 }, String(status));
  }
  t.match(afterAttempt(1, { kind: 'answered', status: 302 }, AT, 0.5).lastError, /not followed/);
  t.same(afterAttempt(2, { kind: 'unanswered', error: 'No answer in time.' }, AT, 0.5),
    { state: 'pending', nextAt: AT + 30_000, lastStatus: null, lastError: 'No answer in time.' });
});

t.test('waits grow to a day in all, with chance in them, then it failed', async (t) => {
  const waits = RETRY_DELAYS_MS.map((_, index) => afterAttempt(index + 1, { kind: 'answered', status: 500 }, AT, 0.5).nextAt - AT);
  t.same(waits, RETRY_DELAYS_MS);
  t.same([...waits].sort((a, b) => a - b), waits);
  const day = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  t.ok(day > 23 && day < 25, `${day} hours`);
  t.equal(afterAttempt(1, { kind: 'answered', status: 500 }, AT, 0).nextAt, AT + 4000);
  t.equal(afterAttempt(1, { kind: 'answered', status: 500 }, AT, 1).nextAt, AT + 6000);
  t.match(afterAttempt(RETRY_DELAYS_MS.length + 1, { kind: 'answered', status: 500 }, AT, 0.5), { state: 'failed', lastStatus: 500 });
});

t.test('addresses of webhooks', async (t) => {
  const problem = (text: string, allowed = false) => webhookUrlProblem(text, URL.canParse(text) ? new URL(text) : null, allowed);
  for (const url of ['https://example.com/hooks', 'https://example.com:8443/a?key=b', 'https://[2606:4700::1]/']) t.equal(problem(url), null, url);
  t.equal(problem('http://hooks.internal/', true), null);
  const rows: readonly (readonly [string, RegExp])[] = [
    ['http://example.com/', /https/], ['ftp://example.com/', /https/], ['file:///etc/passwd', /no URL/], ['example.com', /no URL/], ['', /no URL/],
    ['https://user@example.com/', /user name/], ['https://:pw@example.com/', /user name/], ['https://example.com/#a', /fragment/],
    [`https://example.com/${'x'.repeat(2000)}`, /longer/],
  ];
  for (const [url, text] of rows) t.match(problem(url), text, url.slice(0, 40));
});
