/** Walks a transition table through everything that can happen, with the timers that are really running. */
import type { Cell, Step, TransactionEffect, TransitionTable } from '../../sip/edge/transaction/step.js';

/** How the world around one kind of transaction behaves. */
export interface World {
  /** Events that need the transaction's key to be known: they find no terminated one. */
  readonly byKey: readonly string[];
  /** Events that may come at any time, from the user or a connection's end. */
  readonly anyTime: readonly string[];
  /** The effect whose failure is the event `transport-error`. */
  readonly sends: TransactionEffect;
  /** Effects in which the user may give the transaction up. */
  readonly mayAbandonIn: readonly TransactionEffect[];
}

/** A state with the timers running in it. */
export interface Place {
  readonly state: string;
  readonly timers: ReadonlySet<string>;
}

export interface Walk {
  readonly places: readonly Place[];
  /** `state event` of every cell that was used. */
  readonly used: ReadonlySet<string>;
}

interface Interruption {
  readonly at: TransactionEffect;
  readonly event: string;
}

const keyOf = (place: Place): string => `${place.state}|${[...place.timers].sort().join()}`;

/**
 * @param start the first step, its effects included
 * @returns every place that can be reached
 */
export function walkTable<S extends string, E extends string>(
  table: TransitionTable<S, E>, start: Step<S>, events: readonly E[], world: World,
): Walk {
  const used = new Set<string>();
  const places = new Map<string, Place & { readonly state: S }>();
  const open: (Place & { readonly state: S })[] = [];
  const interruptions: readonly (Interruption | undefined)[] = [
    undefined, { at: world.sends, event: 'transport-error' },
    ...world.mayAbandonIn.map((at) => ({ at, event: 'abandon' })),
  ];

  const feed = (state: S, timers: Set<string>, event: E, interruption: Interruption | undefined): S => {
    used.add(`${state} ${event}`);
    const cell: Cell<S> = table[state][event];
    return typeof cell === 'string' ? state : take(cell, timers, interruption);
  };
  const take = (step: Step<S>, timers: Set<string>, interruption: Interruption | undefined): S => {
    for (const effect of step.effects) {
      const [verb = '', timer = ''] = effect.split('-');
      if (verb === 'start' || verb === 'again') timers.add(`timer-${timer}`);
      if (verb === 'stop') timers.delete(`timer-${timer}`);
      const nested = interruption?.at === effect ? events.find((each) => each === interruption.event) : undefined;
      if (nested === undefined) continue;
      const state = feed(step.state, timers, nested, undefined);
      // As the drivers do: what is left of the effects belongs to a state that is no more.
      if (state !== step.state) return state;
    }
    return step.state;
  };
  const reach = (state: S, timers: ReadonlySet<string>): void => {
    const place = { state, timers };
    if (places.has(keyOf(place))) return;
    places.set(keyOf(place), place);
    open.push(place);
  };

  for (const interruption of interruptions) {
    const timers = new Set<string>();
    reach(take(start, timers, interruption), timers);
  }
  for (let place = open.shift(); place !== undefined; place = open.shift()) {
    for (const event of events) {
      const isTimer = event.startsWith('timer-');
      if (isTimer ? !place.timers.has(event) : world.byKey.includes(event) ? place.state === 'terminated' : !world.anyTime.includes(event)) continue;
      for (const interruption of interruptions) {
        const timers = new Set(place.timers);
        timers.delete(event);
        reach(feed(place.state, timers, event, interruption), timers);
      }
    }
  }
  return { places: [...places.values()], used };
}
