import { closeSync, openSync } from 'node:fs';
import type { Log } from '../ports/runtime.js';

export interface Ending {
  /** Resolves with the exit code. */
  readonly promise: Promise<number>;
  readonly ending: () => boolean;
  /** Resolves at the second signal: whoever waits for something waits no longer. */
  readonly hurried: Promise<void>;
  /** A part died by itself. */
  readonly die: (why: string) => void;
  /** What SIGHUP does, once there is something to reload. */
  readonly onReload: (reload: () => Promise<void> | void) => void;
}

/**
 * Signals and deaths of parts, whichever comes first. SIGTERM and SIGINT end the program; SIGHUP makes it read its
 * certificates again, unless it comes from the end of the terminal it was started on.
 */
export function whenToEnd(log: Log): Ending {
  let ended = false;
  let resolve: (code: number) => void = () => undefined;
  let hurry: () => void = () => undefined;
  const hurried = new Promise<void>((done) => (hurry = done));
  let reload: () => Promise<void> | void = () => undefined;
  const onTerminal = hasTerminal();
  const promise = new Promise<number>((done) => (resolve = done));
  const end = (code: number): void => {
    ended = true;
    resolve(code);
  };
  const stop = (signal: string): void => {
    if (ended) hurry();
    else log.info('stopping', { signal });
    end(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  process.on('SIGHUP', () => {
    if (onTerminal && !hasTerminal()) return stop('SIGHUP');
    log.info('reloading', { signal: 'SIGHUP' });
    void reload();
  });
  return {
    promise,
    ending: () => ended,
    hurried,
    die(why) {
      if (!ended) log.error('a part died, stopping', { why });
      end(1);
    },
    onReload: (run) => {
      reload = run;
    },
  };
}

/** Whether this process has a terminal it belongs to; it loses it when the terminal is closed. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
