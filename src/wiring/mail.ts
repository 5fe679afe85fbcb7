import { createMailRenderer } from '../outbound/mail/mail-renderer.js';
import { createSmtpMailer } from '../outbound/mail/smtp-mailer.js';
import { createDeliverMail } from '../usecases/mail/deliver-mail.js';
import type { Core } from './core.js';
import type { LifeCycle } from './life-cycle.js';
import type { PostgresPart } from './postgres.js';

/** Sends what is due; does nothing where no mail server is configured. */
export type MailTick = () => Promise<number>;

const DAY_MS = 86_400_000;
/** What became of a mail is looked at for a month. */
const KEPT_MS = 30 * DAY_MS;

/** Mail to people: off, and said so once, without SMTP_URL. */
export async function startMail(life: LifeCycle, core: Core, { admin }: PostgresPart): Promise<MailTick> {
  const { smtpUrl, mailFrom } = core.settings;
  if (smtpUrl === undefined || mailFrom === undefined) {
    core.log.info('mail is off: new PINs are in the answers of the API alone (set SMTP_URL and MAIL_FROM to send them)');
    return async () => 0;
  }
  return life.start('mail', async () => {
    const deliver = createDeliverMail({
      stores: admin.stores, clock: core.clock, log: core.log, mail: core.mail, jitter: Math.random,
      mailer: createSmtpMailer({ url: smtpUrl, from: mailFrom }), mailRenderer: createMailRenderer(),
    });
    return { value: () => deliver.tick(), stop: async () => deliver.stop() };
  });
}

/** Forgets mail that nobody will ask about again. */
export async function purgeMail({ clock }: Core, { admin }: PostgresPart): Promise<void> {
  await admin.stores.mails.forget(clock.now() - KEPT_MS);
}
