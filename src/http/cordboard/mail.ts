import { z } from 'zod';
import { MAIL_TEMPLATES, type OutgoingMail } from '../../domain/mail/mail.js';
import { failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { email } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Mail';
const state = z.enum(['pending', 'sent', 'failed']);
const mailFields = z.object({
  id: z.string(), to: z.string(), kind: z.enum(MAIL_TEMPLATES), language: z.string(), state, attempts: z.int(),
  next_attempt_at: z.string().describe('"" = none.'), last_error: z.string(), created_at: z.string(), sent_at: z.string().describe('"" = not sent.'),
});

function mailView(mail: OutgoingMail) {
  return {
    id: mail.id, to: mail.recipient, kind: mail.template, language: mail.language, state: mail.state, attempts: mail.attempts,
    next_attempt_at: mail.state === 'pending' ? apiTime(mail.nextAt) : '', last_error: mail.lastError, created_at: apiTime(mail.createdAt),
    sent_at: apiTime(mail.sentAt),
  };
}

/** What became of mail; never what was in it. */
export const mailRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/mail', operationId: 'listMail', summary: 'What became of mail', tag: TAG, access: 'user:read',
    query: z.object({ state: state.optional(), to: email.optional(), ...pageQuery(300) }),
    answer: {
      status: 200, description: 'Newest first; kept for a month.',
      schema: z.object({ ...pageFields, configured: z.boolean().describe('Whether mail can be sent (SMTP_URL).'), mail: z.array(mailFields) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.mails.page(actor.accountId, given({ state: query.state, recipient: query.to }), page.page);
      return json({ ...paging(found, query), configured: deps.mail.enabled, mail: found.items.map(mailView) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/mail/{mailId}', operationId: 'getMail', summary: 'What became of one mail', tag: TAG, access: 'user:read',
    answer: { status: 200, description: 'As it is now.', schema: mailFields },
    async handle({ deps, actor, params }) {
      const mail = await deps.stores.mails.get(actor.accountId, params.mailId);
      return mail === null ? failed(badRequest('mailId', 'There is no mail with this id.', 404)) : json(mailView(mail));
    },
  }),
];
