/**
 * One target of a proxied request. `unheard`: given up before anything came back, so it cannot be cancelled yet (RFC 3261
 * §9.1) and is no longer waited for; `withdrawn`: the same once the CANCEL is out; `canceling`: CANCEL sent, its final
 * response is waited for.
 */
export type BranchState =
  | 'waiting' | 'calling' | 'proceeding' | 'unheard' | 'withdrawn' | 'canceling' | 'succeeded' | 'failed' | 'skipped';

/** `no-answer`: B or F fired, or nothing could be sent. `withdraw`: its answer is not wanted any more. */
export type BranchEvent =
  | 'start' | 'receive-100' | 'receive-1xx' | 'receive-2xx' | 'receive-failure' | 'no-answer'
  | 'timer-provisional' | 'timer-C' | 'timer-guard' | 'withdraw';

/** `start-C` starts it anew when it runs. `tell-…` goes to the set of branches, all others to the driver. */
export type BranchEffect =
  | 'send-request' | 'send-cancel' | 'forward' | 'abandon'
  | 'start-provisional' | 'stop-provisional' | 'start-C' | 'stop-C' | 'start-guard' | 'stop-guard'
  | 'tell-success' | 'tell-failure';

export interface BranchStep {
  readonly state: BranchState;
  readonly effects: readonly BranchEffect[];
}

const to = (state: BranchState, ...effects: BranchEffect[]): BranchStep => ({ state, effects });

/** Every event without effect in this state; cells are written over it. */
const nothing = (state: BranchState): Readonly<Record<BranchEvent, BranchStep>> => {
  const stay = to(state);
  return {
    'start': stay, 'receive-100': stay, 'receive-1xx': stay, 'receive-2xx': stay, 'receive-failure': stay, 'no-answer': stay,
    'timer-provisional': stay, 'timer-C': stay, 'timer-guard': stay, 'withdraw': stay,
  };
};

const TABLE: Readonly<Record<BranchState, Readonly<Record<BranchEvent, BranchStep>>>> = {
  waiting: {
    ...nothing('waiting'),
    'start': to('calling', 'start-provisional', 'start-C', 'send-request'),
    'withdraw': to('skipped'),
  },
  calling: {
    ...nothing('calling'),
    'receive-100': to('proceeding', 'stop-provisional'),
    'receive-1xx': to('proceeding', 'stop-provisional', 'start-C', 'forward'),
    'receive-2xx': to('succeeded', 'stop-provisional', 'stop-C', 'forward', 'tell-success'),
    'receive-failure': to('failed', 'stop-provisional', 'stop-C', 'tell-failure'),
    'no-answer': to('failed', 'stop-provisional', 'stop-C', 'tell-failure'),
    'timer-provisional': to('unheard', 'stop-C', 'tell-failure'),
    // RFC 3261 §16.8: without a provisional response, C counts as a 408.
    'timer-C': to('unheard', 'stop-provisional', 'tell-failure'),
    'withdraw': to('unheard', 'stop-provisional', 'stop-C'),
  },
  proceeding: {
    ...nothing('proceeding'),
    // RFC 3261 §16.7 step 2: 101 to 199 start C anew. Step 5: a 100 is never forwarded.
    'receive-1xx': to('proceeding', 'start-C', 'forward'),
    'receive-2xx': to('succeeded', 'stop-C', 'forward', 'tell-success'),
    'receive-failure': to('failed', 'stop-C', 'tell-failure'),
    'no-answer': to('failed', 'stop-C', 'tell-failure'),
    // RFC 3261 §16.8: with a provisional response, C cancels the branch.
    'timer-C': to('canceling', 'send-cancel', 'start-guard'),
    'withdraw': to('canceling', 'stop-C', 'send-cancel', 'start-guard'),
  },
  unheard: {
    ...nothing('unheard'),
    // RFC 3261 §9.1: the CANCEL waits for a provisional response.
    'receive-100': to('withdrawn', 'send-cancel'),
    'receive-1xx': to('withdrawn', 'send-cancel'),
    'receive-2xx': to('succeeded', 'forward', 'tell-success'),
    'receive-failure': to('failed', 'tell-failure'),
    'no-answer': to('failed'),
  },
  withdrawn: {
    ...nothing('withdrawn'),
    'receive-2xx': to('succeeded', 'forward', 'tell-success'),
    'receive-failure': to('failed', 'tell-failure'),
    'no-answer': to('failed'),
  },
  canceling: {
    ...nothing('canceling'),
    'receive-2xx': to('succeeded', 'stop-guard', 'forward', 'tell-success'),
    'receive-failure': to('failed', 'stop-guard', 'tell-failure'),
    'no-answer': to('failed', 'stop-guard', 'tell-failure'),
    // RFC 3261 §9.1: 64*T1 after the CANCEL the INVITE counts as cancelled, whatever the peer does.
    'timer-guard': to('failed', 'abandon', 'tell-failure'),
  },
  // RFC 3261 §16.7 step 5: every 2xx to an INVITE goes up, of other forks behind this target too.
  succeeded: { ...nothing('succeeded'), 'receive-2xx': to('succeeded', 'forward') },
  failed: nothing('failed'),
  skipped: nothing('skipped'),
};

/** RFC 3261 §16.7, §16.8, §16.10 for one branch. */
export const stepBranch = (state: BranchState, event: BranchEvent): BranchStep => TABLE[state][event];

const OPEN: Readonly<Record<BranchState, boolean>> = {
  waiting: false, calling: true, proceeding: true, unheard: false, withdrawn: false, canceling: true,
  succeeded: false, failed: false, skipped: false,
};

/** Whether its final response is waited for. */
export const isOpen = (state: BranchState): boolean => OPEN[state];
