import type { PhoneNumber } from '../numbering/phone-number.js';
import { asId, type ExtensionId } from '../ids.js';
import type { Site } from '../identity/site.js';
import { nameOf } from '../identity/user.js';
import type { Extension } from '../numbering/extension.js';
import { LIST_SEPARATOR, type HolderColumn } from './holder-columns.js';
import { entryOf, type Entry, type OwnSetting } from './entry.js';
import { siteById, type Holder, type HolderFacts } from './holder-facts.js';
import { deskCells, planDesks } from './plan-desks.js';
import { bundleOf, planEntitlements, singlePlans, type PlannedPlans } from './plan-entitlements.js';
import { callerIdText, planCallerId, planNumbers } from './plan-numbers.js';
import { planExtension, planSite } from './plan-place.js';
import type { RowReader, ShownCells } from './plan-row.js';
import { planSettings, planTemplate, switchText, type SwitchColumn } from './plan-settings.js';

/** What people and common areas have alike, as an export writes it. */
export function holderCells(holder: Holder, facts: HolderFacts): ShownCells<HolderColumn> {
  const site = siteById(facts, holder.extension?.siteId);
  const { callingPlans = [], packages = [], status = '' } = holder.phone ?? holder.area ?? {};
  const bundle = bundleOf(holder, facts);
  return {
    package: bundle?.name ?? '', callingPlans: singlePlans([...callingPlans, ...packages], bundle),
    siteCode: site?.siteCode ?? '', siteName: site?.name ?? '', extension: holder.extension?.number ?? '',
    phoneNumbers: holder.numbers.map(({ number }) => number).join(LIST_SEPARATOR), callerId: callerIdText(holder.callerId, facts),
    changeCallerId: switchText(holder.settings, 'changeCallerId'), sms: switchText(holder.settings, 'sms'), status: status === 'deactivated' ? 'inactive' : status,
    ...deskCells(holder.devices, facts),
  };
}

export interface PlannedReach {
  readonly site: Site;
  readonly extension: Extension;
  readonly plans: PlannedPlans;
  readonly status: 'active' | 'deactivated';
  readonly settings: readonly OwnSetting[];
  readonly areaCode: string | null;
  readonly country: string | null;
  /** Of all that holders have alike. */
  readonly holder: Pick<Holder, 'extension' | 'numbers' | 'callerId' | 'devices' | 'settings'>;
  readonly entries: readonly Entry[];
}

/** Plans everything that people and common areas have alike; null after a problem that leaves nothing to go on with. */
export function planReach(
  reader: RowReader<HolderColumn>, facts: HolderFacts, before: Holder,
  who: { readonly owner: Extension['owner']; readonly displayName: string; readonly template: 'user' | 'common_area'; readonly switches: readonly SwitchColumn[] },
): PlannedReach | null {
  const site = planSite(reader, facts, before);
  const number = site === null ? null : planExtension(reader, facts, before, site);
  const plans = planEntitlements(reader, facts, before);
  const status = planStatus(reader, before);
  if (site === null || number === null) return null;
  const extension: Extension = {
    id: before.extension?.id ?? asId<ExtensionId>(facts.newId()), accountId: facts.account.id, siteId: site.id, number, owner: before.extension?.owner ?? who.owner,
  };
  const numbers = planNumbers(reader, facts, before, { extension, site, plans });
  const callerId = planCallerId(reader, facts, before, { extension, site, own: numbers });
  const desks = planDesks({ reader, facts, extension, displayName: who.displayName }, before);
  const template = planTemplate(reader, facts, site, who.template);
  const settings = planSettings(reader, facts, before, { site, template, switches: who.switches });
  const { id } = extension;
  return {
    site, extension, plans, status, settings, areaCode: template?.content.areaCode ?? null, country: template?.content.country ?? null,
    holder: { extension, numbers, callerId, devices: desks.devices, settings },
    entries: [
      ...entryOf('extension', before.extension, extension), ...numberEntries(before.numbers, numbers, facts), ...desks.entries,
      ...entryOf('caller_id_choice', before.callerId, callerId),
      ...entryOf('setting', before.settings.length === 0 ? null : { id, settings: before.settings }, settings.length === 0 ? null : { id, settings }),
    ],
  };
}

function numberEntries(before: readonly PhoneNumber[], after: readonly PhoneNumber[], facts: HolderFacts): readonly Entry[] {
  const released = before.filter(({ id }) => !after.some((one) => one.id === id)).map((number) => ({ ...number, extensionId: null, assignedOrder: null }));
  return [...released, ...after].flatMap((number) => entryOf('phone_number', before.find(({ id }) => id === number.id) ?? facts.numbers.get(number.number) ?? null, number));
}

function planStatus(reader: RowReader<HolderColumn>, { user, phone, area }: Holder): 'active' | 'deactivated' {
  const now = (phone ?? area)?.status ?? (user?.status === 'inactive' ? 'deactivated' : 'active');
  const wish = reader.firm('status', phone === null && area === null ? '' : now === 'deactivated' ? 'inactive' : now, 'Give active or inactive.')?.toLowerCase();
  if (wish === undefined) return now;
  if (wish === 'inactive' || wish === 'deactivated' || wish === 'deactivate') return 'deactivated';
  if (wish !== 'active' && wish !== 'activate') reader.problem('status', 'Give active or inactive.');
  else if (user?.status === 'inactive') reader.problem('status', 'The person is deactivated in the account. Activate the user with PUT /v2/users/{userId}/status.');
  else return 'active';
  return now;
}

export function displayNameOf(holder: Holder): string {
  return holder.area?.displayName ?? (holder.user === null ? '' : nameOf(holder.user));
}
