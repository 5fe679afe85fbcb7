import { asId, type UserId } from '../ids.js';
import { nameOf, type AccountUser, type PhoneUser } from '../identity/user.js';
import { NO_DETAILS } from '../identity/user-details.js';
import { resolveKept } from '../settings/setting-catalogue.js';
import { entryOf } from './entry.js';
import { USER_COLUMNS, type UserColumn } from './holder-columns.js';
import { NOBODY, type Holder, type HolderFacts } from './holder-facts.js';
import { holderCells, planReach } from './plan-holder.js';
import { changedCells, RowReader, type PlannedRow, type ShownCells } from './plan-row.js';
import type { CellChange, RowCells } from './import.js';

const NO_SEATS = { taken: [], freed: [] };
const EMAIL = /^[^\s@,;"<>]+@[^\s@,;"<>]+$/;

/** As an export writes a phone user; the template column is for importing alone. */
export function userCells(holder: Holder, facts: HolderFacts): ShownCells<UserColumn> {
  const { user } = holder;
  return {
    email: user?.email ?? '', firstName: user?.firstName ?? '', lastName: user?.lastName ?? '', displayName: user?.displayName ?? '',
    department: user?.department ?? '', costCenter: user?.costCenter ?? '', jobTitle: user?.jobTitle ?? '', ...holderCells(holder, facts),
  };
}

/**
 * What a row does to a person: nothing it does not name. Somebody without a phone becomes a phone user, somebody unknown a person of the account.
 * @param known the person with the row's address; null = nobody has it
 */
export function planUser(row: number, cells: RowCells, known: Holder | null, facts: HolderFacts): PlannedRow {
  const reader = new RowReader<UserColumn>(row, cells, USER_COLUMNS);
  const before = known ?? NOBODY;
  const email = cells['email'] ?? '';
  if (!EMAIL.test(email)) reader.problem('email', 'Every row names a person by an e-mail address, e.g. ada@example.com.');
  reader.claim('email', `email:${email.toLowerCase()}`);
  const person = personOf(reader, before.user, email, facts);
  const reach = planReach(reader, facts, before, {
    owner: { kind: 'user', id: person.id }, displayName: nameOf(person), template: 'user', switches: ['changeCallerId', 'sms'],
  });
  if (reach === null || reader.problems.length > 0) return failedRow(reader, email);
  const user: AccountUser = { ...person, licencePackageId: reach.plans.bundle?.id ?? null };
  const { callingPlans, packages } = reach.plans;
  const copied = facts.copyFrom?.phone;
  const began = before.phone ?? {
    id: user.id, accountId: user.accountId, extensionId: reach.extension.id, createdAt: facts.at, areaCode: '', hotDeskAllowed: true,
    internationalCalling: resolveKept('international_calling', facts.outer.filter(({ scope, scopeId }) => scope === 'account' || scopeId === reach.site.id)).value.enable,
  };
  const phone: PhoneUser = {
    ...began, ...(copied === undefined || copied === null ? {} : { internationalCalling: copied.internationalCalling, areaCode: copied.areaCode, hotDeskAllowed: copied.hotDeskAllowed }),
    siteId: reach.site.id, status: reach.status, callingPlans, packages, ...(reach.areaCode === null ? {} : { areaCode: reach.areaCode }),
  };
  const after: Holder = { ...before, ...reach.holder, user, phone };
  const entries = [...entryOf('user', before.user, user), ...entryOf('phone_user', before.phone, phone), ...reach.entries];
  const cellsBefore = before.phone === null ? {} : userCells(before, facts);
  const changes = [...changedCells(USER_COLUMNS, cellsBefore, userCells(after, facts)), ...copiedChanges(reader, facts)];
  return {
    row, action: entries.length === 0 ? 'unchanged' : before.phone === null ? 'add' : 'update', subject: email, changes: entries.length === 0 ? [] : changes, problems: [],
    warnings: reader.warnings, entries, claims: reader.claims, seats: reach.plans.seats,
    chosen: before.extension === null ? { extension: reach.extension.number } : {},
  };
}

function personOf(reader: RowReader<UserColumn>, now: AccountUser | null, email: string, { newId, account, at }: HolderFacts): AccountUser {
  const before: AccountUser = now ?? {
    id: asId<UserId>(newId()), accountId: account.id, email, firstName: '', lastName: '', displayName: '', type: 1, status: 'active', department: '', costCenter: '', jobTitle: '',
    location: '', timeZone: '', language: '', details: NO_DETAILS, licencePackageId: null, createdAt: at,
  };
  return {
    ...before, firstName: reader.text('firstName', before.firstName), lastName: reader.text('lastName', before.lastName), displayName: reader.text('displayName', before.displayName),
    department: reader.text('department', before.department), costCenter: reader.text('costCenter', before.costCenter), jobTitle: reader.text('jobTitle', before.jobTitle),
  };
}

/** What is copied once and is no column of an export. */
function copiedChanges(reader: RowReader<UserColumn>, facts: HolderFacts): readonly CellChange[] {
  const template = reader.raw('template');
  const from = facts.copyFrom?.user;
  return [
    ...(template === undefined || template === null ? [] : [{ column: reader.title('template'), before: '', after: template }]),
    ...(from === undefined || from === null ? [] : [{ column: 'Copy settings from user', before: '', after: from.email }]),
  ];
}

/** A row of which nothing is done. */
export function failedRow(reader: RowReader<never>, subject: string): PlannedRow {
  return {
    row: reader.row, action: 'error', subject: subject.slice(0, 200), changes: [], problems: reader.problems, warnings: reader.warnings, entries: [], claims: [], seats: NO_SEATS, chosen: {},
  };
}
