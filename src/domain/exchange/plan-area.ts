import { asId, type CommonAreaId } from '../ids.js';
import type { CommonArea } from '../identity/common-area.js';
import { resolveKept } from '../settings/setting-catalogue.js';
import { entryOf } from './entry.js';
import { AREA_COLUMNS, type AreaColumn } from './holder-columns.js';
import { NOBODY, type Holder, type HolderFacts } from './holder-facts.js';
import type { RowCells } from './import.js';
import { holderCells, planReach } from './plan-holder.js';
import { changedCells, RowReader, type PlannedRow, type ShownCells } from './plan-row.js';
import { failedRow } from './plan-user.js';

/** As an export writes a common area. */
export function areaCells(holder: Holder, facts: HolderFacts): ShownCells<AreaColumn> {
  const { area } = holder;
  return {
    id: area?.id ?? '', displayName: area?.displayName ?? '', department: area?.department ?? '', costCenter: area?.costCenter ?? '', areaCode: area?.areaCode ?? '',
    country: area?.country ?? '', timeZone: area?.timeZone ?? '', ...holderCells(holder, facts),
  };
}

/**
 * What a row does to a common area.
 * @param known the one that the row names; null = a new one, 'unknown' = its ID is none
 */
export function planArea(row: number, cells: RowCells, known: Holder | null | 'unknown', facts: HolderFacts): PlannedRow {
  const reader = new RowReader<AreaColumn>(row, cells, AREA_COLUMNS);
  if (known === 'unknown') reader.problem('id', 'There is no common area with this ID. Leave it empty to add one.');
  const before = known === null || known === 'unknown' ? NOBODY : known;
  const base: CommonArea = before.area ?? {
    id: asId<CommonAreaId>(facts.newId()), accountId: facts.account.id, siteId: facts.site.id, extensionId: asId(''), displayName: '', status: 'active', callingPlans: [], packages: [],
    internationalCalling: false, areaCode: '', country: null, timeZone: null, department: '', costCenter: '', createdAt: facts.at,
  };
  if (before.area !== null) reader.claim('id', `area:${base.id}`);
  const displayName = reader.text('displayName', base.displayName);
  if (displayName === '') reader.problem('displayName', 'A common area has a name.');
  const areaCode = reader.text('areaCode', base.areaCode);
  if (areaCode !== base.areaCode && !/^\d{0,10}$/.test(areaCode)) reader.problem('areaCode', 'An area code has digits only.');
  const country = reader.text('country', base.country ?? '').toUpperCase();
  if (country !== (base.country ?? '') && !/^([A-Z]{2})?$/.test(country)) reader.problem('country', 'A country has two letters (ISO 3166-1), e.g. US.');
  const department = reader.text('department', base.department);
  const costCenter = reader.text('costCenter', base.costCenter);
  const timeZone = reader.text('timeZone', base.timeZone ?? '');
  if (timeZone !== '' && timeZone !== base.timeZone && !/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/.test(timeZone)) reader.problem('timeZone', 'Give a zone of the IANA database, e.g. Europe/Berlin.');
  const reach = planReach(reader, facts, before, { owner: { kind: 'common_area', id: base.id }, displayName, template: 'common_area', switches: [] });
  if (reach === null || reader.problems.length > 0) return failedRow(reader, displayName);
  const { callingPlans, packages } = reach.plans;
  const international = resolveKept('international_calling', facts.outer.filter(({ scope, scopeId }) => scope === 'account' || scopeId === reach.site.id)).value.enable;
  const area: CommonArea = {
    ...base, displayName, areaCode: reach.areaCode ?? areaCode, country: reach.country ?? (country === '' ? null : country), timeZone: timeZone === '' ? null : timeZone,
    department, costCenter, siteId: reach.site.id, extensionId: reach.extension.id, status: reach.status, callingPlans, packages,
    internationalCalling: before.area?.internationalCalling ?? international,
  };
  const after: Holder = { ...before, ...reach.holder, area };
  const entries = [...entryOf('common_area', before.area, area), ...reach.entries];
  const template = reader.raw('template');
  const changes = changedCells(AREA_COLUMNS, before.area === null ? {} : areaCells(before, facts), areaCells(after, facts)).filter(({ column }) => column !== reader.title('id'));
  const copied = template === undefined || template === null ? [] : [{ column: reader.title('template'), before: '', after: template }];
  return {
    row, action: entries.length === 0 ? 'unchanged' : before.area === null ? 'add' : 'update', subject: displayName, changes: entries.length === 0 ? [] : [...changes, ...copied],
    problems: [], warnings: reader.warnings, entries, claims: reader.claims, seats: reach.plans.seats, chosen: before.extension === null ? { extension: reach.extension.number } : {},
  };
}
