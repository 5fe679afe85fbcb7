import type { ExchangeColumn } from './table-columns.js';

export const DESK_PHONES = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
export type DeskSlot = (typeof DESK_PHONES)[number];
export type DeskColumn = `desk${DeskSlot}${'Brand' | 'Model' | 'Mac' | 'Template'}`;

/** Columns that people and common areas share. */
export type HolderColumn =
  | 'package' | 'callingPlans' | 'siteCode' | 'siteName' | 'template' | 'extension' | 'phoneNumbers' | 'callerId' | 'changeCallerId' | 'sms' | 'status' | DeskColumn;
export type UserColumn = 'email' | 'firstName' | 'lastName' | 'displayName' | 'department' | 'costCenter' | 'jobTitle' | HolderColumn;
export type AreaColumn = 'id' | 'displayName' | 'department' | 'costCenter' | 'areaCode' | 'country' | 'timeZone' | HolderColumn;

function column<Name extends string>(
  name: Name, title: string, sample: readonly string[], more: { readonly aliases?: readonly string[]; readonly longest?: number; readonly required?: boolean } = {},
): ExchangeColumn<Name> {
  return { name, title, sample, aliases: more.aliases ?? [], longest: more.longest ?? 255, required: more.required ?? false };
}

const DESKS: readonly ExchangeColumn<DeskColumn>[] = DESK_PHONES.flatMap((slot) => [
  column(`desk${slot}Brand`, `Desk Phone ${slot} Brand`, slot === 1 ? ['Yealink', ''] : ['', ''], { aliases: [`Desk Phone ${slot} Type`], longest: 50 }),
  column(`desk${slot}Model`, `Desk Phone ${slot} Model`, slot === 1 ? ['T54W', ''] : ['', ''], { longest: 50 }),
  column(`desk${slot}Mac`, `Desk Phone ${slot} MAC Address`, slot === 1 ? ['80-5e-c0-00-00-01', ''] : ['', ''], { aliases: [`Desk Phone ${slot} MAC`, ...(slot === 1 ? ['MAC Address', 'MAC'] : [])], longest: 50 }),
  column(`desk${slot}Template`, `Desk Phone ${slot} Provision Template`, ['', ''], { aliases: [`Desk Phone ${slot} Template`], longest: 128 }),
]);

/** Lists have a semicolon between two. */
export const LIST_SEPARATOR = ';';
const MORE_NUMBERS = 1000;

const SITE: readonly ExchangeColumn<'siteCode' | 'siteName'>[] = [
  column('siteCode', 'Site Code', ['', '']), column('siteName', 'Site Name', ['Main Site', ''], { aliases: ['Site'] }),
];
const REACH: readonly ExchangeColumn<'template' | 'extension' | 'phoneNumbers' | 'callerId' | 'changeCallerId'>[] = [
  column('template', 'User Template', ['', ''], { aliases: ['Template', 'Setting Template'], longest: 128 }),
  column('extension', 'Extension Number', ['801', '0'], { aliases: ['Extension', 'Ext'] }),
  column('phoneNumbers', 'Phone Numbers', ['', ''], { aliases: ['Phone Number', 'Direct Number', 'Direct Numbers'], longest: MORE_NUMBERS }),
  column('callerId', 'Outbound Caller ID', ['', ''], { aliases: ['Set Outbound Caller ID', 'Caller ID'] }),
  column('changeCallerId', 'Allow User to Change Outbound Caller ID', ['', ''], { aliases: ['Allow Change Caller ID'] }),
];
const PLANS: readonly ExchangeColumn<'package' | 'callingPlans'>[] = [
  column('package', 'Package', ['', '']), column('callingPlans', 'Calling Plans', ['', ''], { aliases: ['Calling Plan', 'Plans'], longest: MORE_NUMBERS }),
];

/** People with a phone. `Email` names whom a row is about. */
export const USER_COLUMNS: readonly ExchangeColumn<UserColumn>[] = [
  column('email', 'Email', ['ada@example.com', 'grace@example.com'], { aliases: ['E-mail', 'Email Address', 'User'], longest: 254, required: true }),
  column('firstName', 'First Name', ['Ada', 'Grace'], { longest: 64 }), column('lastName', 'Last Name', ['Lovelace', 'Hopper'], { longest: 64 }),
  column('displayName', 'Display Name', ['', ''], { longest: 128 }),
  column('department', 'Department', ['Engines', ''], { longest: 200 }), column('costCenter', 'Cost Center', ['', ''], { longest: 200 }), column('jobTitle', 'Job Title', ['', ''], { longest: 200 }),
  ...PLANS, ...SITE, ...REACH,
  column('sms', 'SMS', ['', ''], { aliases: ['SMS Enablement', 'Enable SMS'] }), column('status', 'User Status', ['active', 'active'], { aliases: ['Status'] }),
  ...DESKS,
];

/** Common areas. A row is about the one with the ID, else the one with the extension at the site, else a new one. */
export const AREA_COLUMNS: readonly ExchangeColumn<AreaColumn>[] = [
  column('id', 'ID', ['', ''], { aliases: ['Common Area ID'], longest: 64 }), column('displayName', 'Display Name', ['Lobby', 'Room 4'], { aliases: ['Name'] }),
  column('department', 'Department', ['', ''], { longest: 200 }), column('costCenter', 'Cost Center', ['', ''], { longest: 200 }),
  column('areaCode', 'Area Code', ['', ''], { longest: 10 }), column('country', 'Country', ['', ''], { longest: 2 }), column('timeZone', 'Time Zone', ['', ''], { longest: 64 }),
  ...PLANS.filter(({ name }) => name === 'callingPlans'), ...SITE,
  ...REACH.map((one) => (one.name === 'template' ? { ...one, title: 'Template' } : one)).filter(({ name }) => name !== 'changeCallerId'),
  column('status', 'Status', ['active', 'active']), ...DESKS,
];

export const deskColumn = <Part extends 'Brand' | 'Model' | 'Mac' | 'Template'>(slot: DeskSlot, part: Part): DeskColumn => `desk${slot}${part}`;
