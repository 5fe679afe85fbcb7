import type { DemoPhone } from '../usecases/admin/ensure-demo.js';
import type { AdminCredentials } from './first-start.js';

export interface Addresses {
  readonly http: string;
  /** `udp 0.0.0.0:5060`, one for each listener. */
  readonly sip: readonly string[];
  readonly sipDomain: string;
}

/** What a start prints for the person before the terminal, on standard output. */
export function readyText(at: Addresses): string {
  return [
    '',
    'Cordboard is ready.',
    `  phones register at   ${at.sipDomain}   (listening on ${at.sip.join(', ')})`,
    `  API                  ${at.http}/v2   described at ${at.http}/docs`,
    '',
  ].join('\n');
}

/** Shown once, at the first start; the file keeps them. */
export function credentialsText(credentials: AdminCredentials, file: string): string {
  return [
    'The first API client (shown only now; kept in the file below)',
    `  account id      ${credentials.accountId}`,
    `  client id       ${credentials.clientId}`,
    `  client secret   ${credentials.clientSecret}`,
    `  file            ${file}`,
    '',
  ].join('\n');
}

/** The demo phones as a table to type into softphones. */
export function demoTable(phones: readonly DemoPhone[], server: string): string {
  const rows = [['phone', 'extension', 'user name', 'password', 'server'], ...phones.map((phone) => [phone.name, phone.extension, phone.userName, phone.password, server])];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [first] = phones;
  return [
    'Demo phones (user name and authentication name are the same)',
    ...rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('   ').trimEnd()}`),
    '',
    ...(first ? [
      'A line for baresip\'s accounts file:',
      `  <sip:${first.userName}@${server}>;auth_user=${first.userName};auth_pass=${first.password}`,
      '',
    ] : []),
  ].join('\n');
}
