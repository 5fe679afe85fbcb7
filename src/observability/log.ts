import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../ports/runtime.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFormat = 'json' | 'text';

/** Field names that never reach the log, at the top level or one level down. */
const SECRET_FIELDS = [
  'password', 'pin', 'secret', 'clientSecret', 'client_secret', 'authorization', 'token', 'access_token', 'sealedPassword', 'ha1', 'key',
];

/**
 * The process's log: JSON lines, or readable text on a terminal. Standard error, since standard output is for what a
 * command answers. Errors are shown with type, message and stack of themselves and their cause.
 */
export function createLog(level: LogLevel, format: LogFormat): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    serializers: { err: pino.stdSerializers.errWithCause },
  };
  const sink = format === 'text'
    ? pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
    : pino.destination({ dest: 2, sync: false });
  return wrap(pino(options, sink));
}

function wrap(logger: Logger): Log {
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
    child: (fields) => wrap(logger.child(fields)),
  };
}
