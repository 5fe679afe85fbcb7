import t from 'tap';
import { createSmtpMailer } from '../../../../src/outbound/mail/smtp-mailer.js';
import { smtpOptions } from '../../../../src/outbound/mail/smtp-options.js';
import { startMailReceiver } from '../../../support/mail-receiver.js';

const MESSAGE = { id: '01abc', to: 'ada@example.com', subject: 'Grüße', text: 'Hello Ää\n', html: '<p>Hello Ää</p>' };
const FROM = 'Phones <pbx@example.org>';

t.test('a mail arrives in both forms, with an id of its own', async (t) => {
  const receiver = await startMailReceiver(t);
  const mailer = createSmtpMailer({ url: receiver.url, from: FROM });
  t.same(await mailer.send(MESSAGE), { kind: 'accepted' });
  t.match(receiver.mails, [{ from: 'pbx@example.org', to: ['ada@example.com'] }]);
  const text = receiver.mails[0]?.text ?? '';
  t.match(text, /^Message-ID: <01abc@example\.org>\r?$/mi);
  t.match(text, /^Auto-Submitted: auto-generated\r?$/m);
  t.match(text, /^From: Phones <pbx@example\.org>\r?$/m);
  t.match(text, 'Hello Ää');
  t.match(text, '<p>Hello Ää</p>');
});

t.test('nothing in a mail adds headers or recipients', async (t) => {
  const receiver = await startMailReceiver(t);
  const mailer = createSmtpMailer({ url: receiver.url, from: FROM });
  await mailer.send({ ...MESSAGE, subject: 'a\r\nBcc: eve@example.com', to: 'ada@example.com, eve@example.com' });
  await mailer.send({ ...MESSAGE, subject: 'a\r\nBcc: eve@example.com' });
  t.same(receiver.mails.flatMap(({ to }) => to).filter((to) => to === 'eve@example.com'), []);
  t.ok(receiver.mails.every(({ text }) => !/^Bcc:/mi.test(text)));
});

const answers = [
  ['a recipient refused for good (550)', 550, { kind: 'rejected', error: 'The mail server refused the address (550).' }],
  ['a recipient refused for now (451)', 451, { kind: 'unsent', error: /\(451\)/ }],
] as const;
for (const [name, status, result] of answers) {
  t.test(name, async (t) => {
    const receiver = await startMailReceiver(t);
    receiver.refuse(status);
    t.match(await createSmtpMailer({ url: receiver.url, from: FROM }).send(MESSAGE), result);
    t.same(receiver.mails, []);
  });
}

t.test('a wrong password may be repaired: it is tried again', async (t) => {
  const receiver = await startMailReceiver(t, {
    authOptional: false, allowInsecureAuth: true, onAuth: (auth, _session, done) => done(null, auth.password === 'p@ss' ? { user: 'u' } : {}),
  });
  const url = (password: string): string => receiver.url.replace('//', `//u:${password}@`);
  const refused = await createSmtpMailer({ url: url('wrong'), from: FROM }).send(MESSAGE);
  t.match(refused, { kind: 'unsent', error: /SMTP_URL/ });
  t.notMatch(JSON.stringify(refused), /wrong/, 'no secret in what is kept');
  t.same(await createSmtpMailer({ url: url('p%40ss'), from: FROM }).send(MESSAGE), { kind: 'accepted' });
});

t.test('a server that is not there, and one without the TLS that is asked for', async (t) => {
  const receiver = await startMailReceiver(t);
  t.match(await createSmtpMailer({ url: `${receiver.url}?requireTLS=true`, from: FROM }).send(MESSAGE), { kind: 'unsent' });
  t.match(await createSmtpMailer({ url: 'smtp://127.0.0.1:1', from: FROM }).send(MESSAGE), { kind: 'unsent' });
  t.same(receiver.mails, []);
});

t.test('what SMTP_URL says', async (t) => {
  t.match(smtpOptions('smtp://mail.example'), { host: 'mail.example', port: 587, secure: false, requireTLS: false, ignoreTLS: false });
  t.match(smtpOptions('smtps://a%40b:c%2Fd@mail.example'), { port: 465, secure: true, auth: { user: 'a@b', pass: 'c/d' } });
  t.match(smtpOptions('smtp://[2001:db8::1]:2525?ignoreTLS=true&rejectUnauthorized=false'), { host: '2001:db8::1', port: 2525, ignoreTLS: true, tls: { rejectUnauthorized: false } });
});
