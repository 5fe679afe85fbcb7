import { parseSipUri } from '../../../src/domain/addressing/sip-uri.js';
import type { Account } from '../../../src/domain/identity/account.js';
import type { Directory } from '../../../src/ports/directory.js';

/**
 * The account a request is for: by the AOR's host, else the Request-URI's, else the default one. A phone may name the
 * system by any of its addresses.
 */
export function accountOf(
  directory: Pick<Directory, 'accountByDomain' | 'defaultAccount'>, requestUri: string, aorHost: string,
): Account {
  const known = directory.accountByDomain(aorHost);
  if (known !== undefined) return known;
  const host = parseSipUri(requestUri)?.host;
  return (host === undefined ? undefined : directory.accountByDomain(host)) ?? directory.defaultAccount();
}
