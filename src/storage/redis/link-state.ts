/**
 * Whether Redis can be asked, as a table. `closed`: no connection; `silent`: connected, but no answer yet or no more;
 * `up`: answers. While not `up` nothing but probes is sent, so that callers fail at once instead of waiting one by one.
 */
export type LinkState = 'closed' | 'silent' | 'up';
export type LinkEvent = 'connected' | 'disconnected' | 'timed-out' | 'probe-answered' | 'probe-failed';
export type LinkEffect = 'probe' | 'announce-up' | 'announce-away';

export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

function to(state: LinkState, ...effects: readonly LinkEffect[]): LinkStep {
  return { state, effects };
}

const TABLE: Readonly<Record<LinkState, Readonly<Record<LinkEvent, LinkStep>>>> = {
  'closed': {
    'connected': to('silent', 'probe'),
    'disconnected': to('closed'),
    'timed-out': to('closed'),
    // The answer of a connection that has closed since.
    'probe-answered': to('closed'),
    'probe-failed': to('closed'),
  },
  'silent': {
    'connected': to('silent', 'probe'),
    'disconnected': to('closed'),
    'timed-out': to('silent'),
    'probe-answered': to('up', 'announce-up'),
    'probe-failed': to('silent', 'probe'),
  },
  'up': {
    'connected': to('up'),
    'disconnected': to('closed', 'announce-away'),
    'timed-out': to('silent', 'announce-away', 'probe'),
    'probe-answered': to('up'),
    'probe-failed': to('silent', 'announce-away', 'probe'),
  },
};

/** Next state and what to do; total. */
export function linkStep(state: LinkState, event: LinkEvent): LinkStep {
  return TABLE[state][event];
}
