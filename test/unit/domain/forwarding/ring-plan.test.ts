import t from 'tap';
import { WEEKDAYS } from '../../../../src/domain/device/firmware-window.js';
import { asId, type ForwardingNumberId } from '../../../../src/domain/ids.js';
import { periodAt, PLAIN_RULES, type BusinessHours, type ForwardingNumber, type HandlingRules, type NotTaken } from '../../../../src/domain/forwarding/call-handling.js';
import { afterRinging, isPlain, ringPlan } from '../../../../src/domain/forwarding/ring-plan.js';

const number = (digits: string, changes: Partial<ForwardingNumber> = {}): ForwardingNumber => (
  { id: asId<ForwardingNumberId>(digits), number: `+${digits}`, description: '', enabled: true, delaySeconds: 0, ringSeconds: null, ...changes });
const rules = (changes: Partial<HandlingRules>): HandlingRules => ({ ...PLAIN_RULES, ...changes });
const phonesAfter = (delaySeconds: number, ringSeconds: number | null = null): HandlingRules['phones'] => ({ enabled: true, delaySeconds, ringSeconds });

t.test('when what rings', async (t) => {
  const rows: readonly (readonly [rule: string, rules: HandlingRules, phones: boolean, steps: string | null])[] = [
    ['phones alone', PLAIN_RULES, true, '0: phones | 30'],
    ['nothing', PLAIN_RULES, false, null],
    ['all at once', rules({ numbers: [number('1'), number('2')] }), true, '0: phones +1 +2 | 30'],
    ['a number that is switched off', rules({ numbers: [number('1', { enabled: false })] }), true, '0: phones | 30'],
    ['the phones are switched off', rules({ phones: { ...PLAIN_RULES.phones, enabled: false }, numbers: [number('1')] }), true, '0: +1 | 30'],
    ['a number later', rules({ numbers: [number('1', { delaySeconds: 10 })] }), true, '0: phones, 10: +1 | 30'],
    ['phones later', rules({ phones: phonesAfter(5), numbers: [number('1'), number('2', { delaySeconds: 5 })] }), true, '0: +1, 5: phones +2 | 30'],
    ['nobody waits for phones that are away', rules({ numbers: [number('1', { delaySeconds: 10 }), number('2', { delaySeconds: 15 })] }), false, '0: +1, 5: +2 | 30'],
    ['what would come too late never rings', rules({ ringSeconds: 10, numbers: [number('1', { delaySeconds: 10 })] }), true, '0: phones | 10'],
    ['one after the other, equal shares', rules({ ringMode: 'sequential', numbers: [number('1'), number('2')] }), true, '0: phones, 10! +1, 20! +2 | 30'],
    ['with times of their own', rules({ ringMode: 'sequential', phones: phonesAfter(0, 12), numbers: [number('1', { ringSeconds: 8 })] }), true, '0: phones, 12! +1 | 20'],
    ['a share is never too short to answer', rules({ ringMode: 'sequential', ringSeconds: 5, numbers: [number('1')] }), true, '0: phones, 5! +1 | 10'],
    ['one after the other without phones', rules({ ringMode: 'sequential', numbers: [number('1'), number('2')] }), false, '0: +1, 15! +2 | 30'],
  ];
  for (const [rule, given, phones, expected] of rows) {
    const plan = ringPlan(given, phones, 30);
    const text = plan && `${plan.steps.map((step) => `${step.afterSeconds}${step.alone ? '!' : ':'} ${[...(step.phones ? ['phones'] : []), ...step.numbers].join(' ')}`).join(', ')} | ${plan.ringSeconds}`;
    t.equal(text, expected, rule);
    t.equal(plan !== null && isPlain(plan), text?.startsWith('0: phones | ') ?? false);
  }
});

t.test('what becomes of a call that nobody took', async (t) => {
  const to = (digits: string): NotTaken => ({ kind: 'number', number: `+${digits}`, description: '' });
  const otherwise = { unanswered: to('1'), busy: to('2') };
  const none: NotTaken = { kind: 'disconnect' };
  for (const [rule, status, cause, expected] of [
    ['nobody answered', 480, 'ring-timeout', '+1 no-answer'], ['every phone was busy', 486, 'all-failed', '+2 user-busy'], ['phones are away', 408, 'all-failed', '+1 no-answer'],
    ['somebody declined', 603, 'declined-everywhere', '+1 no-answer'], ['the caller gave up', 487, 'caller-cancelled', null],
  ] as const) {
    const next = afterRinging(otherwise, status, cause);
    t.equal(next && `${next.to.kind === 'number' ? next.to.number : ''} ${next.because}`, expected, rule);
  }
  t.equal(afterRinging({ ...otherwise, busy: none }, 486, 'all-failed'), null, 'busy is said as it is');
  t.equal(afterRinging({ unanswered: none, busy: to('2') }, 480, 'ring-timeout'), null);
});

t.test('business hours', async (t) => {
  const hours: BusinessHours = {
    kind: 'custom', days: [{ weekday: 'mon', from: '09:00', to: '12:00' }, { weekday: 'mon', from: '13:00', to: '17:00' }, { weekday: 'fri', from: '22:00', to: '02:00' },
      { weekday: 'sun', from: '00:00', to: '24:00' }],
  };
  for (const [weekday, time, open] of [
    ['mon', '08:59', false], ['mon', '09:00', true], ['mon', '12:00', false], ['mon', '16:59', true], ['tue', '10:00', false], ['fri', '21:59', false], ['fri', '23:00', true],
    ['sat', '01:59', true], ['sat', '02:00', false], ['fri', '01:00', false], ['sun', '00:00', true], ['sun', '23:59', true],
  ] as const) t.equal(periodAt(hours, { weekday, time }) === 'business_hours', open, `${weekday} ${time}`);
  for (const weekday of WEEKDAYS) t.equal(periodAt({ kind: 'always' }, { weekday, time: '03:00' }), 'business_hours');
});
