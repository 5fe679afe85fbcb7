import { asId, type CommonAreaId, type ExtensionId } from '../../domain/ids.js';
import type { Device, HotDeskingPolicy } from '../../domain/device/device.js';
import { endSessionsOf } from '../hotdesk/session-step.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { commonAreaNotFound, phoneUserNotFound } from './not-found.js';
import { devicesOfExtension, findPhoneUser } from './resolve.js';

/** Whose phones: a user's (by id or e-mail address) or a common area's. */
export type PhoneHolder =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'common_area'; readonly id: string };

export interface WantedHotDesking {
  readonly deviceId: string;
  readonly hotDesking: HotDeskingPolicy;
  /** Where the request names the device, for a refusal. */
  readonly field: string;
}

/** Sets the hot desking policy of phones of one holder; a phone of somebody else refuses all of them. */
export async function setHotDesking(
  deps: AdminDeps, actor: Actor, holder: PhoneHolder, wanted: readonly WantedHotDesking[],
): Promise<Outcome<readonly Device[]>> {
  return change(deps, actor, async (draft) => {
    const extension = await extensionOf(draft, holder);
    if (extension.kind === 'refused') return extension;
    const devices = await devicesOfExtension(draft.stores, draft.accountId, extension.id);
    const changed: Device[] = [];
    const refusals: Refused[] = [];
    for (const { deviceId, hotDesking, field } of wanted) {
      const before = devices.find((device) => device.id === deviceId);
      if (!before) {
        refusals.push(refused('invalid', field, 'No such phone is assigned here.', deviceId));
        continue;
      }
      await draft.stores.devices.update(before.id, { hotDesking });
      if (hotDesking !== 'on') await endSessionsOf(deps, draft, { deviceId: before.id }, 'device-disabled');
      const after = { ...before, hotDesking };
      draft.note({ aggregate: 'device', id: before.id, change: 'updated', action: 'set-hot-desking', before, after });
      changed.push(after);
    }
    return refusals.length > 0 ? allOf(refusals) : done(changed);
  });
}

async function extensionOf(
  draft: Draft, holder: PhoneHolder,
): Promise<{ readonly kind: 'extension'; readonly id: ExtensionId } | Refused> {
  if (holder.kind === 'user') {
    const view = await findPhoneUser(draft.stores, draft.accountId, holder.id);
    return view ? { kind: 'extension', id: view.extension.id } : phoneUserNotFound(holder.id);
  }
  const view = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(holder.id));
  return view ? { kind: 'extension', id: view.extension.id } : commonAreaNotFound(holder.id);
}
