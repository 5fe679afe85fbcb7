import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** Which rows of a table: the next chunk in the order of ids, or those named (at most a chunk). */
export type RowPick<Id extends string> = { readonly after: Id | null } | { readonly ids: readonly Id[] };

/** Rows of a statement: few enough that reading them out holds the event loop for a few milliseconds only. */
export const CHUNK = 500;

/** Every row of a table, chunk by chunk; the event loop runs between two. */
export async function* everyChunk<Id extends string, Item extends { readonly id: Id }>(
  read: (pick: RowPick<Id>) => Promise<readonly Item[]>,
): AsyncGenerator<readonly Item[]> {
  let after: Id | null = null;
  for (;;) {
    const items: readonly Item[] = await read({ after });
    yield items;
    const last = items.at(-1);
    if (last === undefined || items.length < CHUNK) return;
    after = last.id;
  }
}

/** The rows named, by id; those that are gone are missing. */
export async function named<Id extends string, Item extends { readonly id: Id }>(
  read: (pick: RowPick<Id>) => Promise<readonly Item[]>, ids: Iterable<Id>,
): Promise<ReadonlyMap<Id, Item>> {
  const wanted = [...new Set(ids)];
  const found = new Map<Id, Item>();
  for (let start = 0; start < wanted.length; start += CHUNK) {
    for (const item of await read({ ids: wanted.slice(start, start + CHUNK) })) found.set(item.id, item);
  }
  return found;
}

/** The condition that picks them. */
export function picked(pick: RowPick<string>): RawBuilder<boolean> {
  if ('ids' in pick) return sql<boolean>`id = any(${pick.ids}::text[])`;
  return pick.after === null ? sql<boolean>`true` : sql<boolean>`id > ${pick.after}`;
}
