/** A mail server of somebody's on loopback that keeps what it gets, and refuses what a test wants refused. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Test } from 'tap';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header section and body as they came, with quoted-printable undone. */
  readonly text: string;
}

export interface MailReceiver {
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** The next recipients are answered with this status; 0 = taken. */
  refuse(status: number): void;
}

export async function startMailReceiver(t: Test, options: SMTPServerOptions = {}): Promise<MailReceiver> {
  const mails: ReceivedMail[] = [];
  let refusing = 0;
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true,
    onRcptTo: (_address, _session, done) => done(refusing === 0 ? null : Object.assign(new Error('not here'), { responseCode: refusing })),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address), text: readable(Buffer.concat(chunks).toString()),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, mails, refuse: (status) => void (refusing = status) };
}

/** Quoted-printable (RFC 2045 §6.7) of the body undone, soft breaks first; the header section stays as it came. */
function readable(raw: string): string {
  const end = raw.indexOf('\r\n\r\n');
  const bytes = raw.slice(end).replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return raw.slice(0, end) + Buffer.from(bytes, 'latin1').toString('utf8');
}
