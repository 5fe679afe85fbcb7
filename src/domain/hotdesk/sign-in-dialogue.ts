import { ACTIVATION_CODE_LENGTH } from '../identity/activation-code.js';
import type { HotDeskPrompt } from './prompts.js';
import type { RefusalSound } from './sign-in-refusal.js';

/** What the dialogue of a feature code is about. */
export type DialogueScript = 'sign-in' | 'sign-out' | 'device-lock' | 'phone-activation';

/** What the verb behind the dialogue answered. */
export type DialogueVerdict =
  | { readonly kind: 'ask'; readonly askExtension: boolean; readonly language: string }
  /** The last word. */
  | { readonly kind: 'say'; readonly prompt: HotDeskPrompt; readonly language: string }
  | { readonly kind: 'refused'; readonly sounds: RefusalSound; readonly language: string };

export type DialogueEvent =
  /** Media flows. */
  | { readonly kind: 'answered' }
  /** A number was typed; '' where nothing came. */
  | { readonly kind: 'digits'; readonly text: string; readonly reason: 'terminator' | 'timeout' | 'max' }
  | { readonly kind: 'verdict'; readonly verdict: DialogueVerdict }
  /** Everything said so far has been played out. */
  | { readonly kind: 'prompt-done' }
  | { readonly kind: 'caller-gone' }
  /** A part of the system is away. */
  | { readonly kind: 'fault' };

export type DialogueEffect =
  /** Plays the prompts; a digit breaks them off where a collection runs. */
  | { readonly kind: 'say'; readonly prompts: readonly HotDeskPrompt[]; readonly language: string }
  /**
   * Collects from now on, also while a prompt plays, until `#`, `maxDigits`, or `silenceMs` after the last digit or the end of
   * the prompt. Sensitive digits are never logged, recorded or passed on.
   */
  | { readonly kind: 'collect'; readonly sensitive: boolean; readonly maxDigits: number; readonly silenceMs: number }
  /** Asks the verb: `open` first, `attempt` with what was typed (`digits` null where the extension was not asked). */
  | { readonly kind: 'submit'; readonly step: 'open' }
  | { readonly kind: 'submit'; readonly step: 'attempt'; readonly digits: string | null; readonly pin: string }
  | { readonly kind: 'hang-up' };

type Place = 'ringing' | 'opening' | 'extension' | 'pin' | 'judging' | 'farewell' | 'over';

export interface DialogueState {
  readonly script: DialogueScript;
  readonly place: Place;
  readonly language: string;
  /** Attempts left in this call. */
  readonly tries: number;
  readonly askExtension: boolean;
  /** The extension typed, or dialled behind the code; null = not yet. */
  readonly digits: string | null;
}

export interface DialogueStep {
  readonly state: DialogueState;
  readonly effects: readonly DialogueEffect[];
}

const TRIES = 3;

/** How a number is asked for. */
interface Question {
  readonly prompt: HotDeskPrompt;
  readonly maxDigits: number;
  readonly silenceMs: number;
}

const EXTENSION: Question = { prompt: 'enter-extension', maxDigits: 6, silenceMs: 4000 };
const PIN: Question = { prompt: 'enter-pin', maxDigits: 6, silenceMs: 4000 };
/** Read from a paper, group by group. */
const CODE: Question = { prompt: 'enter-code', maxDigits: ACTIVATION_CODE_LENGTH, silenceMs: 8000 };

/** The secret that each script asks for, and how its refusals sound. */
const SCRIPTS: Readonly<Record<DialogueScript, { readonly secret: Question; readonly sounds: Readonly<Record<RefusalSound, HotDeskPrompt>> }>> = {
  'sign-in': { secret: PIN, sounds: { 'try-again': 'try-again', 'locked': 'locked', 'not-available': 'not-available' } },
  'sign-out': { secret: PIN, sounds: { 'try-again': 'try-again', 'locked': 'locked', 'not-available': 'not-available' } },
  'device-lock': { secret: PIN, sounds: { 'try-again': 'try-again', 'locked': 'locked', 'not-available': 'not-available' } },
  'phone-activation': {
    secret: CODE, sounds: { 'try-again': 'try-again', 'locked': 'activation-not-possible', 'not-available': 'activation-not-possible' },
  },
};

/** `argument`: the extension dialled behind the code, '' = none. */
export function startDialogue(script: DialogueScript, argument: string, language: string): DialogueState {
  return { script, place: 'ringing', language, tries: TRIES, askExtension: true, digits: argument === '' ? null : argument };
}

type Handler<Kind extends DialogueEvent['kind']> = (state: DialogueState, event: Extract<DialogueEvent, { readonly kind: Kind }>) => DialogueStep;
type Row = { readonly [Kind in DialogueEvent['kind']]: Handler<Kind> };

