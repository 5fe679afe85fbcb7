import type { Application } from './application.js';
import type { Dialog, SessionWatch } from './dialog.js';
import { stepDialog, type DialogEffect, type DialogEvent } from './dialog-state.js';

const keyOf = (callId: string, localTag: string, remoteTag: string): string => `${callId}|${localTag}|${remoteTag}`;

/** Every dialog, found by its tags (network) or its id (application). */
export class DialogTable {
  readonly #byTags = new Map<string, Dialog>();
  /** Forks of one INVITE share an id; the newest that is not superseded by a confirmed one stands here. */
  readonly #byId = new Map<string, Dialog>();

  get size(): number {
    return this.#byTags.size;
  }

  /** Confirmed dialogs, for the metrics. */
  count(role: 'uas' | 'uac'): number {
    let count = 0;
    for (const dialog of this.#byTags.values()) if (dialog.role === role && dialog.state === 'confirmed') count += 1;
    return count;
  }

  add(dialog: Dialog): void {
    this.#byTags.set(keyOf(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
    const known = this.#byId.get(dialog.id);
    if (known === undefined || known.state !== 'confirmed' || dialog.state === 'confirmed') this.#byId.set(dialog.id, dialog);
  }

  /** RFC 3261 §12.2.2: Call-ID, our tag (To of the request) and the peer's (From). */
  find(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.#byTags.get(keyOf(callId, localTag, remoteTag));
  }

  byId(id: string): Dialog | undefined {
    return this.#byId.get(id);
  }

  /**
   * Moves a dialog along, driven by `stepDialog`; a terminated one leaves the table and its usages are told.
   * @param watch starts what `session-timer-agreed` asks for; without it no session timer runs any more
   */
  apply(dialog: Dialog, event: DialogEvent, watch?: () => SessionWatch): void {
    const step = stepDialog(dialog.state, event);
    dialog.state = step.state;
    for (const effect of step.effects) this.#perform(dialog, effect, watch);
  }

  #perform(dialog: Dialog, effect: DialogEffect, watch: (() => SessionWatch) | undefined): void {
    switch (effect) {
      case 'name-by-id':
        this.#byId.set(dialog.id, dialog);
        return;
      case 'restart-session-timer':
        dialog.watch?.stop();
        dialog.watch = watch?.();
        return;
      case 'forget':
        this.#byTags.delete(keyOf(dialog.callId, dialog.localTag, dialog.remoteTag));
        if (this.#byId.get(dialog.id) === dialog) this.#byId.delete(dialog.id);
        return;
      case 'stop-session-timer':
        dialog.watch?.stop();
        dialog.watch = undefined;
        return;
      case 'tell-usages':
        dialog.served?.onDialogEnded();
        dialog.sent?.onDialogEnded();
    }
  }

  /** The dialogs an application owns. */
  ownedBy(app: Application): Dialog[] {
    return [...this.#byTags.values()].filter((dialog) => dialog.app === app);
  }
}
