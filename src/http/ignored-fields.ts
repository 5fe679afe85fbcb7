/** Most names given back; a body of a thousand unknown fields is not worth a thousand names. */
const MOST = 50;

/**
 * Names of fields that were sent and that the schema dropped, e.g. `users[0].sms`: both sides are compared as they are,
 * so
 * nothing has to know the schema.
 */
export function ignoredFields(sent: unknown, kept: unknown): readonly string[] {
  const names: string[] = [];
  collect(sent, kept, '', names);
  return names.slice(0, MOST);
}

function collect(sent: unknown, kept: unknown, path: string, names: string[]): void {
  if (names.length >= MOST) return;
  if (Array.isArray(sent) && Array.isArray(kept)) {
    sent.forEach((item, index) => collect(item, kept[index], `${path}[${index}]`, names));
    return;
  }
  if (!isObject(sent) || !isObject(kept)) return;
  const known = new Map(Object.entries(kept));
  for (const [name, value] of Object.entries(sent)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (known.has(name)) collect(value, known.get(name), place, names);
    else names.push(place);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As a header value: names are the client's own text, so everything but plain name characters is escaped. */
export function ignoredFieldsHeader(names: readonly string[]): string {
  return names.map((name) => name.toWellFormed().slice(0, 100).replace(/[^\w.[\]-]/gu, encodeURIComponent)).join(', ');
}
