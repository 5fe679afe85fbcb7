import { z } from 'zod';
import type { AccountUser } from '../../domain/identity/user.js';
import { nameOf } from '../../domain/identity/user.js';
import type { UserDetails } from '../../domain/identity/user-details.js';
import type { LicencePackage } from '../../domain/licensing/licence-package.js';
import type { PhoneRole } from '../../usecases/admin/phone-roles.js';
import { apiTime } from '../times.js';
import { email, line, timeZone } from './fields.js';
import { given } from './views.js';

const customAttribute = z.object({ key: line(64).default(''), name: line(64).default(''), value: line(255).default('') });
const profileNumber = z.object({ code: line(8).default(''), country: line(2).default(''), label: line(32).default(''), number: line(32).default('') });

export const userType = z.union(
  [z.literal(1), z.literal(2), z.literal(4), z.literal(99)],
).describe('1 basic, 2 licensed, 4 unassigned, 99 none.');

export const userNames = { first_name: line(64).optional(), last_name: line(64).optional(), display_name: line(128).optional() };
export const planUnitedType = line(100).optional().describe('Id or name of a package (licence, plan and add-ons at once); none = take it away.');
const id = line(64);

/** What may be changed of a person, as it is sent. */
export const userChanges = z.object({
  ...userNames,
  type: userType.optional(),
  dept: line(128).optional(),
  cost_center: line(128).optional(),
  job_title: line(128).optional(),
  location: line(256).optional(),
  language: line(16).optional(),
  timezone: timeZone.optional(),
  company: line(255).optional(),
  cms_user_id: id.optional(),
  employee_unique_id: line(128).optional(),
  custom_attributes: z.array(customAttribute).max(50).optional(),
  group_id: id.optional(),
  host_key: z.string().regex(/^(?:\d{6,10})?$/, 'A host key has 6 to 10 digits.').optional(),
  manager: z.union([z.literal(''), email]).optional(),
  phone_country: line(2).optional(),
  phone_number: line(32).optional(),
  phone_numbers: z.array(profileNumber).max(10).optional(),
  pmi: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
  use_pmi: z.boolean().optional(),
  pronouns: line(64).optional(),
  pronouns_option: z.int().min(1).max(3).optional(),
  vanity_name: line(64).optional(),
  about_me: line(150).optional(),
  linkedin_url: line(255).optional(),
  zoom_one_type: z.int().min(0).optional(),
  plan_united_type: planUnitedType,
  feature: z.object({ zoom_phone: z.boolean().optional() }).optional().describe(
    'zoom_phone: false removes extension and plans and leaves the devices unassigned; true makes a phone user.',
  ),
});

/** The changes of a body, named as the inside has them. */
export function changesOf(body: z.output<typeof userChanges>) {
  const details: Partial<UserDetails> = given({
    company: body.company, cmsUserId: body.cms_user_id, employeeUniqueId: body.employee_unique_id, customAttributes: body.custom_attributes,
    groupIds: body.group_id === undefined ? undefined : body.group_id === '' ? [] : [body.group_id], hostKey: body.host_key,
    manager: body.manager, phoneCountry: body.phone_country, phoneNumber: body.phone_number, phoneNumbers: body.phone_numbers, pmi: body.pmi,
    usePmi: body.use_pmi, pronouns: body.pronouns, pronounsOption: body.pronouns_option, vanityName: body.vanity_name, aboutMe: body.about_me,
    linkedinUrl: body.linkedin_url, zoomOneType: body.zoom_one_type,
  });
  return given({
    firstName: body.first_name, lastName: body.last_name, displayName: body.display_name, type: body.type,
    department: body.dept, costCenter: body.cost_center, jobTitle: body.job_title, location: body.location,
    language: body.language, timeZone: body.timezone, details: Object.keys(details).length === 0 ? undefined : details,
  });
}

const shownAttribute = z.object({ key: z.string(), name: z.string(), value: z.string() });

