import type { SecretBox } from '../../ports/crypto.js';

export interface SetUpTicketContent {
  readonly accountId: string;
  readonly deviceId: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** Address of the folder of the device's files; null = left open. */
  readonly folder: string | null;
}

/** Nothing else is sealed for this, so a ticket is good for this page alone, and nothing else is good as one. */
const PURPOSE = 'set-up ticket';
const LONGEST = 2048;

/** Everything is in the ticket, sealed: none is kept. */
export function writeTicket(box: SecretBox, { accountId, deviceId, expiresAt, folder }: SetUpTicketContent): string {
  return box.seal(JSON.stringify([accountId, deviceId, expiresAt, folder]), PURPOSE);
}

/** Null for anything that was not sealed here for this. */
export function readTicket(box: SecretBox, text: string): SetUpTicketContent | null {
  if (text.length > LONGEST) return null;
  const content = open(box, text);
  if (!Array.isArray(content)) return null;
  const [accountId, deviceId, expiresAt, folder] = content as readonly unknown[];
  if (typeof accountId !== 'string' || typeof deviceId !== 'string' || typeof expiresAt !== 'number') return null;
  return { accountId, deviceId, expiresAt, folder: typeof folder === 'string' ? folder : null };
}

function open(box: SecretBox, text: string): unknown {
  let clear: string;
  try {
    clear = box.open(text, PURPOSE);
  } catch {
    // Whatever is wrong with it, it is none of ours.
    return null;
  }
  return JSON.parse(clear);
}
