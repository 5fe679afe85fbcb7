import { nameOf } from '../../domain/identity/user.js';
import type { Account } from '../../domain/identity/account.js';
import { freshPin, type FreshPin } from '../hotdesk/fresh-pins.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, within, type Outcome, type Refused } from '../outcome.js';
import { insertDevice, type NewDevice } from './add-device.js';
import { assignIn } from '../numbers/assign-numbers.js';
import { chooseIn } from '../numbers/choose-caller-id.js';
import { refOf } from '../numbers/find-numbers.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { insertAccountUser } from './insert-account-user.js';
import { withoutPackageNames } from './licence-packages.js';
import { makePhoneUser, type AddedPhoneUser } from './make-phone-user.js';
import { siteByCodeOrName } from './resolve.js';
import { chainOf } from './setting-places.js';
import { changeSettingsIn, type SettingWish } from './settings.js';
import { readEntitlements } from './seats.js';

export interface PhoneUserRow {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Names or codes of plans and packages. */
  readonly callingPlans: readonly string[];
  readonly siteCode: string;
  readonly siteName: string;
  /** '0', '' or null asks for the next free one. */
  readonly extensionNumber: string | null;
  /** Numbers of the pool, by id or number; need a calling plan. */
  readonly phoneNumbers?: readonly string[];
  /** What they show on calls out: a permitted number, `hidden`, or '' for the default. */
  readonly outboundCallerId?: string;
  readonly deskPhones: readonly Omit<NewDevice, 'assignees'>[];
  /** Settings of the new phone user. */
  readonly settings?: readonly SettingWish[];
}

/**
 * Makes people phone users, adding those whose e-mail address is new. All or nothing: any refused row undoes all of
 * them, and every row's problem is named (`users[2].extension_number`).
 */
export async function addPhoneUsers(
  deps: AdminDeps, actor: Actor, rows: readonly PhoneUserRow[], options: { readonly notify?: boolean } = {},
): Promise<Outcome<readonly AddedPhoneUser[]>> {
  const pins = await Promise.all(rows.map(() => freshPin(deps, actor.accountId)));
  return change(deps, actor, async (draft) => {
    const found = await accountOf(draft);
    if (found.kind === 'refused') return found;
    const added: AddedPhoneUser[] = [];
    const refusals: Refused[] = [];
    for (const [index, row] of rows.entries()) {
      const outcome = await addRow(deps, draft, found.account, row, pins[index] ?? await freshPin(deps, draft.accountId), options.notify ?? true);
      if (outcome.kind === 'done') added.push(outcome.value);
      else refusals.push(within(`users[${index}].`, outcome));
    }
    return refusals.length > 0 ? allOf(refusals) : done(added);
  });
}

async function addRow(
  deps: AdminDeps, draft: Draft, account: Account, row: PhoneUserRow, pin: FreshPin, notify: boolean,
): Promise<Outcome<AddedPhoneUser>> {
  const site = await siteByCodeOrName(draft.stores, draft.accountId, { code: row.siteCode, name: row.siteName });
  if (site.kind === 'refused') return site;
  const plans = readEntitlements(await withoutPackageNames(draft, row.callingPlans), 'calling_plans');
  if (plans.kind === 'refused') return plans;
  const known = await draft.stores.users.byEmail(draft.accountId, row.email);
  const user = known ?? await insertAccountUser(
    draft, { email: row.email, firstName: row.firstName, lastName: row.lastName },
  );
  const outcome = await makePhoneUser(deps, draft, account, user, {
    pin, notify, site: site.site, number: row.extensionNumber, entitlements: plans.entitlements,
  });
  if (outcome.kind === 'refused') return outcome;
  const { extension, phone } = outcome.value;
  const holder = { extension, name: nameOf(user), callingPlans: phone.callingPlans };
  const numbers = await assignIn(draft, holder, (row.phoneNumbers ?? []).map(refOf), 'phone_numbers');
  if (numbers.kind === 'refused') return numbers;
  const refusal = row.outboundCallerId === undefined ? null : await chooseIn(draft, extension, row.outboundCallerId);
  if (refusal) return refusal;
  for (const [index, desk] of row.deskPhones.entries()) {
    const device = await insertDevice(deps, draft, { ...desk, assignees: [extension.id] });
    if (device.kind === 'refused') return within(`desk_phones[${index}].`, device);
  }
  const problem = await changeSettingsIn(
    draft, chainOf(draft.accountId, { siteId: site.site.id, extensionId: outcome.value.extension.id }), row.settings ?? [], 'set-user-settings',
  );
  return problem ?? outcome;
}