export const userListItem = z.object({
  id: z.string(), email: z.string(), first_name: z.string(), last_name: z.string(), display_name: z.string(),
  type: z.int(), status: z.string(), dept: z.string(), cost_center: z.string(), timezone: z.string(), verified: z.int(),
  created_at: z.string(), user_created_at: z.string(), employee_unique_id: z.string(), group_ids: z.array(z.string()),
  im_group_ids: z.array(z.string()), last_client_version: z.string(), last_login_time: z.string(), plan_united_type: z.string(),
  pmi: z.int(), role_id: z.string().describe('A role of GET /v2/phone/roles; of several, the one given first.'),
  custom_attributes: z.array(shownAttribute).optional(), host_key: z.string().optional(),
});

export const userDetail = userListItem.extend({
  account_id: z.string(), account_number: z.int(), job_title: z.string(), location: z.string(), language: z.string(), company: z.string(),
  cms_user_id: z.string(), custom_attributes: z.array(shownAttribute), host_key: z.string(), jid: z.string(), login_types: z.array(z.int()),
  manager: z.string(), personal_meeting_url: z.string(), phone_country: z.string(), phone_number: z.string(),
  phone_numbers: z.array(z.object({ code: z.string(), country: z.string(), label: z.string(), number: z.string(), verified: z.boolean() })),
  pic_url: z.string(), pronouns: z.string(), pronouns_option: z.int(), role_name: z.string(), vanity_url: z.string(), cluster: z.string(),
  zoom_one_type: z.int(), use_pmi: z.boolean(), about_me: z.string(), linkedin_url: z.string(),
});

/** Fields that a list shows when it is asked to. */
export type ListExtra = 'custom_attributes' | 'host_key';

/** What is shown by a name that people gave it: packages, and each person's role. */
export interface UserNaming {
  readonly packages: ReadonlyMap<LicencePackage['id'], string>;
  readonly roles: ReadonlyMap<AccountUser['id'], Pick<PhoneRole, 'id' | 'name'>>;
}

export function userListView(user: AccountUser, { packages, roles }: UserNaming, extras: ReadonlySet<string>) {
  const { details } = user;
  return {
    id: user.id, email: user.email, first_name: user.firstName, last_name: user.lastName, display_name: nameOf(user),
    type: user.type, status: user.status, dept: user.department, cost_center: user.costCenter, timezone: user.timeZone,
    verified: 1, created_at: apiTime(user.createdAt), user_created_at: apiTime(user.createdAt),
    employee_unique_id: details.employeeUniqueId, group_ids: details.groupIds, im_group_ids: [], last_client_version: '', last_login_time: '',
    plan_united_type: user.licencePackageId === null ? '' : packages.get(user.licencePackageId) ?? '', pmi: details.pmi, role_id: roles.get(user.id)?.id ?? '',
    ...(extras.has('custom_attributes') ? { custom_attributes: details.customAttributes } : {}),
    ...(extras.has('host_key') ? { host_key: details.hostKey } : {}),
  };
}

const EVERYTHING: ReadonlySet<string> = new Set<ListExtra>(['custom_attributes', 'host_key']);

/** Empty where nothing of the kind exists here: meetings, pictures, chat, signing in. */
export function userDetailView(user: AccountUser, naming: UserNaming) {
  const { details } = user;
  return {
    ...userListView(user, naming, EVERYTHING),
    account_id: user.accountId, account_number: 0, job_title: user.jobTitle, location: user.location, language: user.language,
    company: details.company, cms_user_id: details.cmsUserId, jid: '', login_types: [], manager: details.manager, personal_meeting_url: '',
    phone_country: details.phoneCountry, phone_number: details.phoneNumber,
    phone_numbers: details.phoneNumbers.map((number) => ({ ...number, verified: false })), pic_url: '', pronouns: details.pronouns,
    pronouns_option: details.pronounsOption, role_name: naming.roles.get(user.id)?.name ?? '', vanity_url: details.vanityName, cluster: '', zoom_one_type: details.zoomOneType,
    use_pmi: details.usePmi, about_me: details.aboutMe, linkedin_url: details.linkedinUrl,
  };
}
