import type { AccountId } from '../../domain/ids.js';
import type { Binding } from '../../domain/registration/binding.js';
import { parseRecord, type StoredBinding } from './binding-record.js';
import type { RedisClient } from './client.js';
import { ACCOUNT_PREFIX, DEVICE_PREFIX, EXPIRIES_KEY, accountKey } from './keys.js';
import type { Scripts } from './scripts.js';

/** Bindings a script handles at once: about a millisecond of Redis. */
const CHUNK = 200;

/** Reads every binding there is, in pages; a binding may come twice. */
export async function* readAllBindings(client: RedisClient, scripts: Scripts): AsyncGenerator<readonly StoredBinding[]> {
  let cursor = '0';
  do {
    const [next, entries] = await client.ask((redis) => redis.zscan(EXPIRIES_KEY, cursor, 'COUNT', CHUNK));
    cursor = next;
    // Members and scores in turn.
    const places = entries.filter((_, index) => index % 2 === 0).flatMap((member) => {
      const [, device = '', ...key] = member.split(' ');
      return [device, key.join(' ')];
    });
    if (places.length > 0) yield records(await client.run(scripts['read-records'], [], [DEVICE_PREFIX, ...places]));
  } while (cursor !== '0');
}

/** Writes bindings back that Redis lost; idempotent. Returns how many were missing. */
export async function restoreBindings(
  client: RedisClient, scripts: Scripts, stored: Iterable<StoredBinding>, now: number,
): Promise<number> {
  const all = [...stored];
  let written = 0;
  for (let start = 0; start < all.length; start += CHUNK) {
    const chunk = all.slice(start, start + CHUNK).flatMap((one) => [one.accountId, one.binding.deviceId, one.key, one.text]);
    written += Number(await client.run(scripts.restore, [EXPIRIES_KEY], [now, DEVICE_PREFIX, ACCOUNT_PREFIX, ...chunk]));
  }
  return written;
}

/** One page of an account's live bindings after the key `after`, in the order of the index. */
export async function listBindings(
  client: RedisClient, scripts: Scripts, accountId: AccountId, after: string | null, size: number, now: number,
): Promise<{ readonly items: readonly Binding[]; readonly next: string | null }> {
  const items: Binding[] = [];
  let from = after;
  for (;;) {
    const wanted = size - items.length;
    const lower = from === null ? '-' : `(${from}`;
    const answer = texts(await client.run(scripts.list, [accountKey(accountId)], [lower, wanted + 1, DEVICE_PREFIX]));
    const members = answer.filter((_, index) => index % 2 === 0);
    for (const stored of records(answer.filter((_, index) => index % 2 === 1).slice(0, wanted))) {
      if (stored.binding.expiresAt > now) items.push(stored.binding);
    }
    if (members.length <= wanted) return { items, next: null };
    from = members[wanted - 1] ?? null;
    if (items.length >= size || from === null) return { items, next: from };
  }
}

/** Whether a binding rides on a connection that dies with its node (RFC 3261 §18: TCP, TLS, WebSocket). */
export function isStream({ binding }: StoredBinding): boolean {
  return binding.flow.transport !== 'udp';
}

/** The records in a script's answer; '' and unreadable ones are left out. */
export function records(answer: unknown): readonly StoredBinding[] {
  return texts(answer).flatMap((text) => {
    const stored = text === '' ? null : parseRecord(text);
    return stored ? [stored] : [];
  });
}

/** A script's answer as a list of texts. */
export function texts(answer: unknown): readonly string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}
