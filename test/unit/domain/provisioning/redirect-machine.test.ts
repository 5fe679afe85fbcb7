import t from 'tap';
import { asId, type AccountId, type DeviceId } from '../../../../src/domain/ids.js';
import {
  afterRedirectAttempt, REDIRECT_REASONS, REDIRECT_RETRY_MS, redirectText, redirectVendorOf, wantedListing, type RedirectListing, type RedirectResult,
} from '../../../../src/domain/provisioning/redirect-machine.js';

const WANTED = wantedListing({ accountId: asId<AccountId>('a'), macAddress: '805ec0000001', vendor: 'yealink', deviceId: asId<DeviceId>('d') }, 1000);
const leaving = (attempts: number): RedirectListing => ({ ...WANTED, state: 'leaving', attempts });
const done: RedirectResult = { kind: 'done' };
const away: RedirectResult = { kind: 'unanswered', detail: 'No answer in time.' };
const refused = (reason: 'owned-elsewhere' | 'credentials' | 'refused' | 'no-window'): RedirectResult => ({ kind: 'refused', reason, detail: 'code' });

t.test('after an attempt', async (t) => {
  for (const [rule, before, result, expected] of [
    ['it knows', { ...WANTED, attempts: 1 }, done, { state: 'listed', nextAt: null, reason: '', detail: '' }],
    ['it is away: later', { ...WANTED, attempts: 1 }, away, { state: 'wanted', nextAt: 5000 + 60_000, reason: 'unreachable' }],
    ['and later', { ...WANTED, attempts: 2 }, away, { state: 'wanted', nextAt: 5000 + 300_000 }],
    ['until a day is over', { ...WANTED, attempts: REDIRECT_RETRY_MS.length + 1 }, away, { state: 'failed', nextAt: null, reason: 'unreachable' }],
    ['another has the phone: nobody tries again', { ...WANTED, attempts: 1 }, refused('owned-elsewhere'), { state: 'failed', nextAt: null, reason: 'owned-elsewhere', detail: 'code' }],
    ['no key', { ...WANTED, attempts: 1 }, refused('credentials'), { state: 'failed', reason: 'credentials' }],
    ['no window', { ...WANTED, attempts: 1 }, refused('no-window'), { state: 'failed', reason: 'no-window' }],
    ['forgotten', leaving(1), done, null],
    ['forgotten, since it is another\'s', leaving(1), refused('owned-elsewhere'), null],
    ['not yet forgotten', leaving(1), away, { state: 'leaving', nextAt: 5000 + 60_000 }],
    ['it is tried for ever', leaving(99), away, { state: 'leaving', nextAt: 5000 + 43_200_000 }],
    ['also without a key', leaving(2), refused('credentials'), { state: 'leaving', nextAt: 5000 + 300_000, reason: 'credentials' }],
  ] as const) t.match(afterRedirectAttempt(before, result, 5000, 0.5), expected, rule);
});

t.test('chance spreads retries, and long words are cut', async (t) => {
  const [soon, late] = [0, 1].map((chance) => afterRedirectAttempt({ ...WANTED, attempts: 1 }, away, 0, chance)?.nextAt);
  t.same([soon, late], [48_000, 72_000]);
  t.equal(afterRedirectAttempt({ ...WANTED, attempts: 1 }, { kind: 'unanswered', detail: 'x'.repeat(999) }, 0, 0)?.detail.length, 200);
});

t.test('every reason says what can be done', async (t) => {
  for (const reason of REDIRECT_REASONS) t.match(redirectText({ ...WANTED, reason, state: 'failed' }), /[A-Z].{20,}\./, reason);
  t.equal(redirectText(WANTED), '');
  t.same([redirectVendorOf('Yealink'), redirectVendorOf('Snom'), redirectVendorOf('')], ['yealink', null, null]);
});
