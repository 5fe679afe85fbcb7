/** How loud a record is; the same four words everywhere. */
export type EdgeLogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * The edge's only way to speak. `event` is a fixed kebab-case word (never text from the network); what came from the
 * network goes into `fields`, where the sink escapes it.
 */
export type EdgeLogWriter = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A logger handed in by whoever starts the edge (a worker posts the records to the main thread). */
export type EdgeLog = Readonly<Record<EdgeLogLevel, EdgeLogWriter>>;

const nothing: EdgeLogWriter = () => undefined;

/** A log that keeps nothing. */
export const silentLog: EdgeLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
