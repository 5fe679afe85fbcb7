/** Keyword search that behaves alike on every server: case is folded here, not by the database's locale. */

/** What the `search` column holds for the given texts. */
export function searchText(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n').toLowerCase();
}

/** LIKE pattern finding `keyword` anywhere, its own wildcards taken literally. */
export function containsPattern(keyword: string): string {
  return `%${escapeLike(keyword.toLowerCase())}%`;
}

/** LIKE pattern finding texts that begin with `prefix`. */
export function prefixPattern(prefix: string): string {
  return `${escapeLike(prefix)}%`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
