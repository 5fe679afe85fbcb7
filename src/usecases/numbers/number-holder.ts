import { asId, type CommonAreaId, type UserId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import type { CallingPlanCode } from '../../domain/licensing/plans.js';
import type { Extension } from '../../domain/numbering/extension.js';
import { commonAreaNotFound, phoneUserNotFound } from '../admin/not-found.js';
import { findPhoneUser } from '../admin/resolve.js';
import type { Draft } from '../change.js';
import type { Refused } from '../outcome.js';

/** Whom a path names: a phone user by id or e-mail address, or a common area by id. */
export type HolderRef =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'common_area'; readonly id: string };

/** Somebody who may have direct numbers. */
export interface NumberHolder {
  readonly kind: 'holder';
  readonly extension: Extension;
  readonly name: string;
  readonly callingPlans: readonly CallingPlanCode[];
}

export async function numberHolder(draft: Pick<Draft, 'stores' | 'accountId'>, ref: HolderRef): Promise<NumberHolder | Refused> {
  if (ref.kind === 'user') {
    const view = await findPhoneUser(draft.stores, draft.accountId, ref.id);
    if (!view) return phoneUserNotFound(ref.id);
    return { kind: 'holder', extension: view.extension, name: nameOf(view.user), callingPlans: view.phone.callingPlans };
  }
  const view = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(ref.id));
  if (!view) return commonAreaNotFound(ref.id);
  const { extension, commonArea } = view;
  return { kind: 'holder', extension, name: commonArea.displayName, callingPlans: commonArea.callingPlans };
}

/** Who has the extension, in words: `Ada Lovelace (extension 1001)`. */
export async function holderText(draft: Pick<Draft, 'stores' | 'accountId'>, extension: Extension): Promise<string> {
  const { owner } = extension;
  const name = owner.kind === 'user'
    ? await draft.stores.users.get(draft.accountId, asId<UserId>(owner.id)).then((user) => (user === null ? '' : nameOf(user)))
    : (await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(owner.id)))?.commonArea.displayName ?? '';
  return name === '' ? `extension ${extension.number}` : `${name} (extension ${extension.number})`;
}
