/** A reply did not come in time. */
export class NoReply extends Error {
  constructor(waitedMs: number) {
    super(`no reply within ${waitedMs} ms`);
    this.name = 'NoReply';
  }
}

/** A timer that fires so much late tells of our own event loop, not of the peer. */
const LATE_MS = 50;
const MOST_EXTENSIONS = 4;

/**
 * Waits `ms` for a reply, then rejects with NoReply. A process whose event loop was busy finds its timers due before it has
 * read the replies that came meanwhile; blaming the peer then would turn a moment's load into an outage. So a timer that
 * fires late is set again, a few times at most: a peer that really is silent is found out all the same.
 */
export function withPatience<T>(reply: Promise<T>, ms: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const began = performance.now();
    let due = began + ms;
    let extensions = 0;
    const onTimer = (): void => {
      const now = performance.now();
      if (now - due > LATE_MS && extensions < MOST_EXTENSIONS) {
        extensions += 1;
        due = now + ms / 2;
        timer = setTimeout(onTimer, ms / 2);
      } else {
        reject(new NoReply(Math.round(now - began)));
      }
    };
    let timer = setTimeout(onTimer, ms);
    reply.then((value) => {
      clearTimeout(timer);
      resolve(value);
    }, (error: unknown) => {
      clearTimeout(timer);
      reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}
