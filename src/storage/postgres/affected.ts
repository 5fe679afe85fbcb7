import { asId } from '../../domain/ids.js';
import type { AggregateKind, ConfigEvent } from '../../domain/events.js';

/** The aggregates of one kind that the events name. */
export function idsOf<Id extends ReturnType<typeof asId>>(events: readonly ConfigEvent[], kind: AggregateKind): ReadonlySet<Id> {
  return new Set(events.filter((event) => event.aggregate === kind).map((event) => asId<Id>(event.aggregateId)));
}

/** Puts what was found of `ids`, and removes what is gone. */
export function replace<Id, Item>(
  ids: Iterable<Id>, found: ReadonlyMap<Id, Item>, put: (item: Item) => void, remove: (id: Id) => void,
): void {
  for (const id of ids) {
    const item = found.get(id);
    if (item === undefined) remove(id);
    else put(item);
  }
}
