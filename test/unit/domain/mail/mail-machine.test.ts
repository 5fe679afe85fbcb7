import t from 'tap';
import { mailLanguage } from '../../../../src/domain/mail/mail.js';
import { MAIL_RETRY_DELAYS_MS, afterMailAttempt, type AfterMailAttempt, type MailResult } from '../../../../src/domain/mail/mail-machine.js';

const AT = 1_000_000_000;
const unsent: MailResult = { kind: 'unsent', error: 'later' };
const [first = 0] = MAIL_RETRY_DELAYS_MS;

const rows: readonly (readonly [name: string, attempts: number, result: MailResult, chance: number, after: AfterMailAttempt])[] = [
  ['accepted is sent', 1, { kind: 'accepted' }, 0.5, { state: 'sent', nextAt: AT, lastError: '' }],
  ['what is refused for good is given up at once', 1, { kind: 'rejected', error: 'no' }, 0.5, { state: 'failed', nextAt: AT, lastError: 'no' }],
  ['what may pass is tried again after a while', 1, unsent, 0.5, { state: 'pending', nextAt: AT + first, lastError: 'later' }],
  ['a fifth sooner at the least', 1, unsent, 0, { state: 'pending', nextAt: AT + Math.round(first * 0.8), lastError: 'later' }],
  ['a fifth later at the most', 1, unsent, 1, { state: 'pending', nextAt: AT + Math.round(first * 1.2), lastError: 'later' }],
  ['after the last wait it is given up', MAIL_RETRY_DELAYS_MS.length + 1, unsent, 0.5, { state: 'failed', nextAt: AT, lastError: 'later' }],
];
for (const [name, attempts, result, chance, after] of rows) {
  t.test(name, async (t) => void t.same(afterMailAttempt(attempts, result, AT, chance), after));
}

t.test('waits only grow', async (t) => {
  t.ok(MAIL_RETRY_DELAYS_MS.every((delay, index) => index === 0 || delay > (MAIL_RETRY_DELAYS_MS[index - 1] ?? 0)));
});

t.test('the language of mail: the first wish that there are texts in', async (t) => {
  t.equal(mailLanguage('de-AT', 'fr'), 'de');
  t.equal(mailLanguage('', 'fr'), 'fr');
  t.equal(mailLanguage('pt-BR', 'es'), 'es');
  t.equal(mailLanguage(undefined, null, 'nonsense'), 'en');
  t.equal(mailLanguage('ES_mx'), 'es');
});
