/**
 * The part of drachtio-srf that behaves alike on the embedded edge and on drachtio-server, with the types that its own
 * declarations lack (register and the other verbs, callbacks, the cancel headers). Nothing else of it may be used.
 */
declare module 'drachtio-srf' {
  import type { EventEmitter } from 'node:events';

  export type SipHeaders = Record<string, string>;

  export interface SipMessage {
    /** Lower-case long names; those starting `X-` and `P-` keep their case; repeated headers are joined with a comma. */
    readonly headers: Readonly<Record<string, string | undefined>>;
    /** '' or undefined without a body. */
    readonly body: string | undefined;
  }

  export interface ParsedMessage extends SipMessage {
    has(name: string): boolean;
    get(name: string): string | undefined;
  }

  export interface SrfRequest extends ParsedMessage {
    readonly method: string;
    readonly uri: string;
    /** `application` for a request the server made and sent by itself. */
    readonly source: 'network' | 'application';
    readonly source_address: string;
    readonly source_port: number;
    readonly stackDialogId: string | undefined;
    on(event: 'cancel', listener: (cancel: SipMessage) => void): this;
    on(event: 'response', listener: (response: SrfResponse, ack: (options?: { body?: string }) => void) => void): this;
    on(event: 'update', listener: (request: SrfRequest, response: SrfResponse) => void): this;
    /** Only for an INVITE of our own. */
    cancel(options: { headers?: SipHeaders }, callback: (error?: unknown) => void): void;
  }

  export interface SrfResponse extends ParsedMessage {
    /** Of a response received: the request of ours, as it was sent. */
    readonly req?: SrfRequest;
    readonly status: number;
    readonly reason: string;
    /** '' or undefined for one that the server made itself, since none came. */
    readonly source_address: string | undefined;
    readonly finalResponseSent: boolean;
    /** Of a response received: where it came from; '' or missing for one that the server made itself. */
    readonly source_address?: string;
    readonly source_port?: number;
    send(status: number, options?: { headers?: SipHeaders; body?: string }): void;
    /** The callback gets an error (a text or an Error) when the response could not be sent. */
    send(
      status: number,
      reason: string | undefined,
      options: { headers?: SipHeaders; body?: string },
      callback?: (error?: unknown, sent?: SipMessage) => void,
    ): void;
  }

  export interface Dialog extends EventEmitter {
    readonly id: string;
    readonly type: 'uas' | 'uac';
    readonly connected: boolean;
    /** The 200 that made it: received (uac) or sent (uas). */
    readonly res: SrfResponse;
    destroy(options: { headers?: SipHeaders }, callback: (error?: unknown) => void): void;
    destroy(): Promise<unknown>;
    request(options: { method: string; headers?: SipHeaders; body?: string }): Promise<SrfResponse>;
    modify(sdp: string): Promise<unknown>;
    on(event: 'destroy', listener: (bye: SrfRequest, reason: string) => void): this;
    on(event: 'ack', listener: (ack: SrfRequest) => void): this;
    on(
      event: 'modify' | 'update' | 'info' | 'refer' | 'options' | 'message' | 'notify' | 'subscribe' | 'publish',
      listener: (request: SrfRequest, response: SrfResponse) => void,
    ): this;
  }

  /** A 200 with an offer in answer to an INVITE without one: the ACK with the answer makes the dialog. */
  export interface UnansweredOffer {
    readonly sdp: string;
    readonly res: SrfResponse;
    ack(answer: string): Promise<Dialog>;
    /** ACK and BYE. */
    destroy(): Promise<void>;
  }

  export interface UacOptions {
    headers?: SipHeaders;
    /** For a challenge to our own request. */
    auth?: { username: string; password: string };
    localSdp?: string;
    /** Next hop; the Request-URI stays as it is. */
    proxy?: string;
    noAck?: boolean;
  }

  /** Thrown for a final response other than 200. */
  export interface SipFailure extends Error {
    readonly status: number;
    readonly reason?: string;
    readonly res?: SrfResponse;
  }

  export type RequestHandler = (request: SrfRequest, response: SrfResponse) => void;

  export default class Srf extends EventEmitter {
    /** @param tag told to the server when connecting */
    constructor(tag?: string);
    connect(options: {
      host: string;
      port: number;
      secret: string;
      enablePing?: boolean;
      pingInterval?: number;
      reconnect?: { maxAttempts?: number; retryMaxDelay?: number };
    }): unknown;
    disconnect(): void;
    use(handler: (request: SrfRequest, response: SrfResponse, next: () => void) => void): unknown;
    register(handler: RequestHandler): unknown;
    invite(handler: RequestHandler): unknown;
    options(handler: RequestHandler): unknown;
    message(handler: RequestHandler): unknown;
    subscribe(handler: RequestHandler): unknown;
    notify(handler: RequestHandler): unknown;
    publish(handler: RequestHandler): unknown;
    info(handler: RequestHandler): unknown;
    refer(handler: RequestHandler): unknown;
    createUAS(
      request: SrfRequest,
      response: SrfResponse,
      options: { localSdp: string; headers?: SipHeaders },
      callback: (error: unknown, dialog?: Dialog) => void,
    ): unknown;
    createUAC(uri: string, options: UacOptions): Promise<Dialog>;
    createUAC(
      uri: string,
      options: UacOptions,
      progress: {
        cbRequest?: (error: unknown, request?: SrfRequest) => void;
        cbProvisional?: (response: SrfResponse) => void;
      },
      callback: (error: unknown, dialog?: Dialog | UnansweredOffer) => void,
    ): unknown;
    createB2BUA(
      request: SrfRequest, response: SrfResponse, uri: string, options: UacOptions,
    ): Promise<{ uas: Dialog; uac: Dialog }>;
    request(
      uri: string,
      options: {
        method: string; headers?: SipHeaders; body?: string; proxy?: string; stackDialogId?: string; stackTxnId?: string;
      },
      callback: (error: unknown, request?: SrfRequest) => void,
    ): unknown;
    on(event: 'connect', listener: (error: Error | null | undefined, hostports: string, version: string) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'close', listener: () => void): this;
    on(event: 'reconnecting', listener: () => void): this;
  }
}
