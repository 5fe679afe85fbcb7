import type { FeatureCodes } from '../domain/identity/account.js';
import type { DemoPhone } from '../usecases/admin/ensure-demo.js';
import type { AdminCredentials } from './first-start.js';

export interface Addresses {
  readonly http: string;
  /** Null where HTTPS is off. */
  readonly https: string | null;
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
    ...(at.https === null ? [] : [`  phones' files        ${at.https}/p/…   (an address for each phone: POST /v2/cordboard/devices/{deviceId}/provisioning/enrol)`]),
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
export function demoTable(phones: readonly DemoPhone[], server: string, { hotDeskSignIn: signInCode, hotDeskSignOut: signOutCode }: FeatureCodes): string {
  const rows = [['phone', 'extension', 'user name', 'password', 'server', 'PIN'], ...phones.map((phone) => [phone.name, phone.extension, phone.userName, phone.password, server, phone.pin])];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [first] = phones;
  return [
    'Demo phones (user name and authentication name are the same)',
    ...rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('   ').trimEnd()}`),
    '',
    ...(first ? [
      `Dial ${signInCode} at any of these phones, then extension and PIN of somebody else, to use it as theirs; ${signOutCode} gives it back.`,
      '',
      'A line for baresip\'s accounts file:',
      `  <sip:${first.userName}@${server}>;auth_user=${first.userName};auth_pass=${first.password}`,
      '',
    ] : []),
  ].join('\n');
}
