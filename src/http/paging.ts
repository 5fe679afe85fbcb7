import { z } from 'zod';
import type { Page, PageRequest } from '../ports/admin-stores.js';
import { refused, type Refused } from '../usecases/outcome.js';

const DEFAULT_SIZE = 30;
/** Longest last key that a store hands out. */
const LONGEST_TOKEN = 512;

/** The two query parameters of every list. */
export function pageQuery(maximum: number) {
  return {
    page_size: z.int().min(1).max(maximum).default(DEFAULT_SIZE).describe('Items on a page.'),
    next_page_token: z.string().max(LONGEST_TOKEN).default('').describe('The token that the page before ended with.'),
  };
}

/** The three fields of every list. */
export const pageFields = {
  next_page_token: z.string().describe('"" on the last page.'),
  page_size: z.int(),
  total_records: z.int(),
};

export interface PageParameters {
  readonly page_size: number;
  readonly next_page_token: string;
}

/** Tokens are the last key in base64url; whatever else comes is refused, not searched for. */
export function readPage(query: PageParameters): { readonly kind: 'page'; readonly page: PageRequest } | Refused {
  if (query.next_page_token === '') return { kind: 'page', page: { size: query.page_size, after: null } };
  const after = Buffer.from(query.next_page_token, 'base64url').toString('utf8');
  if (after === '' || pageToken(after) !== query.next_page_token || /\p{Cc}/u.test(after)) {
    return refused(
      'invalid', 'next_page_token', 'This is no token of an earlier page. Leave it out to start again.',
      query.next_page_token,
    );
  }
  return { kind: 'page', page: { size: query.page_size, after } };
}

export function pageToken(key: string | null): string {
  return key === null ? '' : Buffer.from(key).toString('base64url');
}

/** The paging fields of an answer. */
export function paging(page: Pick<Page<unknown>, 'next' | 'total'>, query: PageParameters) {
  return { next_page_token: pageToken(page.next), page_size: query.page_size, total_records: page.total };
}
