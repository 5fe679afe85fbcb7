import { nameOf } from '../../domain/identity/user.js';
import type { Account } from '../../domain/identity/account.js';
import { freshPin, type FreshPin } from '../hotdesk/fresh-pins.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, named, within, type Outcome, type Refused } from '../outcome.js';
import { insertDevice, type NewDevice } from './add-device.js';
import { assignIn } from '../numbers/assign-numbers.js';
import { chooseIn } from '../numbers/choose-caller-id.js';
import { refOf } from '../numbers/find-numbers.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { applyTemplateIn, prepareNamedTemplate, type PreparedTemplate } from './apply-template.js';
import { insertAccountUser } from './insert-account-user.js';
import { withoutPackageNames } from './licence-packages.js';
import { makePhoneUser, type AddedPhoneUser } from './make-phone-user.js';
import { readNumbersOnce, type NumbersInUse } from './numbers-in-use.js';
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
  /** Name of a setting template to copy onto them; '' = none. Its PIN, if it has one, is their first. */
  readonly templateName?: string;
  /** Settings of the new phone user, over those of the template. */
  readonly settings?: readonly SettingWish[];
}

/**
 * Makes people phone users, adding those whose e-mail address is new. All or nothing: any refused row undoes all of
 * them, and every row's problem is named (`users[2].extension_number`).
 */
export async function addPhoneUsers(
  deps: AdminDeps, actor: Actor, rows: readonly PhoneUserRow[], options: { readonly notify?: boolean } = {},
): Promise<Outcome<readonly AddedPhoneUser[]>> {
  const templates = await prepareTemplates(deps, actor, rows);
  // Hashes are slow to make on purpose: before the transaction.
  const pins = await Promise.all(rows.map((row) => templatePin(templates, row) ?? freshPin(deps, actor.accountId)));
  return change(deps, actor, async (draft) => {
    const found = await accountOf(draft);
    if (found.kind === 'refused') return found;
    const added: AddedPhoneUser[] = [];
    const refusals: Refused[] = [];
    const batch: Batch = {
      account: found.account, templates, notify: options.notify ?? true, inUse: readNumbersOnce(draft.stores, draft.accountId),
    };
    for (const [index, row] of rows.entries()) {
      const outcome = await addRow(deps, draft, batch, row, pins[index] ?? await freshPin(deps, draft.accountId));
      if (outcome.kind === 'done') added.push(outcome.value);
      else refusals.push(within(`users[${index}].`, outcome));
    }
    return refusals.length > 0 ? allOf(refusals) : done(added);
  });
}

type Templates = ReadonlyMap<string, Outcome<PreparedTemplate>>;

/** What the rows of a batch share. */
interface Batch {
  readonly account: Account;
  readonly templates: Templates;
  readonly notify: boolean;
  readonly inUse: NumbersInUse;
}

/** Every template that rows name, read once. */
async function prepareTemplates(deps: AdminDeps, actor: Actor, rows: readonly PhoneUserRow[]): Promise<Templates> {
  const names = new Set(rows.map((row) => row.templateName ?? '').filter((name) => name !== ''));
  return new Map(await Promise.all([...names].map(async (name) => [name, await prepareNamedTemplate(deps, actor, name)] as const)));
}

function templatePin(templates: Templates, { templateName = '' }: PhoneUserRow): FreshPin | null {
  const template = templates.get(templateName);
  const pin = template?.kind === 'done' ? template.value.pin : null;
  return pin === null ? null : { clear: pin.pin, hash: pin.hash };
}

async function addRow(
  deps: AdminDeps, draft: Draft, { account, templates, notify, inUse }: Batch, row: PhoneUserRow, pin: FreshPin,
): Promise<Outcome<AddedPhoneUser>> {
  const site = await siteByCodeOrName(draft.stores, draft.accountId, { code: row.siteCode, name: row.siteName });
  if (site.kind === 'refused') return site;
  const plans = readEntitlements(await withoutPackageNames(draft, row.callingPlans), 'calling_plans');
  if (plans.kind === 'refused') return plans;
  const template = templates.get(row.templateName ?? '');
  if (template?.kind === 'refused') return template;
  const known = await draft.stores.users.byEmail(draft.accountId, row.email);
  const user = known ?? await insertAccountUser(
    draft, { email: row.email, firstName: row.firstName, lastName: row.lastName },
  );
  const outcome = await makePhoneUser(deps, draft, account, user, {
    pin, notify, inUse, site: site.site, number: row.extensionNumber, entitlements: plans.entitlements,
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
  const unfit = template === undefined ? null : await applyTemplateIn(draft, template.value, { kind: 'user', id: phone.id });
  if (unfit) return named('template_name', unfit);
  const problem = await changeSettingsIn(
    draft, chainOf(draft.accountId, { siteId: site.site.id, extensionId: outcome.value.extension.id }), row.settings ?? [], 'set-user-settings',
  );
  return problem ?? outcome;
}
