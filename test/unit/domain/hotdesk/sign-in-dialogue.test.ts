import fc from 'fast-check';
import t from 'tap';
import {
  dialogueStep, startDialogue, type DialogueEffect, type DialogueEvent, type DialogueScript, type DialogueVerdict,
} from '../../../../src/domain/hotdesk/sign-in-dialogue.js';

const answered: DialogueEvent = { kind: 'answered' };
const done: DialogueEvent = { kind: 'prompt-done' };
const gone: DialogueEvent = { kind: 'caller-gone' };
const fault: DialogueEvent = { kind: 'fault' };
const type = (text: string, reason: 'terminator' | 'timeout' | 'max' = 'terminator'): DialogueEvent => ({ kind: 'digits', text, reason });
const verdict = (one: DialogueVerdict): DialogueEvent => ({ kind: 'verdict', verdict: one });
const ask = (askExtension = true, language = 'en') => verdict({ kind: 'ask', askExtension, language });
const say = (prompt: Extract<DialogueVerdict, { kind: 'say' }>['prompt'], language = 'en') => verdict({ kind: 'say', prompt, language });
const refused = (sounds: 'try-again' | 'locked' | 'not-available', language = 'en') => verdict({ kind: 'refused', sounds, language });

/** One word an effect: `open`, `say a+b/en`, `collect`, `collect!` (sensitive), `attempt 802 *`, `hang-up`. */
function word(effect: DialogueEffect): string {
  switch (effect.kind) {
    case 'say':
      return `say ${effect.prompts.join('+')}/${effect.language}`;
    case 'collect':
      return `collect${effect.sensitive ? '!' : ''} ${effect.maxDigits} ${effect.silenceMs}`;
    case 'submit':
      return effect.step === 'open' ? 'open' : `attempt ${effect.digits} ${effect.pin}`;
    case 'hang-up':
      return 'hang-up';
  }
}

function play(script: DialogueScript, argument: string, events: readonly DialogueEvent[]): string[] {
  let state = startDialogue(script, argument, 'en');
  return events.flatMap((event) => {
    const step = dialogueStep(state, event);
    state = step.state;
    return step.effects.map(word);
  });
}

const EXTENSION = ['say enter-extension/en', 'collect 6 4000'];
const CODE = ['say enter-code/en', 'collect! 10 8000'];
const PIN = ['say enter-pin/en', 'collect! 6 4000'];

