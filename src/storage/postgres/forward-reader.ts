import { asId, type ExtensionId, type PhoneNumberId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import type { CallHandling, NumberForward } from '../../domain/forwarding/call-handling.js';
import { idsOf, replace } from './affected.js';
import type { Queries } from './database.js';
import type { ForwardIndex } from './forward-index.js';
import { callHandlingOf, numberForwardOf } from './forward-store.js';
import { CHUNK, everyChunk, named, picked, type RowPick } from './row-chunks.js';

/** Reads what the index of forwards holds, as the directory's reader does. */
export class ForwardReader {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  handlings = async (pick: RowPick<ExtensionId>): Promise<readonly CallHandling[]> =>
    (await this.#queries.selectFrom('call_handlings').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(callHandlingOf);

  numbers = async (pick: RowPick<PhoneNumberId>): Promise<readonly NumberForward[]> =>
    (await this.#queries.selectFrom('number_forwards').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()).map(numberForwardOf);

  async load(index: ForwardIndex): Promise<void> {
    for await (const chunk of everyChunk(this.handlings)) for (const handling of chunk) index.putHandling(handling);
    for await (const chunk of everyChunk(this.numbers)) for (const forward of chunk) index.putNumber(forward);
  }

  /** Reads what the events name; the change returned is made in one go. */
  async affected(index: ForwardIndex, events: readonly ConfigEvent[]): Promise<() => void> {
    const extensionIds = idsOf<ExtensionId>(events, 'call_handling');
    const numberIds = idsOf<PhoneNumberId>(events, 'number_forward');
    const handlings = await named(this.handlings, extensionIds);
    const numbers = await named(this.numbers, numberIds);
    return () => {
      replace(extensionIds, handlings, (handling) => index.putHandling(handling), (id) => index.removeHandling(id));
      replace(numberIds, numbers, (forward) => index.putNumber(forward), (id) => index.removeNumber(id));
      // What goes with its extension or its number.
      for (const { aggregate, aggregateId, change } of events) {
        if (change !== 'deleted') continue;
        if (aggregate === 'extension') index.removeHandling(asId<ExtensionId>(aggregateId));
        if (aggregate === 'phone_number') index.removeNumber(asId<PhoneNumberId>(aggregateId));
      }
    };
  }
}
