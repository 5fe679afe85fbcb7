import { brandOf, PROVISIONED_BRANDS } from '../../domain/device/phone-models.js';
import { asId, type DeviceAuthorityId } from '../../domain/ids.js';
import type { DeviceAuthority } from '../../domain/provisioning/device-authority.js';
import type { AuthorityReader } from '../../ports/crypto.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

export interface AuthorityDeps extends ChangeDeps {
  readonly readAuthorities: AuthorityReader;
}

const MOST = 200;

/** Trusts a maker's authorities for its phones; those that are trusted already stay as they are. Returns all of the maker's. */
export function trustAuthorities(deps: AuthorityDeps, actor: Actor, wanted: { readonly vendor: string; readonly pem: string }): Promise<Outcome<readonly DeviceAuthority[]>> {
  return change(deps, actor, async (draft) => {
    const vendor = brandOf(wanted.vendor);
    if (vendor === null || !PROVISIONED_BRANDS.includes(vendor)) return refused('invalid', 'vendor', `Give one of ${PROVISIONED_BRANDS.join(', ')}.`, wanted.vendor);
    const read = deps.readAuthorities(wanted.pem);
    if (read.kind === 'problem') return refused('invalid', 'pem', read.text);
    const known = await draft.stores.deviceAuthorities.all(draft.accountId);
    const fresh = read.authorities.filter(({ fingerprint }) => !known.some((one) => one.vendor === vendor && one.fingerprint === fingerprint));
    if (known.length + fresh.length > MOST) return refused('conflict', 'pem', `An account trusts at most ${MOST} authorities. Remove some first.`);
    for (const one of fresh) {
      const authority: DeviceAuthority = { ...one, id: asId<DeviceAuthorityId>(draft.newId()), accountId: draft.accountId, vendor, createdAt: draft.at };
      await draft.stores.deviceAuthorities.insert(authority);
      draft.note({ aggregate: 'device_authority', id: authority.id, change: 'created', action: 'trust-device-authority', before: null, after: authority });
    }
    return done((await draft.stores.deviceAuthorities.all(draft.accountId)).filter((one) => one.vendor === vendor));
  });
}

/** From the next handshake on, certificates of it count no more. */
export function distrustAuthority(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const before = (await draft.stores.deviceAuthorities.all(draft.accountId)).find((one) => one.id === id);
    if (before === undefined) return refused('not-found', 'authorityId', 'There is no such authority. GET /v2/cordboard/provisioning/device_authorities lists them.', id);
    await draft.stores.deviceAuthorities.delete(before.id);
    draft.note({ aggregate: 'device_authority', id: before.id, change: 'deleted', action: 'distrust-device-authority', before, after: null });
    return done(null);
  });
}
