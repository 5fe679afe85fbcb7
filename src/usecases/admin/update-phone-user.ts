import type { PhoneUser } from '../../domain/identity/user.js';
import { endSessionsOf, type EndingDeps } from '../hotdesk/session-step.js';
import { change, type Actor, type Draft } from '../change.js';
import { chooseAddress } from '../emergency/holder-addresses.js';
import { allOf, done, named, refused, type Outcome, type Refused } from '../outcome.js';
import { chooseIn } from '../numbers/choose-caller-id.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { applyTemplateIn, prepareTemplate } from './apply-template.js';
import { lockedInternational } from './international-switch.js';
import { moveExtension } from './move-extension.js';
import { phoneUserNotFound } from './not-found.js';
import { findPhoneUser, siteById } from './resolve.js';
import { changeUserSettingsIn, type UserSettingChanges } from './user-setting-types.js';

export interface PhoneUserChanges {
  /** A setting template to copy onto the user; '' = none. */
  readonly templateId?: string;
  readonly status?: PhoneUser['status'];
  readonly extensionNumber?: string;
  readonly siteId?: string;
  readonly internationalCalling?: boolean;
  readonly areaCode?: string;
  readonly hotDeskAllowed?: boolean;
  /** A number they may show, `hidden`, or '' for the default. */
  readonly outboundCallerId?: string;
  /** '' = the default of the site. */
  readonly emergencyAddressId?: string;
}

/**
 * Changes what is given, settings of the person with it, all or nothing. Moving a person to another site moves the extension, never a
 * device: the desk stays; settings are then judged by what the new site says.
 */
export async function updatePhoneUser(
  deps: AdminDeps, actor: Actor, idOrEmail: string, wanted: PhoneUserChanges, more: Partial<UserSettingChanges> = {},
): Promise<Outcome<PhoneUser>> {
  const { templateId = '', ...fields } = wanted;
  const template = templateId === '' ? null : await prepareTemplate(deps, actor, templateId, 'user');
  if (template?.kind === 'refused') return template;
  return change(deps, actor, async (draft) => {
    const updated = await updateIn(deps, draft, idOrEmail, fields);
    if (updated.kind === 'refused') return updated;
    const unfit = template === null ? null : await applyTemplateIn(draft, template.value, { kind: 'user', id: updated.value.id });
    if (unfit) return unfit;
    const person = await draft.stores.phoneUsers.get(draft.accountId, updated.value.id);
    if (person === null) return phoneUserNotFound(idOrEmail);
    const set = await changeUserSettingsIn(draft, person, { members: null, settings: [], devices: [], ...more });
    return set.kind === 'refused' ? set : updated;
  });
}

/** Moves many people to one site in one step; who cannot move refuses all, and is named. */
export async function movePhoneUsers(
  deps: AdminDeps, actor: Actor, idsOrEmails: readonly string[], siteId: string,
): Promise<Outcome<readonly PhoneUser[]>> {
  return change(deps, actor, async (draft) => {
    const moved: PhoneUser[] = [];
    const refusals: Refused[] = [];
    for (const [index, id] of idsOrEmails.entries()) {
      const outcome = await updateIn(deps, draft, id, { siteId });
      if (outcome.kind === 'done') {
        moved.push(outcome.value);
      } else {
        // Somebody named in a body and not there is wrong input, not a missing resource.
        const why = outcome.why === 'not-found' ? 'invalid' : outcome.why;
        refusals.push(named(`user_ids[${index}]`, { ...outcome, why }));
      }
    }
    return refusals.length > 0 ? allOf(refusals) : done(moved);
  });
}

async function updateIn(
  deps: EndingDeps, draft: Draft, idOrEmail: string, wanted: PhoneUserChanges,
): Promise<Outcome<PhoneUser>> {
  const view = await findPhoneUser(draft.stores, draft.accountId, idOrEmail);
  if (!view) return phoneUserNotFound(idOrEmail);
  if (wanted.status === 'active' && view.user.status === 'inactive') {
    return refused(
      'conflict', 'status',
      'The person is deactivated in the account. Activate the user with PUT /v2/users/{userId}/status.', 'activate',
    );
  }
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const site = wanted.siteId === undefined ? { kind: 'site' as const, site: view.site } : await siteById(
    draft.stores, draft.accountId, wanted.siteId,
  );
  if (site.kind === 'refused') return site;
  const locked = await lockedInternational(draft, view.site.id, wanted.internationalCalling);
  if (locked) return locked;
  const moved = await moveExtension(draft, account.account, view.extension, site.site, wanted.extensionNumber);
  if (moved.kind === 'refused') return moved;
  const changes = {
    status: wanted.status ?? view.phone.status,
    siteId: site.site.id,
    internationalCalling: wanted.internationalCalling ?? view.phone.internationalCalling,
    areaCode: wanted.areaCode ?? view.phone.areaCode,
    hotDeskAllowed: wanted.hotDeskAllowed ?? view.phone.hotDeskAllowed,
  };
  await draft.stores.phoneUsers.update(view.phone.id, changes);
  if (wanted.emergencyAddressId !== undefined) {
    const refusal = await chooseAddress(draft, { kind: 'user', id: view.phone.id }, site.site.id, wanted.emergencyAddressId);
    if (refusal) return refusal;
  }
  if (changes.status !== 'active' || !changes.hotDeskAllowed) {
    await endSessionsOf(deps, draft, { userId: view.phone.id }, 'user-disabled');
  }
  const refusal = wanted.outboundCallerId === undefined ? null : await chooseIn(draft, moved.value, wanted.outboundCallerId);
  if (refusal) return refusal;
  const after = { ...view.phone, ...changes };
  draft.note({
    aggregate: 'phone_user', id: view.phone.id, change: 'updated', action: 'update-phone-user', before: view.phone,
    after,
  });
  return done(after);
}
