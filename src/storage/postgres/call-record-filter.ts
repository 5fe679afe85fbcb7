import { sql } from 'kysely';
import type { AccountId, UserId } from '../../domain/ids.js';
import { GOOD_MOS } from '../../domain/quality/call-quality.js';
import type { CallRecordFilter } from '../../ports/record-stores.js';
import { instant } from './columns.js';
import type { Queries } from './database.js';
import { containsPattern } from './keyword-search.js';

/** The result of a call as `callResult` of the domain has it. */
const RESULT = sql`case when answered_at is not null then 'answered' when cause is null then 'in_progress'
  when cause = 'busy' then 'busy' when cause = 'no-answer' then 'no_answer' when cause in ('declined', 'refused') then 'rejected'
  when cause in ('cancelled', 'caller-hangup') then 'canceled' else 'call_failed' end`;

const isExtension = (side: 'caller' | 'callee') => sql<boolean>`(${sql.ref(side)} ->> 'extensionNumber' <> '')`;
const typeOf = (side: 'caller' | 'callee') =>
  sql`case when not ${isExtension(side)} then '' when ${sql.ref(side)} ->> 'userId' is null then 'common_area' else 'user' end`;

/** Calls whose start, or end, lies between `from` and `to`, both included, and that fit whatever else is given. */
export function matchingCalls(queries: Queries, accountId: AccountId, filter: CallRecordFilter) {
  const {
    charged, time, connectTypes, siteIds, within, emergency, results, numbers, extensionTypes, calleeTypes, number, department, costCenter, keyword, userId, quality,
  } = filter;
  const column = time === 'end' ? 'ended_at' : 'started_at';
  let matching = queries.selectFrom('call_records').where('account_id', '=', accountId)
    .where(column, '>=', instant(filter.from)).where(column, '<=', instant(filter.to));
  if (userId !== undefined) {
    matching = matching.where((eb) => eb.or([eb('caller_user_id', '=', userId), eb('callee_user_id', '=', userId)]))
      .where(sql<boolean>`not exists (select from hidden_calls h where h.user_id = ${userId} and h.call_id = call_records.id)`);
  }
  const directions = filter.directions === undefined ? undefined : directionTest(filter.directions, userId);
  if (directions !== undefined) matching = matching.where(directions);
  if (connectTypes !== undefined) {
    const [internal, external] = [connectTypes.includes('internal'), connectTypes.includes('external')];
    matching = matching.where(sql<boolean>`case when direction = 'internal' then ${internal}::boolean else ${external}::boolean end`);
  }
  for (const wanted of [siteIds, within]) {
    if (wanted === undefined) continue;
    const sites = [...wanted];
    matching = matching.where(sql<boolean>`(caller_site_id = any(${sites}::text[]) or callee_site_id = any(${sites}::text[]))`);
  }
  if (charged === true) matching = matching.where(sql<boolean>`exists (select from call_charges c where c.call_id = call_records.id and c.total > 0)`);
  if (emergency !== undefined) matching = matching.where('emergency', '=', emergency);
  if (results !== undefined) matching = matching.where(sql<boolean>`${RESULT} = any(${[...results]}::text[])`);
  if (numbers !== undefined) {
    const [extension, network] = [numbers.includes('extension'), numbers.includes('network')];
    matching = matching.where(sql<boolean>`((${extension} and (${isExtension('caller')} or ${isExtension('callee')}))
      or (${network} and not (${isExtension('caller')} and ${isExtension('callee')})))`);
  }
  if (extensionTypes !== undefined) {
    const types = [...extensionTypes];
    matching = matching.where(sql<boolean>`(${typeOf('caller')} = any(${types}::text[]) or ${typeOf('callee')} = any(${types}::text[]))`);
  }
  if (calleeTypes !== undefined) matching = matching.where(sql<boolean>`${typeOf('callee')} = any(${[...calleeTypes]}::text[])`);
  if (number !== undefined && number !== '') {
    const part = containsPattern(number);
    matching = matching.where(sql<boolean>`(caller ->> 'extensionNumber' like ${part} or caller ->> 'number' like ${part}
      or callee ->> 'extensionNumber' like ${part} or callee ->> 'number' like ${part})`);
  }
  if (department !== undefined) matching = matching.where(aboutTest('department', department));
  if (costCenter !== undefined) matching = matching.where(aboutTest('costCenter', costCenter));
  if (quality !== undefined) {
    const good = quality === 'good';
    matching = matching.where(sql<boolean>`exists (select from call_quality q where q.call_id = call_records.id and (q.mos >= ${GOOD_MOS}::real) = ${good}::boolean)`);
  }
  if (keyword !== undefined && keyword !== '') matching = matching.where('search', 'like', containsPattern(keyword));
  return matching;
}

function aboutTest(field: 'department' | 'costCenter', value: string) {
  return sql<boolean>`(caller_about ->> ${sql.lit(field)} = ${value} or callee_about ->> ${sql.lit(field)} = ${value})`;
}

/** A call between extensions is outbound for the account and its caller, inbound for whom it reached. */
function directionTest(directions: NonNullable<CallRecordFilter['directions']>, userId: UserId | undefined) {
  const [inbound, outbound, internal] = (['inbound', 'outbound', 'internal'] as const).map((one) => directions.includes(one));
  const received = userId === undefined ? sql`false` : sql`(callee_user_id = ${userId} and caller_user_id is distinct from ${userId})`;
  return sql<boolean>`((${internal} and direction = 'internal')
    or (${inbound} and (direction = 'inbound' or (direction = 'internal' and ${received})))
    or (${outbound} and (direction = 'outbound' or (direction = 'internal' and not ${received}))))`;
}
