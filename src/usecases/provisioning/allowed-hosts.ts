import { isHostName } from '../../domain/device/desk-phone-settings.js';
import type { AllowedHost } from '../../domain/provisioning/device-authority.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

const MOST_HOSTS = 100;

/** Lets firmware rules and templates send phones to a host; one that is there gets another note. */
export function allowHost(deps: ChangeDeps, actor: Actor, wanted: { readonly host: string; readonly note: string }): Promise<Outcome<AllowedHost>> {
  return change(deps, actor, async (draft) => {
    const host = wanted.host.toLowerCase();
    if (!isHostName(host)) return refused('invalid', 'host', 'Give the name of a host or its address, without scheme, port and path, e.g. firmware.example.com.', wanted.host);
    const known = await draft.stores.allowedHosts.all(draft.accountId);
    const before = known.find((one) => one.host === host) ?? null;
    if (before === null && known.length >= MOST_HOSTS) return refused('conflict', 'host', `There are ${MOST_HOSTS} hosts already. Remove one that is not needed.`, host);
    const after: AllowedHost = { accountId: draft.accountId, host, note: wanted.note, createdAt: before?.createdAt ?? draft.at };
    await draft.stores.allowedHosts.put(after);
    draft.note({ aggregate: 'provisioning_host', id: host, change: before === null ? 'created' : 'updated', action: 'allow-provisioning-host', before, after });
    return done(after);
  });
}

/** From the next look of each phone on, nothing of the host is told any more, whatever rules and templates name. */
export function disallowHost(deps: ChangeDeps, actor: Actor, host: string): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const before = (await draft.stores.allowedHosts.all(draft.accountId)).find((one) => one.host === host.toLowerCase());
    if (before === undefined) return refused('not-found', 'host', 'This host is not allowed. GET /v2/cordboard/provisioning/allowed_hosts lists those that are.', host);
    await draft.stores.allowedHosts.delete(draft.accountId, before.host);
    draft.note({ aggregate: 'provisioning_host', id: before.host, change: 'deleted', action: 'disallow-provisioning-host', before, after: null });
    return done(null);
  });
}
