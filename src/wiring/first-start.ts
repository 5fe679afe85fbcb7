import { randomBytes } from 'node:crypto';
import { defaultSipDomain } from '../config/settings.js';
import type { Account } from '../domain/identity/account.js';
import type { AdminDeps } from '../usecases/admin/admin-deps.js';
import { ensureAdminClient } from '../usecases/admin/ensure-admin-client.js';
import { ensureFirstAccount } from '../usecases/admin/ensure-first-account.js';
import type { Core } from './core.js';
import { StartProblem } from './start-problem.js';

export interface AdminCredentials {
  readonly accountId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const ADMIN_FILE = 'admin.json';
/** Country of the main site at first start; sites are given their own by API. */
const FIRST_COUNTRY = 'US';

/**
 * The default account and the first API client: made at the first start, found again at later ones. Credentials are
 * written to DATA_DIR before the database learns of them, so that a kill between the two leaves nobody locked out.
 * `isNew` tells whether they are to be shown.
 */
export async function ensureFirstStart(core: Core, admin: AdminDeps): Promise<{ account: Account; credentials: AdminCredentials | null; isNew: boolean }> {
  const { settings, dataDir, ids } = core;
  const domain = defaultSipDomain(settings);
  const known = readAdminFile(dataDir.read(ADMIN_FILE));
  const wantedAccount = settings.adminAccountId ?? known?.accountId;
  const account = await ensureFirstAccount(admin, {
    ...(wantedAccount === undefined ? {} : { accountId: wantedAccount }), sipDomain: domain, country: FIRST_COUNTRY,
  });
  if (settings.sipDomain !== undefined && settings.sipDomain !== account.sipDomain) {
    throw new StartProblem(`SIP_DOMAIN is ${settings.sipDomain}, but this installation was first started with ${account.sipDomain}, which its phones use. Unset SIP_DOMAIN or set it to that`);
  }
  const credentials: AdminCredentials = {
    accountId: account.id,
    clientId: settings.adminClientId ?? known?.clientId ?? ids.next(),
    clientSecret: settings.adminClientSecret ?? known?.clientSecret ?? randomBytes(24).toString('base64url'),
  };
  if (settings.databaseUrl !== undefined && known === null && settings.adminClientId === undefined && await hasClients(admin, account)) {
    // Another node made the first client; its DATA_DIR holds the secret.
    return { account, credentials: null, isNew: false };
  }
  const text = `${JSON.stringify({ account_id: credentials.accountId, client_id: credentials.clientId, client_secret: credentials.clientSecret }, null, 2)}\n`;
  if (text !== dataDir.read(ADMIN_FILE)) dataDir.write(ADMIN_FILE, text);
  const { created } = await ensureAdminClient(admin, {
    ...credentials, remembered: settings.adminClientId === undefined && settings.adminClientSecret === undefined,
  });
  return { account, credentials, isNew: created };
}

async function hasClients(admin: AdminDeps, account: Account): Promise<boolean> {
  return (await admin.stores.apiClients.all(account.id)).length > 0;
}

function readAdminFile(content: string | null): AdminCredentials | null {
  if (content === null) return null;
  try {
    const value: Record<string, unknown> = JSON.parse(content);
    const { account_id: accountId, client_id: clientId, client_secret: clientSecret } = value;
    if (typeof accountId === 'string' && typeof clientId === 'string' && typeof clientSecret === 'string') return { accountId, clientId, clientSecret };
  } catch { /* told below */ }
  throw new StartProblem(`DATA_DIR/${ADMIN_FILE} cannot be read as JSON with account_id, client_id and client_secret. Restore it, or remove it and set ADMIN_CLIENT_ID and ADMIN_CLIENT_SECRET`);
}