t.test('dialogues', async (t) => {
  for (const [rule, script, argument, events, expected] of [
    ['extension, PIN, signed in, over', 'sign-in', '', [answered, ask(), type('802'), type('271828', 'max'), say('signed-in', 'de'), done],
      ['open', ...EXTENSION, ...PIN, 'attempt 802 271828', 'say signed-in/de', 'hang-up']],
    ['the extension dialled with the code asks only for the PIN', 'sign-in', '802', [answered, ask(), type('2749', 'timeout')], ['open', ...PIN, 'attempt 802 2749']],
    ["the phone's language from the first prompt on", 'sign-in', '', [answered, ask(true, 'fr')], ['open', 'say enter-extension/fr', 'collect 6 4000']],
    ['a phone that takes no guests says so before asking', 'sign-in', '', [answered, refused('not-available'), done], ['open', 'say not-available/en', 'hang-up']],
    ['a code of ten digits, asked for with more time', 'phone-activation', '', [answered, ask(false), type('4829137756', 'max'), say('phone-activated', 'de'), done],
      ['open', ...CODE, 'attempt null 4829137756', 'say phone-activated/de', 'hang-up']],
    ['a wrong code is asked again, three times a call', 'phone-activation', '', [answered, ask(false), type('1'), refused('try-again'), type('2'), refused('try-again'), type('', 'timeout'), done],
      ['open', ...CODE, 'attempt null 1', 'say try-again+enter-code/en', 'collect! 10 8000', 'attempt null 2', 'say try-again+enter-code/en', 'collect! 10 8000', 'say try-again+goodbye/en', 'hang-up']],
    ['a phone that cannot be activated says nothing of signing in', 'phone-activation', '', [answered, refused('locked'), done], ['open', 'say activation-not-possible/en', 'hang-up']],
    ['nor where a part is away', 'phone-activation', '', [answered, fault, done], ['open', 'say activation-not-possible/en', 'hang-up']],
    ['after a wrong PIN everything is asked again', 'sign-in', '802', [answered, ask(), type('1'), refused('try-again'), type('803'), type('2')],
      ['open', ...PIN, 'attempt 802 1', 'say try-again+enter-extension/en', 'collect 6 4000', ...PIN, 'attempt 803 2']],
    ['three tries', 'sign-in', '', [answered, ask(), ...Array.from({ length: 3 }, () => [type('802'), type('1'), refused('try-again')]).flat(), done],
      ['open', ...EXTENSION, ...PIN, 'attempt 802 1', 'say try-again+enter-extension/en', 'collect 6 4000', ...PIN, 'attempt 802 1',
        'say try-again+enter-extension/en', 'collect 6 4000', ...PIN, 'attempt 802 1', 'say try-again+goodbye/en', 'hang-up']],
    ['silence is a try', 'sign-in', '', [answered, ask(), type('', 'timeout'), type('', 'timeout'), type('', 'timeout'), done],
      ['open', ...EXTENSION, 'say try-again+enter-extension/en', 'collect 6 4000', 'say try-again+enter-extension/en', 'collect 6 4000', 'say try-again+goodbye/en', 'hang-up']],
    ['no PIN is a try, too', 'sign-in', '', [answered, ask(), type('802'), type('')], ['open', ...EXTENSION, ...PIN, 'say try-again+enter-extension/en', 'collect 6 4000']],
    ['locked is the last word', 'sign-in', '', [answered, ask(), type('802'), type('1'), refused('locked'), done],
      ['open', ...EXTENSION, ...PIN, 'attempt 802 1', 'say locked/en', 'hang-up']],
    ['who hangs up hears nothing, also of a verdict still to come', 'sign-in', '802', [answered, ask(), type('1'), gone, say('signed-in'), done, fault], ['open', ...PIN, 'attempt 802 1']],
    ['a fault is said, then over', 'sign-in', '802', [answered, ask(), type('1'), fault, done], ['open', ...PIN, 'attempt 802 1', 'say not-available/en', 'hang-up']],
    ['a fault of the goodbye', 'sign-in', '802', [answered, fault, fault], ['open', 'say not-available/en', 'hang-up']],
    ['a fault before the answer', 'sign-in', '', [fault], ['hang-up']],
    ['a prompt that ends while digits are awaited changes nothing', 'sign-in', '', [answered, ask(), done, type('802')], ['open', ...EXTENSION, ...PIN]],
    ['sign out', 'sign-out', '', [answered, say('signed-out'), done], ['open', 'say signed-out/en', 'hang-up']],
    ['nobody to sign out', 'sign-out', '', [answered, say('nobody-signed-in', 'es'), done], ['open', 'say nobody-signed-in/es', 'hang-up']],
    ['lock', 'device-lock', '', [answered, say('device-locked'), done], ['open', 'say device-locked/en', 'hang-up']],
    ['unlock with extension and PIN', 'device-lock', '', [answered, ask(), type('801'), type('2749'), say('device-unlocked'), done],
      ['open', ...EXTENSION, ...PIN, 'attempt 801 2749', 'say device-unlocked/en', 'hang-up']],
    ['a common area is unlocked with its PIN alone', 'device-lock', '', [answered, ask(false), type('1'), refused('try-again'), type('2749')],
      ['open', ...PIN, 'attempt null 1', 'say try-again+enter-pin/en', 'collect! 6 4000', 'attempt null 2749']],
  ] as const) t.same(play(script, argument, events), expected, rule);
});

t.test('whatever comes in whatever order: total, no fourth attempt, one hang-up at most', async (t) => {
  const language = fc.constant('en');
  const event: fc.Arbitrary<DialogueEvent> = fc.oneof(
    fc.constantFrom(answered, done, gone, fault),
    fc.record({ text: fc.constantFrom('', '1', '802'), reason: fc.constantFrom('terminator', 'timeout', 'max') }).map((typed) => ({ kind: 'digits' as const, ...typed })),
    fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), askExtension: fc.boolean(), language }),
      fc.record({ kind: fc.constant('say' as const), prompt: fc.constantFrom('signed-in' as const, 'signed-out' as const), language }),
      fc.record({ kind: fc.constant('refused' as const), sounds: fc.constantFrom('try-again' as const, 'locked' as const, 'not-available' as const), language }),
    ).map(verdict),
  );
  fc.assert(fc.property(fc.constantFrom('sign-in', 'sign-out', 'device-lock'), fc.constantFrom('', '802'), fc.array(event, { maxLength: 40 }), (script, argument, events) => {
    const words = play(script, argument, events);
    return words.filter((one) => one.startsWith('attempt')).length <= 3 && words.filter((one) => one === 'hang-up').length <= 1;
  }), { seed: 7, numRuns: 500 });
  t.pass();
});
