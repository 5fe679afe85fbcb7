import { sql } from 'kysely';
import type { AccountId, PhoneRoleId, ScimGroupId, UserId } from '../../domain/ids.js';
import { asId } from '../../domain/ids.js';
import type { ScimPerson, ScimPhone } from '../../domain/scim/person.js';
import type { PersonKey, ScimPersonStore } from '../../ports/scim-stores.js';
import { lowerAscii, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import { callingPlansIn, packagesIn, plansOfUser } from './plan-assignments.js';
import { userOf } from './user-store.js';

/** What belongs to a person's phone, in the same statement as the person. */
interface PhoneJson {
  readonly number: string;
  readonly site: string;
  readonly status: ScimPhone['status'];
  readonly plans: Parameters<typeof callingPlansIn>[0];
  readonly numbers: readonly string[];
}

interface Extras {
  readonly scim_user_name: string | null;
  readonly scim_external_id: string | null;
  readonly scim_attributes: ScimPersonAttributes | null;
  readonly scim_updated_at: number | null;
  readonly phone: PhoneJson | null;
  readonly package_name: string | null;
  readonly first_role: string | null;
  readonly in_groups: readonly { readonly id: string; readonly name: string }[];
}
type ScimPersonAttributes = NonNullable<ScimPerson['profile']>['attributes'];

export function createScimPersonStore(queries: Queries): ScimPersonStore {
  const read = async (accountId: AccountId, narrow: (rows: ReturnType<typeof peopleRows>) => ReturnType<typeof peopleRows>) => (
    (await narrow(peopleRows(queries, accountId)).orderBy('users.id').execute()).map(personOf));
  const find = (accountId: AccountId, key: PersonKey) => read(accountId, (rows) => {
    if ('id' in key) return rows.where('users.id', '=', key.id);
    if ('externalId' in key) return rows.where('p.external_id', '=', key.externalId);
    if ('email' in key) return rows.where(sql`lower(users.email)`, '=', lowerAscii(key.email));
    const name = lowerAscii(key.userName);
    // Two conditions with an index each; an OR of both would read every person.
    return rows.where('users.id', 'in', sql<UserId>`(
      select user_id from scim_profiles where account_id = ${accountId} and lower(user_name) = ${name}
      union all
      select u.id from users u where u.account_id = ${accountId} and lower(u.email) = ${name}
        and not exists (select from scim_profiles s where s.user_id = u.id))`);
  });
  return {
    get: async (accountId, id) => (await find(accountId, { id }))[0] ?? null,
    find,
    count: async (accountId) => {
      const { people } = await queries.selectFrom('users').select(({ fn }) => fn.countAll<number>().as('people'))
        .where('account_id', '=', accountId).executeTakeFirstOrThrow();
      return people;
    },
    list: async (accountId, { limit, skip = 0, after = null }) => read(accountId, (rows) => rows
      .$if(after !== null, (some) => some.where('users.id', '>', after ?? asId<UserId>(''))).offset(skip).limit(limit)),
    setProfile: async (accountId, userId, { userName, externalId, attributes, updatedAt }) => {
      const columns = { user_name: userName, external_id: externalId, attributes: toJson(attributes), updated_at: toDate(updatedAt) };
      await queries.insertInto('scim_profiles').values({ user_id: userId, account_id: accountId, ...columns })
        .onConflict((conflict) => conflict.constraint('scim_profiles_pk').doUpdateSet(columns)).execute();
    },
  };
}

function peopleRows(queries: Queries, accountId: AccountId) {
  return queries.selectFrom('users').leftJoin('scim_profiles as p', 'p.user_id', 'users.id').where('users.account_id', '=', accountId)
    .selectAll('users')
    .select(['p.user_name as scim_user_name', 'p.external_id as scim_external_id', 'p.attributes as scim_attributes', 'p.updated_at as scim_updated_at'])
    .select([
      sql<Extras['phone']>`(select jsonb_build_object('number', e.number, 'site', s.name, 'status', phone_users.status, 'plans', ${plansOfUser()},
        'numbers', coalesce((select jsonb_agg(n.number order by n.assigned_order, n.id) from phone_numbers n where n.extension_id = e.id), '[]'::jsonb))
        from phone_users join extensions e on e.id = phone_users.extension_id join sites s on s.id = phone_users.site_id
        where phone_users.id = users.id)`.as('phone'),
      sql<string | null>`(select k.name from licence_packages k where k.id = users.licence_package_id)`.as('package_name'),
      sql<string | null>`(select m.role_id from phone_role_members m where m.account_id = users.account_id and m.user_id = users.id
        order by m.added_at, m.role_id limit 1)`.as('first_role'),
      sql<Extras['in_groups']>`coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name) order by g.id)
        from scim_group_members m join scim_groups g on g.id = m.group_id where m.user_id = users.id), '[]'::jsonb)`.as('in_groups'),
    ]);
}

function personOf(row: Parameters<typeof userOf>[0] & Extras): ScimPerson {
  const { phone } = row;
  return {
    user: userOf(row),
    profile: row.scim_user_name === null ? null : {
      userName: row.scim_user_name, externalId: row.scim_external_id ?? '', attributes: row.scim_attributes ?? {}, updatedAt: row.scim_updated_at ?? row.created_at,
    },
    phone: phone === null ? null : {
      extensionNumber: phone.number, siteName: phone.site, status: phone.status, callingPlans: callingPlansIn(phone.plans),
      packages: packagesIn(phone.plans), phoneNumbers: phone.numbers,
    },
    packageName: row.package_name,
    roleId: row.first_role === null ? null : asId<PhoneRoleId>(row.first_role),
    groups: row.in_groups.map(({ id, name }) => ({ id: asId<ScimGroupId>(id), displayName: name })),
  };
}
