import type { Dialog, SipHeaders, SrfResponse } from 'drachtio-srf';

/** The BYEs that a call sends. */
export class Farewells {
  #open = 0;
  #whenQuiet: (() => void)[] = [];

  /** Ends a dialog; `onFinal` is called once, with the answer, or null when the BYE could not be sent. */
  say(dialog: Dialog, headers: SipHeaders, onFinal: (answer: SrfResponse | null) => void): void {
    this.#open += 1;
    const final = (answer: SrfResponse | null): void => {
      this.#open -= 1;
      onFinal(answer);
      if (this.#open === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
    };
    // Not `destroy`, which keeps the answer to itself: phones tell in it how the call sounded.
    dialog.request({ method: 'BYE', headers }).then(final, () => final(null));
  }

  /** Resolves when every BYE was answered. */
  async quiet(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }
}
