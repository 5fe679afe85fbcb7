/**
 * The shapes every layer of the edge speaks about. All text is latin1: one character is one byte of the wire, so
 * `text.length` is a length in bytes. Strings taken from a message are slices that keep the whole datagram in memory:
 * what outlives the message goes through `copied()` (text.ts).
 */

/** One header line (with its continuation lines) as received. */
export interface HeaderField {
  /** Canonical lower-case long name: `call-id` for `Call-ID`, `CALL-ID` and `i`. */
  readonly name: string;
  /** The name as the peer wrote it, without blanks. */
  readonly rawName: string;
  /** Unfolded (each fold is one blank) and trimmed. */
  readonly value: string;
  /** Offsets of the line(s) in `raw`, closing CRLF included. */
  readonly start: number;
  readonly end: number;
}

/** One via-parm (RFC 3261 §20.42). */
export interface Via {
  /** Upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS`, or anything else the peer named. */
  readonly protocol: string;
  /** As written; an IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  /** As written by the peer, or by `withReceived`. */
  readonly received: string | undefined;
  /** `true`: asked for, not filled in (RFC 3581 §3); text: its value. */
  readonly rport: string | true | undefined;
  readonly maddr: string | undefined;
  /** Offsets of this via-parm in `raw` (from `SIP/2.0/…` to before the next comma or the end of the value). */
  readonly start: number;
  readonly end: number;
}

export interface CSeq {
  /** 0 to 2^31-1 (RFC 3261 §8.1.1.5). */
  readonly number: number;
  readonly method: string;
}

interface MessageBase {
  /** The whole message; what follows the body in a datagram is cut off. */
  readonly raw: string;
  /** In wire order; built at first use. */
  readonly headers: readonly HeaderField[];
  /** Offset in `raw` of the first byte of the body. */
  readonly bodyStart: number;
  readonly body: string;
  /** The top one. */
  readonly via: Via;
  readonly callId: string;
  readonly cseq: CSeq;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
  /** 0 to 255; undefined when the header is absent. */
  readonly maxForwards: number | undefined;
  readonly hasContact: boolean;
  /**
   * The first header line of this name.
   * @param name canonical (`content-type`), any case and compact forms are understood too
   * @returns unfolded, trimmed; undefined when absent
   */
  first(name: string): string | undefined;
  /** One element a header line, in wire order; comma lists are not split (lists.ts does that). */
  all(name: string): readonly string[];
  /** Whether a header of this name is present. */
  has(name: string): boolean;
}

export interface SipRequest extends MessageBase {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
}

export interface SipResponse extends MessageBase {
  readonly kind: 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** What could be read of a request that is refused: enough for a stateless answer (compose.ts `composeRejection`). */
export interface PartialRequest {
  readonly method: string;
  /** Values of all Via lines, unfolded, in order. */
  readonly vias: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly callId: string | undefined;
  readonly cseq: string | undefined;
}

export interface InvalidMessage {
  readonly kind: 'invalid';
  /** The status to answer: 400, 416 or 505. Meaningless when `drop`. */
  readonly status: number;
  /** Reason phrase, fixed text of ours (`Bad CSeq Header`), safe to send and to log. */
  readonly reason: string;
  /** No answer: a response, an ACK, or nobody to answer to (RFC 3261 §8.2.2, §17.1.1.3, §18.1.2). */
  readonly drop: boolean;
  /** Present whenever `drop` is false. */
  readonly partial?: PartialRequest;
}

export type ParseResult = { readonly kind: 'message'; readonly message: SipMessage } | InvalidMessage;
