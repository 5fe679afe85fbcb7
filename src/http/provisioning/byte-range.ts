/** First and last byte, both inside. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  /** 416: it begins behind the end. */
  | { readonly kind: 'unsatisfiable' };

/**
 * What a Range header asks for (RFC 9110 §14.2): one range of bytes is given, a list of them or another unit is answered with the
 * whole, which a server may always do. With If-Range, only where its strong tag is still ours (§13.1.5).
 * @param bytes of the whole, above 0
 */
export function readRange(header: string | undefined, ifRange: string | undefined, etag: string, bytes: number): RangeAnswer {
  if (header === undefined || (ifRange !== undefined && ifRange.trim() !== etag)) return { kind: 'whole' };
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header.trim()) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return { kind: 'whole' };
  // RFC 9110 §14.1.2: without a first position, so many bytes from the end.
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return { kind: 'whole' };
  return first >= bytes || (from === '' && Number(to) === 0) ? { kind: 'unsatisfiable' } : { kind: 'part', range: { first, last } };
}
