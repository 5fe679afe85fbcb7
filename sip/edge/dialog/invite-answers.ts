import type { InviteServerTransaction, SendOutcome } from '../transaction/server-transaction.js';
import { composeAppResponse, latin1, type AppResponseParts } from './answer.js';
import type { WireHeader } from './app-headers.js';
import { appHeader, tagIn, type AppSip } from './app-text.js';
import type { Application } from './application.js';
import type { EdgeContext } from './edge-context.js';
import { sentResponse } from './hand-over.js';
import { ownContact, ownHostPort } from './next-hop.js';
import { newTag } from './random-ids.js';
import { refuseSend } from './refusals.js';
import { tellProtection } from './tell-protection.js';

/** A response of the application as it went out, or why it did not. */
export type PutOutcome =
  | { readonly kind: 'sent'; readonly text: string }
  | { readonly kind: 'refused'; readonly outcome: SendOutcome | 'not-composed' };

/** Puts an application's responses to one INVITE on the wire and tells it (drachtio wire protocol §4, §8.1). */
export class InviteAnswers {
  /** Ours in this dialog; an application may choose it with its first response. */
  localTag: string;
  /** The first final response as sent. */
  final: { readonly status: number; readonly text: string } | undefined;
  /** The application has said something. */
  responded = false;

  /** @param dialogTag our tag of the dialog, for a re-INVITE */
  constructor(
    private readonly context: EdgeContext,
    private readonly transaction: InviteServerTransaction,
    private readonly app: Application,
    private readonly dialogId: () => string,
    private readonly dialogTag: string | undefined,
  ) {
    this.localTag = dialogTag ?? newTag();
  }

  /** drachtio wire protocol §6.7: a tag in To of the first response is taken over. */
  takeTag(sip: AppSip): void {
    if (this.responded) return;
    this.responded = true;
    if (this.dialogTag === undefined) this.localTag = tagIn(appHeader(sip, 'to') ?? '') ?? this.localTag;
  }

  /** @param withContact whether our Contact is added when the application gave none; inside dialogs it always is */
  parts(status: number, reason: string, sip: AppSip, withContact: boolean): AppResponseParts {
    const { flow } = this.transaction;
    const wanted = (withContact || this.dialogTag !== undefined) && appHeader(sip, 'contact') === undefined;
    const leading: readonly WireHeader[] = wanted ? [['Contact', ownContact(flow)]] : [];
    return { request: this.transaction.request, status, reason, toTag: this.localTag, hostPort: ownHostPort(flow), leading };
  }

  put(messageId: string, status: number, sip: AppSip, parts: AppResponseParts): PutOutcome {
    const composed = composeAppResponse(sip, parts);
    if (composed.kind === 'refused') {
      this.app.refuse(messageId, composed.reason);
      return { kind: 'refused', outcome: 'not-composed' };
    }
    const outcome = this.transaction.respond(status, latin1(composed.text));
    if (outcome !== 'sent') {
      this.app.refuse(messageId, outcome === 'closed' ? refuseSend.closed : refuseSend.unknownTransaction);
      return { kind: 'refused', outcome };
    }
    if (status >= 200) this.final = { status, text: composed.text };
    if (status >= 200 && this.dialogTag === undefined) tellProtection(this.context, this.transaction.request, this.transaction.flow, status, sip);
    this.context.counters.count(`responses-out INVITE ${status}`);
    this.confirm(messageId, composed.text);
    return { kind: 'sent', text: composed.text };
  }

  /** Tells the application what was sent. */
  confirm(messageId: string, text: string): void {
    const { flow, id } = this.transaction;
    // An application waits for the news of a 1xx or 2xx (a dialog comes of it), not of a refusal.
    const awaited = this.final === undefined || this.final.status < 300;
    this.app.responseSent(messageId, sentResponse(text, flow, id, this.dialogTag !== undefined), this.dialogId(), awaited);
  }
}
