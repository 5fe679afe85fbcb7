import { dialogueStep, startDialogue, type DialogueEffect, type DialogueEvent, type DialogueState } from '../../../src/domain/hotdesk/sign-in-dialogue.js';
import type { AccountId } from '../../../src/domain/ids.js';
import type { MediaEndpoint } from '../../../src/ports/media.js';
import type { Clock } from '../../../src/ports/runtime.js';
import type { FeatureVerbs } from './feature-verbs.js';

export interface ConversationDeps {
  readonly endpoint: MediaEndpoint;
  /** Whose recordings are heard before the built-in ones. */
  readonly accountId: AccountId;
  readonly verbs: FeatureVerbs;
  readonly clock: Clock;
  readonly onHangUp: () => void;
  /** A verb failed. Whatever is told of the error must not hold its text: digits could be in it. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Carries out the dialogue of a feature code: prompts, digits, verbs. Digits live here from the last key to the verb's answer and
 * are told to nobody else.
 */
export class Conversation {
  readonly #deps: ConversationDeps;
  #state: DialogueState;
  /** What was asked last: prompts and a collection. */
  #asking: readonly DialogueEffect[] = [];
  #plays = 0;
  /** The last number filled the whole field: a `#` behind it is no empty answer to the next question. */
  #filled = false;

  /** @param argument the extension dialled behind the code, '' = none */
  constructor(deps: ConversationDeps, argument: string, language: string) {
    this.#deps = deps;
    this.#state = startDialogue(deps.verbs.script, argument, language);
  }

  /** Media flows. */
  begin(): void {
    this.#take({ kind: 'answered' });
  }

  /** What a verb still answers is not said any more. */
  callerGone(): void {
    this.#take({ kind: 'caller-gone' });
  }

  #take(event: DialogueEvent): void {
    const { state, effects } = dialogueStep(this.#state, event);
    this.#state = state;
    this.#perform(effects);
  }

  #perform(effects: readonly DialogueEffect[]): void {
    const asks = effects.some(({ kind }) => kind === 'collect');
    if (asks) this.#asking = effects;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'say':
          this.#say(effect, asks);
          break;
        case 'collect':
          void this.#collect(effect);
          break;
        case 'submit':
          void this.#submit(effect);
          break;
        case 'hang-up':
          this.#deps.onHangUp();
      }
    }
  }

  #say({ prompts, language }: Extract<DialogueEffect, { kind: 'say' }>, bargeIn: boolean): void {
    this.#plays += 1;
    const play = this.#plays;
    const { endpoint, accountId } = this.#deps;
    void endpoint.play(prompts.map((id) => ({ id, language, accountId })), { bargeIn }).done.then((end) => {
      if (play === this.#plays && end === 'completed') this.#take({ kind: 'prompt-done' });
    });
  }

  async #collect({ sensitive, maxDigits, silenceMs }: Extract<DialogueEffect, { kind: 'collect' }>): Promise<void> {
    const { digits, reason } = await this.#deps.endpoint.collect({
      min: 1, max: maxDigits, terminator: '#', firstDigitMs: silenceMs, interDigitMs: silenceMs, sensitive,
    });
    if (reason === 'closed') return;
    const late = this.#filled && digits === '' && reason === 'terminator';
    this.#filled = reason === 'max';
    if (late) this.#perform(this.#asking);
    else this.#take({ kind: 'digits', text: digits, reason });
  }

  async #submit(step: Extract<DialogueEffect, { kind: 'submit' }>): Promise<void> {
    const { verbs, endpoint, clock } = this.#deps;
    try {
      const verdict = step.step === 'open' ? await verbs.open()
        : await verbs.attempt({ digits: step.digits, pin: step.pin, at: clock.now(), language: this.#state.language });
      // What was typed ahead belonged to the attempt that failed.
      if (verdict.kind === 'refused') endpoint.clearDigits();
      this.#take({ kind: 'verdict', verdict });
    } catch (error) {
      this.#deps.onFault(error);
      this.#take({ kind: 'fault' });
    }
  }
}
