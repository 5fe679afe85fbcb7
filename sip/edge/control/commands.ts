import { readAppSip } from '../dialog/app-text.js';
import { cseqMethod, appHeader } from '../dialog/app-text.js';
import type { Application } from '../dialog/application.js';
import type { EdgeContext } from '../dialog/edge-context.js';
import { sendFromApp } from '../dialog/outgoing.js';
import { refuseSend } from '../dialog/refusals.js';
import { proxyFromApp } from '../proxy/proxy-command.js';
import type { SipCommand } from './control-server.js';

/** What an authenticated application wants done (drachtio wire protocol §2). */
export function perform(context: EdgeContext, app: Application, command: SipCommand): void {
  switch (command.kind) {
    case 'request':
      sendFromApp(context, app, {
        messageId: command.id, transactionId: command.transactionId, dialogId: command.dialogId,
        routeUrl: command.routeUrl, text: command.text,
      });
      return;
    case 'response': {
      const sip = readAppSip(command.text);
      if (cseqMethod(appHeader(sip, 'cseq')) === 'CANCEL') return app.refuse(command.id, refuseSend.toCancel);
      const request = context.requests.get(command.transactionId);
      if (request === undefined || request.app !== app) return app.refuse(command.id, refuseSend.unknownTransaction);
      request.respond(command.id, sip);
      return;
    }
    case 'proxy':
      proxyFromApp(context, app, {
        messageId: command.id, transactionId: command.transactionId, options: command.options, text: command.text,
      });
  }
}
