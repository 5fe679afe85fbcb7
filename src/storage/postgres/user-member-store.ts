import type { Selectable } from 'kysely';
import type { AccountId, ExtensionId, UserId } from '../../domain/ids.js';
import { NO_RIGHTS, type MemberKind, type MemberRights, type UserMember } from '../../domain/identity/user-member.js';
import type { UserMemberStore } from '../../ports/member-stores.js';
import type { Instant, Json } from './column-types.js';
import { toDate, toJson } from './columns.js';
import type { Queries } from './database.js';

export interface UserMembersTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly user_id: UserId;
  readonly kind: MemberKind;
  readonly member_id: ExtensionId;
  readonly rights: Json<Partial<MemberRights>>;
  readonly created_at: Instant;
}

export function createUserMemberStore(queries: Queries): UserMemberStore {
  return {
    of: async (accountId, userId) => (await queries.selectFrom('user_members').selectAll()
      .where('account_id', '=', accountId).where('user_id', '=', userId).orderBy('id').execute()).map(memberOf),
    insert: async (member) => {
      await queries.insertInto('user_members').values({
        id: member.id, account_id: member.accountId, user_id: member.userId, kind: member.kind, member_id: member.memberId,
        rights: toJson(member.rights), created_at: toDate(member.createdAt),
      }).execute();
    },
    setRights: async (id, rights) => {
      await queries.updateTable('user_members').set({ rights: toJson(rights) }).where('id', '=', id).execute();
    },
    delete: async (what) => {
      const rows = queries.deleteFrom('user_members');
      await ('id' in what ? rows.where('id', '=', what.id) : rows.where('user_id', '=', what.userId).where('kind', '=', what.kind)).execute();
    },
  };
}

function memberOf(row: Selectable<UserMembersTable>): UserMember {
  return {
    id: row.id, accountId: row.account_id, userId: row.user_id, kind: row.kind, memberId: row.member_id,
    rights: { ...NO_RIGHTS, ...row.rights }, createdAt: row.created_at,
  };
}