const stay = (state: DialogueState): DialogueStep => ({ state, effects: [] });
const over = (state: DialogueState): DialogueStep => ({ state: { ...state, place: 'over' }, effects: [] });
const fault = (state: DialogueState): DialogueStep => farewell(state, [SCRIPTS[state.script].sounds['not-available']]);
const REST = { 'answered': stay, 'digits': stay, 'verdict': stay, 'prompt-done': stay, 'caller-gone': over, 'fault': fault } as const;

const TABLE: Readonly<Record<Place, Row>> = {
  ringing: {
    ...REST,
    answered: (state) => ({ state: { ...state, place: 'opening' }, effects: [{ kind: 'submit', step: 'open' }] }),
    fault: (state) => ({ state: { ...state, place: 'over' }, effects: [{ kind: 'hang-up' }] }),
  },
  opening: { ...REST, verdict: (state, { verdict }) => judged(state, verdict) },
  extension: {
    ...REST,
    digits: (state, { text }) => text === '' ? missed(state) : askPin({ ...state, digits: text }),
  },
  pin: {
    ...REST,
    digits: (state, { text }) => text === '' ? missed(state) : {
      state: { ...state, place: 'judging' },
      effects: [{ kind: 'submit', step: 'attempt', digits: state.askExtension ? state.digits : null, pin: text }],
    },
  },
  // Being asked again is an attempt spent, whoever asks.
  judging: { ...REST, verdict: (state, { verdict }) => verdict.kind === 'ask' ? missed(state) : judged(state, verdict) },
  farewell: {
    ...REST,
    'prompt-done': (state) => ({ state: { ...state, place: 'over' }, effects: [{ kind: 'hang-up' }] }),
    'fault': (state) => ({ state: { ...state, place: 'over' }, effects: [{ kind: 'hang-up' }] }),
  },
  over: { ...REST, fault: stay },
};

/** One step of the dialogue of a feature code; total: an event out of place changes nothing. */
export function dialogueStep(state: DialogueState, event: DialogueEvent): DialogueStep {
  const row = TABLE[state.place];
  switch (event.kind) {
    case 'digits':
      return row.digits(state, event);
    case 'verdict':
      return row.verdict(state, event);
    case 'answered':
      return row.answered(state, event);
    case 'prompt-done':
      return row['prompt-done'](state, event);
    case 'caller-gone':
      return row['caller-gone'](state, event);
    case 'fault':
      return row.fault(state, event);
  }
}

function judged(state: DialogueState, verdict: DialogueVerdict): DialogueStep {
  const spoken = { ...state, language: verdict.language };
  switch (verdict.kind) {
    case 'ask': {
      const asking = { ...spoken, askExtension: verdict.askExtension };
      return asking.askExtension && asking.digits === null ? askExtension(asking) : askPin(asking);
    }
    case 'say':
      return farewell(spoken, [verdict.prompt]);
    case 'refused':
      return verdict.sounds === 'try-again' ? missed(spoken) : farewell(spoken, [SCRIPTS[state.script].sounds[verdict.sounds]]);
  }
}

/** An attempt is spent: from the start again, or the end after the third. */
function missed(state: DialogueState): DialogueStep {
  const tries = state.tries - 1;
  if (tries <= 0) return farewell({ ...state, tries: 0 }, ['try-again', 'goodbye']);
  const again = { ...state, tries, digits: null };
  return again.askExtension ? askExtension(again, ['try-again']) : askPin(again, ['try-again']);
}

function askExtension(state: DialogueState, before: readonly HotDeskPrompt[] = []): DialogueStep {
  return { state: { ...state, place: 'extension' }, effects: asking(state, before, EXTENSION, false) };
}

/** The PIN, or the code where the script has one. */
function askPin(state: DialogueState, before: readonly HotDeskPrompt[] = []): DialogueStep {
  return { state: { ...state, place: 'pin' }, effects: asking(state, before, SCRIPTS[state.script].secret, true) };
}

function asking(state: DialogueState, before: readonly HotDeskPrompt[], question: Question, sensitive: boolean): readonly DialogueEffect[] {
  const { prompt, maxDigits, silenceMs } = question;
  return [
    { kind: 'say', prompts: [...before, prompt], language: state.language },
    { kind: 'collect', sensitive, maxDigits, silenceMs },
  ];
}

function farewell(state: DialogueState, prompts: readonly HotDeskPrompt[]): DialogueStep {
  return { state: { ...state, place: 'farewell' }, effects: [{ kind: 'say', prompts, language: state.language }] };
}
