import { createHmac } from 'node:crypto';
import type { Via } from '../syntax/message.js';

/** What of a Via a response brings back unchanged. */
type SeenVia = Pick<Via, 'branch' | 'host' | 'port' | 'received' | 'rport'>;

/**
 * Marks by which a proxy without state knows its own: what it wrote into Record-Route, and the branches of what it
 * relayed. Others cannot make them, so nobody can have this host relay calls or responses at will.
 */
export class RelayKey {
  readonly #key: Buffer;

  /** @param secret the same for all edges of one installation and after a restart */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('sip relay').digest();
  }

  /** Stands in the Record-Route of a dialog. @param creatorTag From tag of the request that creates it */
  routeMark(callId: string, creatorTag: string): string {
    return this.#mark(`route|${callId}|${creatorTag}`);
  }

  /**
   * RFC 3261 §16.11: without state, the branch is computed from the request, so that a retransmission, the CANCEL and the
   * ACK for a failure get the same one.
   * @param via the one below ours
   */
  branch(via: SeenVia, callId: string, cseq: number): string {
    return `z9hG4bKr${this.#mark(`branch|${via.branch ?? ''}|${via.host}|${via.port ?? ''}|${via.received ?? ''}|${String(via.rport)}|${callId}|${cseq}`)}`;
  }

  #mark(text: string): string {
    return createHmac('sha256', this.#key).update(text, 'latin1').digest('hex').slice(0, 24);
  }
}
