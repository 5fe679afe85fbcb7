import type { SipHeaders, SrfResponse } from 'drachtio-srf';
import { isChallenge, type DialogParty } from './in-dialog.js';

/** The BYEs that a call sends. */
export class Farewells {
  #open = 0;
  #whenQuiet: (() => void)[] = [];

  /** Ends a dialog, with credentials where it is asked for them; `onFinal` is called once, with the answer, or null when the BYE could not be sent. */
  say(party: DialogParty, headers: SipHeaders, onFinal: (answer: SrfResponse | null) => void): void {
    this.#open += 1;
    const final = (answer: SrfResponse | null): void => {
      this.#open -= 1;
      onFinal(answer);
      if (this.#open === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
    };
    sayBye(party, headers).then(final, () => final(null));
  }

  /** Resolves when every BYE was answered. */
  async quiet(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }
}

/** Without its answer to a challenge the other side would take the call for standing, and charge for it. */
async function sayBye({ dialog, credentials }: DialogParty, headers: SipHeaders): Promise<SrfResponse> {
  // Not `destroy`, which keeps the answer to itself: phones tell in it how the call sounded.
  const first = await dialog.request({ method: 'BYE', headers });
  const answer = isChallenge(first) && credentials !== undefined ? await credentials(first, '') : null;
  return answer === null ? first : dialog.request({ method: 'BYE', headers: { ...headers, ...answer } });
}
