import { afterRedirectAttempt, type RedirectListing, type RedirectResult } from '../../domain/provisioning/redirect-machine.js';
import type { RedirectAccess } from '../../ports/redirect-service.js';
import type { Clock, Log } from '../../ports/runtime.js';
import { enrolmentOf, type EnrolSources } from '../provisioning/enrol-windows.js';
import { redirectSecretContext, type RedirectDeps } from './redirect-services.js';

export type TellDeps = Pick<RedirectDeps, 'stores' | 'secretBox' | 'redirectServices'> & EnrolSources & {
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1. */
  readonly jitter: () => number;
};

/** Attempts of one turn; a node that died leaves its claims to others after CLAIM_MS, longer than any attempt may take. */
const TURN = 20;
const CLAIM_MS = 120_000;

/** Tells makers' redirect services what is due; resolves with how many attempts were made. One call after the other. */
export async function tellRedirectServices(deps: TellDeps): Promise<number> {
  const at = deps.clock.now();
  const claimed = await deps.stores.redirectListings.claimDue(at, { limit: TURN, until: at + CLAIM_MS });
  await Promise.all([...batchesOf(claimed).values()].map((batch) => tell(deps, batch)));
  return claimed.length;
}

/** Phones to be forgotten go together, by account and maker; each other has an address of its own. */
function batchesOf(claimed: readonly RedirectListing[]): ReadonlyMap<string, readonly RedirectListing[]> {
  const batches = new Map<string, RedirectListing[]>();
  for (const one of claimed) {
    const key = one.state === 'leaving' ? `${one.accountId} ${one.vendor}` : `${one.accountId} ${one.vendor} ${one.macAddress}`;
    batches.set(key, [...batches.get(key) ?? [], one]);
  }
  return batches;
}

async function tell(deps: TellDeps, batch: readonly RedirectListing[]): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  const result = await attempt(deps, first, batch);
  const at = deps.clock.now();
  for (const one of batch) {
    const after = afterRedirectAttempt(one, result, at, deps.jitter());
    await deps.stores.redirectListings.settle(one, after);
    if (after?.state === 'failed') deps.log.warn('redirect-service-refused', { deviceId: one.deviceId, vendor: one.vendor, reason: after.reason, detail: after.detail });
  }
}

async function attempt(deps: TellDeps, first: RedirectListing, batch: readonly RedirectListing[]): Promise<RedirectResult> {
  const { stores, redirectServices, clock } = deps;
  const { accountId, vendor, deviceId, macAddress } = first;
  const access = await accessOf(deps, first);
  if (access === null) return { kind: 'refused', reason: 'credentials', detail: 'The access key cannot be read.' };
  if (first.state === 'leaving') return redirectServices[vendor].remove(access, batch.map((one) => one.macAddress));
  const device = await stores.devices.get(accountId, deviceId);
  const url = device === null ? null : enrolmentOf(deps, await stores.provisioningTokens.of(deviceId), clock.now()).window?.url;
  return url == null ? { kind: 'refused', reason: 'no-window', detail: '' } : redirectServices[vendor].add(access, { macAddress, url });
}

async function accessOf({ stores, secretBox }: TellDeps, { accountId, vendor }: RedirectListing): Promise<RedirectAccess | null> {
  const kept = await stores.redirectServices.get(accountId, vendor);
  const sealed = await stores.redirectServices.sealedSecret(accountId, vendor);
  if (kept === null || sealed === null) return null;
  try {
    return { accessKeyId: kept.accessKeyId, accessKeySecret: secretBox.open(sealed, redirectSecretContext(accountId, vendor)) };
  } catch {
    return null;
  }
}
