import { withoutBrackets } from './host.js';
import type { HeaderIndex } from './header-index.js';
import type { CSeq, HeaderField, SipRequest, SipResponse, Via } from './message.js';
import { viaWithSource } from './via.js';

/** Everything the parser took out of a message. */
export interface MessageParts {
  readonly raw: string;
  readonly index: HeaderIndex;
  readonly bodyStart: number;
  readonly via: Via;
  readonly callId: string;
  readonly cseq: CSeq;
  readonly fromTag: string | undefined;
  readonly toTag: string | undefined;
  readonly maxForwards: number | undefined;
  readonly hasContact: boolean;
}

/** Holds the parts as they are: one field to set for each message instead of ten. */
class ParsedMessage {
  readonly #parts: MessageParts;

  constructor(parts: MessageParts) {
    this.#parts = parts;
  }

  get raw(): string {
    return this.#parts.raw;
  }

  get bodyStart(): number {
    return this.#parts.bodyStart;
  }

  get body(): string {
    return this.#parts.raw.slice(this.#parts.bodyStart);
  }

  get via(): Via {
    return this.#parts.via;
  }

  get callId(): string {
    return this.#parts.callId;
  }

  get cseq(): CSeq {
    return this.#parts.cseq;
  }

  get fromTag(): string | undefined {
    return this.#parts.fromTag;
  }

  get toTag(): string | undefined {
    return this.#parts.toTag;
  }

  get maxForwards(): number | undefined {
    return this.#parts.maxForwards;
  }

  get hasContact(): boolean {
    return this.#parts.hasContact;
  }

  get headers(): readonly HeaderField[] {
    return this.#parts.index.fields();
  }

  first(name: string): string | undefined {
    return this.#parts.index.first(name);
  }

  all(name: string): readonly string[] {
    return this.#parts.index.all(name);
  }

  has(name: string): boolean {
    return this.#parts.index.has(name);
  }

  /** The parts with the packet's source in the top Via; all offsets behind it move. */
  protected partsFrom(address: string, port: number): MessageParts {
    const parts = this.#parts;
    const { start, end } = parts.via;
    const viaParm = viaWithSource(parts.raw.slice(start, end), parts.via, address, port);
    const raw = parts.raw.slice(0, start) + viaParm + parts.raw.slice(end);
    const shift = viaParm.length - (end - start);
    const via: Via = {
      protocol: parts.via.protocol,
      host: parts.via.host,
      port: parts.via.port,
      branch: parts.via.branch,
      received: withoutBrackets(parts.via.host) === address ? undefined : address,
      rport: String(port),
      maddr: parts.via.maddr,
      start,
      end: start + viaParm.length,
    };
    return {
      raw,
      index: parts.index.moved(raw, start, shift),
      bodyStart: parts.bodyStart + shift,
      via,
      callId: parts.callId,
      cseq: parts.cseq,
      fromTag: parts.fromTag,
      toTag: parts.toTag,
      maxForwards: parts.maxForwards,
      hasContact: parts.hasContact,
    };
  }
}

export class ParsedRequest extends ParsedMessage implements SipRequest {
  readonly kind = 'request';
  readonly method: string;
  readonly uri: string;

  constructor(parts: MessageParts, method: string, uri: string) {
    super(parts);
    this.method = method;
    this.uri = uri;
  }

  /** `withReceived` of compose.ts. */
  from(address: string, port: number): ParsedRequest {
    return new ParsedRequest(this.partsFrom(address, port), this.method, this.uri);
  }
}

export class ParsedResponse extends ParsedMessage implements SipResponse {
  readonly kind = 'response';
  readonly status: number;
  readonly reason: string;

  constructor(parts: MessageParts, status: number, reason: string) {
    super(parts);
    this.status = status;
    this.reason = reason;
  }

  /** `withReceived` of compose.ts. */
  from(address: string, port: number): ParsedResponse {
    return new ParsedResponse(this.partsFrom(address, port), this.status, this.reason);
  }
}
