import { asId, type AccountId, type PhoneNumberId } from '../ids.js';
import type { Site } from '../identity/site.js';
import type { PhoneNumber } from '../numbering/phone-number.js';
import { readPoolNumber } from '../numbering/pool-number.js';
import { entryOf } from './entry.js';
import type { RowCells } from './import.js';
import { numberText } from './plan-numbers.js';
import { changedCells, RowReader, type PlannedRow, type ShownCells } from './plan-row.js';
import { failedRow } from './plan-user.js';
import type { ExchangeColumn } from './table-columns.js';

export type NumberColumn = 'number' | 'carrier' | 'displayName' | 'site' | 'incoming' | 'outgoing' | 'sipGroup' | 'assignedTo';

/** Numbers of the account's pool. */
export const NUMBER_COLUMNS: readonly ExchangeColumn<NumberColumn>[] = [
  { name: 'number', title: 'Phone Number', aliases: ['Number', 'Direct Number'], required: true, longest: 40, sample: ['+12125550100', '+12125550101'] },
  { name: 'carrier', title: 'Carrier', required: false, longest: 100, sample: ['Example Carrier', 'Example Carrier'] },
  { name: 'displayName', title: 'Display Name', aliases: ['Name'], required: false, longest: 100, sample: ['', 'Sales'] },
  { name: 'site', title: 'Site', aliases: ['Site Name', 'Site Code'], required: false, longest: 255, sample: ['Main Site', ''] },
  { name: 'incoming', title: 'Incoming', required: false, longest: 3, sample: ['yes', ''] },
  { name: 'outgoing', title: 'Outgoing', required: false, longest: 3, sample: ['yes', ''] },
  { name: 'sipGroup', title: 'SIP Group', aliases: ['SIP Group ID'], required: false, longest: 64, sample: ['', ''] },
  { name: 'assignedTo', title: 'Assigned To', required: false, longest: 254, sample: ['', ''] },
];

/** What rows about numbers are held against. */
export interface NumberPlanFacts {
  readonly accountId: AccountId;
  readonly sites: readonly Site[];
  readonly site: Site;
  readonly at: number;
  readonly newId: () => string;
  /** By E.164. */
  readonly numbers: ReadonlyMap<string, PhoneNumber>;
  readonly assigneeText: (id: NonNullable<PhoneNumber['extensionId']>) => string;
}

export function numberCells(number: PhoneNumber, facts: Pick<NumberPlanFacts, 'sites' | 'assigneeText'>): ShownCells<NumberColumn> {
  return {
    number: number.number, carrier: number.carrier, displayName: number.displayName, site: facts.sites.find(({ id }) => id === number.siteId)?.name ?? '',
    incoming: number.incoming ? 'yes' : 'no', outgoing: number.outgoing ? 'yes' : 'no', sipGroup: number.sipGroupId,
    assignedTo: number.extensionId === null ? '' : facts.assigneeText(number.extensionId),
  };
}

/** What a row does to a number: one that the account does not have comes into the pool (BYOC). Whose it is, the files of people and common areas say. */
export function planNumber(row: number, cells: RowCells, facts: NumberPlanFacts): PlannedRow {
  const reader = new RowReader<NumberColumn>(row, cells, NUMBER_COLUMNS);
  const text = cells['number'] ?? '';
  const wanted = siteOf(reader, facts, '');
  const country = (wanted ?? facts.site).country;
  const e164 = numberText(text, country);
  const known = facts.numbers.get(e164 ?? '') ?? null;
  const read = known === null ? readPoolNumber(text, country) : null;
  if (known === null && read === null) reader.problem('number', `This is no telephone number. Give it as +12125550100, or as it is dialled in ${country}.`);
  reader.claim('number', `number:${e164 ?? text}`);
  const now = known === null ? {} : numberCells(known, facts);
  const site = siteOf(reader, facts, now.site ?? '');
  if (site !== null && known !== null && known.extensionId !== null && site.id !== known.siteId) {
    reader.problem('site', 'An assigned number belongs to the site of whoever has it. Unassign it first.');
  }
  if (reader.wish('assignedTo', now.assignedTo ?? '') !== undefined) {
    reader.problem('assignedTo', 'Numbers are given to people and common areas by their own files, in the column Phone Numbers. Leave this cell as it was exported, or empty.');
  }
  const carrier = reader.text('carrier', known?.carrier ?? '');
  if (known === null && carrier === '') reader.problem('carrier', 'A number is brought along from a carrier. Name it.');
  const changes = {
    carrier, displayName: reader.text('displayName', known?.displayName ?? ''), sipGroupId: reader.text('sipGroup', known?.sipGroupId ?? ''),
    incoming: flagOf(reader, 'incoming', known?.incoming), outgoing: flagOf(reader, 'outgoing', known?.outgoing),
  };
  const base: PhoneNumber | null = known ?? (read === null ? null : {
    id: asId<PhoneNumberId>(facts.newId()), accountId: facts.accountId, ...read, source: 'external', status: 'available', siteId: facts.site.id, extensionId: null, assignedOrder: null,
    incoming: true, outgoing: true, carrier, displayName: '', emergencyAddressId: null, emergencyAddressStatus: 0, sipGroupId: '', createdAt: facts.at,
  });
  if (base === null || reader.problems.length > 0) return failedRow(reader, text);
  const after: PhoneNumber = { ...base, ...changes, siteId: site?.id ?? base.siteId };
  const entries = entryOf('phone_number', known, after);
  return {
    row, action: entries.length === 0 ? 'unchanged' : known === null ? 'add' : 'update', subject: after.number, changes: changedCells(NUMBER_COLUMNS, now, numberCells(after, facts)),
    problems: [], warnings: reader.warnings, entries, claims: reader.claims, seats: { taken: [], freed: [] }, chosen: {},
  };
}

function siteOf(reader: RowReader<NumberColumn>, { sites }: NumberPlanFacts, now: string): Site | null {
  const wish = reader.wish('site', now);
  if (wish === undefined) return null;
  const found = wish === null ? undefined : sites.find(({ name, siteCode }) => name.toLowerCase() === wish.toLowerCase() || siteCode === wish);
  if (found === undefined && !reader.problems.some(({ column }) => column === reader.title('site'))) reader.problem('site', 'No site has this name or code.');
  return found ?? null;
}

function flagOf(reader: RowReader<NumberColumn>, name: 'incoming' | 'outgoing', now: boolean | undefined): boolean {
  const wish = reader.wish(name, now === undefined ? '' : now ? 'yes' : 'no')?.toLowerCase();
  if (wish === undefined) return now ?? true;
  if (!['yes', 'no'].includes(wish)) reader.problem(name, 'Give yes or no.');
  return wish === 'yes';
}
