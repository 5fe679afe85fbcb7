import { z } from 'zod';
import { CALL_RESULTS, type CallResult } from '../../domain/calls/call-history.js';
import { asId, type SiteId, type UserId } from '../../domain/ids.js';
import type { CallRecordFilter } from '../../ports/record-stores.js';
import { pageQuery } from '../paging.js';
import { day, line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

/** Without `from` and `to`, so many days up to now. */
export const HISTORY_DAYS = 30;

const names = z.array(line(64)).max(50).optional();

export const span = {
  from: day.optional().describe(`First day (UTC), or an instant. Without both: the last ${HISTORY_DAYS} days.`),
  to: day.optional().describe('Last day (UTC, included), or an instant.'),
};

/** What call history can be narrowed by; of several values one must fit. */
export const historyFilters = {
  ...span,
  keyword: line(100).optional().describe('Part of a name or number.'),
  directions: z.array(z.enum(['inbound', 'outbound', 'internal'])).optional()
    .describe('A call between extensions is outbound for the account and for its caller, and inbound for whom it reached.'),
  connect_types: z.array(z.enum(['internal', 'external'])).optional(),
  number_types: names.describe('zoom_extension or external_pstn, of either side; no call has another type.'),
  call_types: names.describe('general or emergency; no call has another type.'),
  extension_types: names.describe('user or common_area, of either side; no call has another type.'),
  call_results: names.describe(`${CALL_RESULTS.join(', ')}; no call has another result.`),
  group_ids: names.describe('There are no groups: any id finds nothing.'),
  site_ids: names.describe('Sites of either side.'),
  department: line(100).optional().describe('Of either side, at the time of the call.'),
  cost_center: line(100).optional().describe('Of either side, at the time of the call.'),
  time_type: z.enum(['start_time', 'end_time']).default('start_time').describe('Which time of a call lies in the span; calls that are up have no end.'),
  recording_status: z.enum(['', 'all', 'recorded', 'non_recorded']).optional().describe('Nothing is recorded: recorded finds nothing.'),
};

export const historyQuery = z.object({ ...historyFilters, ...pageQuery(300) });

export type HistoryQuery = z.output<typeof historyQuery>;

const EXTENSION_TYPES = ['user', 'common_area'] as const;
const NUMBER_TYPES: ReadonlyMap<string, 'extension' | 'network'> = new Map([['zoom_extension', 'extension'], ['external_pstn', 'network']] as const);

/** Whose calls: one person's, or those with a side at some sites. */
export interface Whose {
  readonly userId?: UserId | undefined;
  readonly within?: readonly SiteId[] | undefined;
}

/** The filter a query names; null where no call can fit. */
export function historyFilter(
  query: Omit<HistoryQuery, 'page_size' | 'next_page_token'>, at: { readonly from: number; readonly to: number }, { userId, within }: Whose,
): CallRecordFilter | null {
  if (query.group_ids !== undefined || query.recording_status === 'recorded') return null;
  const emergency = query.call_types === undefined ? [] : [query.call_types.includes('general'), query.call_types.includes('emergency')];
  if (emergency.length > 0 && !emergency.includes(true)) return null;
  return {
    from: at.from, to: at.to, time: query.time_type === 'end_time' ? 'end' : 'start',
    ...given({
      userId, within, keyword: query.keyword, directions: query.directions, connectTypes: query.connect_types,
      siteIds: query.site_ids?.map((id) => asId<SiteId>(id)),
      emergency: emergency.length === 0 || emergency.every(Boolean) ? undefined : emergency[1],
      results: query.call_results?.filter((name): name is CallResult => CALL_RESULTS.some((result) => result === name)),
      numbers: query.number_types?.flatMap((name) => NUMBER_TYPES.get(name) ?? []),
      extensionTypes: query.extension_types?.flatMap((name) => EXTENSION_TYPES.filter((type) => type === name)),
      department: query.department, costCenter: query.cost_center,
    }),
  };
}
