/** What identifies the data behind a connection: the server's run, and the epoch key (null = there is none). */
export interface ServerIdentity {
  readonly runId: string;
  readonly epoch: string | null;
}

/**
 * What became of the data since the last look: `first` look of this process; `kept`; `restarted` (another run of the
 * server: up to a second of writes may be missing); `emptied` (flushed, or another data set: copies must be rebuilt).
 */
export type Continuity = 'first' | 'kept' | 'restarted' | 'emptied';

/** Compares two looks; pure. */
export function compareIdentity(before: ServerIdentity | null, now: ServerIdentity): Continuity {
  if (before === null) return 'first';
  if (now.epoch === null || now.epoch !== before.epoch) return 'emptied';
  return now.runId === before.runId ? 'kept' : 'restarted';
}

/** Reads `field:value` of an INFO answer; '' when it is not there. */
export function infoField(info: string, field: string): string {
  return new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
}
