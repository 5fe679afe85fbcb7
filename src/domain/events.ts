import type { AccountId, EventId } from './ids.js';

/** Aggregates whose change other parts must hear of; the id is the aggregate's own. */
export type AggregateKind =
  | 'account' | 'site' | 'user' | 'phone_user' | 'common_area' | 'extension' | 'device' | 'api_client' | 'plan_seats' | 'blocked_number'
  | 'phone_number' | 'customized_number' | 'caller_id_choice'
  | 'hot_desk_session' | 'pin' | 'setting' | 'webhook' | 'prompt';

/** A committed change of configuration. Consumers reload the aggregate named; they are idempotent by `id`. */
export interface ConfigEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  readonly aggregate: AggregateKind;
  readonly aggregateId: string;
  readonly change: 'created' | 'updated' | 'deleted';
  /** The account's configVersion this change made. */
  readonly version: number;
  readonly at: number;
}
