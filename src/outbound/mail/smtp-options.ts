import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';

/** Longest waits of one mail, in ms: connection, greeting, each answer. Together well below the time a mail is claimed for. */
const WAITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 } as const;
const PORT = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * What `smtp://user:password@host:port?option=…` says. `smtps` speaks TLS from the first byte (RFC 8314 §3.3), `smtp` goes over to it
 * where the server offers it (RFC 3207); `requireTLS=true` sends nothing otherwise, `ignoreTLS=true` never does,
 * `rejectUnauthorized=false` takes any certificate. Throws TypeError for a text that is no URL.
 */
export function smtpOptions(url: string): SMTPTransport.Options {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  const secure = protocol === 'smtps:';
  const is = (option: string): boolean => searchParams.get(option) === 'true';
  return {
    ...WAITS,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? PORT[secure ? 'smtps:' : 'smtp:'] : Number(port),
    secure,
    requireTLS: is('requireTLS'),
    ignoreTLS: is('ignoreTLS'),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...(searchParams.get('rejectUnauthorized') === 'false' ? { tls: { rejectUnauthorized: false } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
