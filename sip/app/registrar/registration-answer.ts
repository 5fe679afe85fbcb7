import type { SipHeaders } from 'drachtio-srf';
import type { Binding } from '../../../src/domain/registration/binding.js';
import type { RegistrationOutcome } from '../../../src/usecases/register-device.js';
import { challengeAnswer, type Answer } from '../steps/answer.js';

/** What a REGISTER is answered, by what became of it (RFC 3261 §10.3 steps 7 and 8). */
export function registrationAnswer(outcome: RegistrationOutcome, challengeAgain: () => readonly string[]): Answer {
  switch (outcome.kind) {
    case 'registered': return {
      status: 200,
      headers: {
        ...contactsHeader(outcome.bindings, outcome.at),
        // RFC 3261 §10.3 step 8: phones without a clock set theirs by it.
        Date: new Date(outcome.at).toUTCString(),
      },
    };
    case 'too-brief': return { status: 423, headers: { 'Min-Expires': String(outcome.minSeconds) } };
    case 'too-many-contacts': return { status: 403, phrase: `At Most ${outcome.limit} Contacts` };
    // RFC 3261 §10.3 step 7: the update is aborted and the request fails.
    case 'out-of-order': return { status: 500, phrase: 'Out Of Order' };
    case 'nonce-replayed': return challengeAnswer(challengeAgain());
  }
}

function contactsHeader(bindings: readonly Binding[], now: number): SipHeaders {
  return bindings.length === 0 ? {} : { Contact: bindings.map((binding) => contactOf(binding, now)).join(', ') };
}

/** One current binding: URI as registered, what is left of its time, its other parameters. */
function contactOf(binding: Binding, now: number): string {
  const seconds = Math.max(0, Math.round((binding.expiresAt - now) / 1000));
  const q = binding.q === 1000 ? '' : `;q=${(binding.q / 1000).toString()}`;
  return `<${binding.contactUri}>;expires=${seconds}${q}${binding.contactParams}`;
}
