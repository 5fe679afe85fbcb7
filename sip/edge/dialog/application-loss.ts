import type { Application } from './application.js';
import type { EdgeContext } from './edge-context.js';
import { sendOwnCancel } from './outgoing-cancel.js';

/** An application's connection ended: nobody answers for what it owned (its `closed` is true by now). */
export function onApplicationLost(context: EdgeContext, app: Application): void {
  for (const request of [...context.requests.values()]) if (request.app === app) request.onApplicationLost();
  for (const invite of [...context.invites.values()]) {
    if (invite.app === app) invite.cancel((transaction) => sendOwnCancel(context, transaction));
  }
  for (const dialog of context.dialogs.ownedBy(app)) context.dialogs.apply(dialog, 'application-lost');
}
