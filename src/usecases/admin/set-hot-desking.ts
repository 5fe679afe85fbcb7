import type { Device, HotDeskingPolicy } from '../../domain/device/device.js';
import { change, type Actor } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { phoneUserNotFound } from './not-found.js';
import { devicesOfExtension, findPhoneUser } from './resolve.js';

/** Sets the hot desking policy of phones that a user owns; a phone of somebody else refuses all of them. */
export async function setHotDeskingOfUser(
  deps: AdminDeps, actor: Actor, idOrEmail: string, wanted: ReadonlyMap<string, HotDeskingPolicy>,
): Promise<Outcome<readonly Device[]>> {
  return change(deps, actor, async (draft) => {
    const view = await findPhoneUser(draft.stores, draft.accountId, idOrEmail);
    if (!view) return phoneUserNotFound(idOrEmail);
    const devices = new Map<string, Device>(
      (await devicesOfExtension(draft.stores, draft.accountId, view.extension.id)).map((device) => [device.id, device]),
    );
    const changed: Device[] = [];
    const refusals: Refused[] = [];
    let index = 0;
    for (const [id, hotDesking] of wanted) {
      const before = devices.get(id);
      if (before) {
        await draft.stores.devices.update(before.id, { hotDesking });
        draft.note({ aggregate: 'device', id: before.id, change: 'updated', action: 'set-hot-desking', before, after: { ...before, hotDesking } });
        changed.push({ ...before, hotDesking });
      } else {
        refusals.push(refused('invalid', `desk_phone.devices[${index}].id`, 'The user has no such device.', id));
      }
      index += 1;
    }
    return refusals.length > 0 ? allOf(refusals) : done(changed);
  });
}
