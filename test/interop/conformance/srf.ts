/** The package drachtio-srf as it is, with the types that the conformance cases use of it. */
import { createRequire } from 'node:module';

export type Headers = Readonly<Record<string, string>>;

export interface Message {
  readonly method: string;
  readonly uri: string;
  readonly body: string;
  has(name: string): boolean;
  get(name: string): string;
}
export interface Response extends Message {
  readonly status: number;
  readonly reason: string;
}
export interface Request extends Message {
  on(event: 'cancel', listener: (cancel: Message) => void): void;
  on(event: 'response', listener: (response: Response, ack: (options?: { body: string }) => void) => void): void;
  cancel(): void;
  proxy(options: ProxyOptions): Promise<ProxyResults>;
}
export interface Answer {
  send(status: number, options?: { headers?: Headers; body?: string }): void;
  send(status: number, reason: string, options: { headers?: Headers; body?: string }, sent?: unknown, onAck?: (message: Message) => void): void;
}
export interface ProxyOptions {
  readonly destination: string | readonly string[];
  readonly remainInDialog?: boolean;
  readonly forking?: 'simultaneous' | 'sequential';
  readonly followRedirects?: boolean;
  readonly provisionalTimeout?: string;
}
export interface ProxyResults {
  readonly connected: boolean;
  readonly finalStatus?: number;
}
export type Handler = (request: Request, answer: Answer) => void;

export interface Dialog {
  readonly remote: { readonly sdp: string };
  readonly local: { readonly sdp: string };
  on(event: 'destroy', listener: (message: Message, reason?: string) => void): void;
  on(event: 'ack' | 'hold' | 'unhold' | 'refresh', listener: (message: Message) => void): void;
  on(event: 'modify' | 'info' | 'refer' | 'notify' | 'message' | 'update' | 'options', listener: Handler): void;
  request(options: { method: string; body?: string; headers?: Headers }): Promise<Response>;
  modify(sdp: string, options?: { auth?: Credentials }): Promise<string>;
  destroy(options?: { headers?: Headers; auth?: Credentials }): Promise<Message>;
}
export interface Credentials {
  readonly username: string;
  readonly password: string;
}
export interface UacOptions {
  readonly localSdp?: string;
  readonly headers?: Headers;
  readonly auth?: Credentials;
  readonly callingNumber?: string;
  readonly followRedirects?: boolean;
  readonly noAck?: boolean;
}
export interface UacCallbacks {
  readonly cbRequest?: (error: Error | null, request: Request) => void;
  readonly cbProvisional?: (response: Response) => void;
}
export interface UasOptions {
  readonly localSdp?: string | (() => string | Promise<string>);
  /** The same as `localSdp`, as a function alone. */
  readonly body?: () => string;
  readonly headers?: Headers;
}
export interface B2buaOptions {
  readonly uri?: string;
  readonly localSdpA?: string | ((sdp: string) => string | Promise<string>);
  readonly localSdpB?: string;
  readonly passFailure?: boolean;
  readonly proxyRequestHeaders?: readonly string[];
  readonly proxyResponseHeaders?: readonly string[];
  readonly responseHeaders?: Headers | (() => Headers);
  readonly headers?: Headers;
}
export interface Legs {
  readonly uas: Dialog;
  readonly uac: Dialog;
}
export interface Unfinished {
  readonly sdp: string;
  ack(sdp: string): Promise<Dialog>;
}

export interface Srf {
  on(event: 'connect' | 'error', listener: (error?: Error | null) => void): void;
  connect(options: { host: string; port: number; secret: string }): void;
  disconnect(): void;
  invite(handler: Handler): void;
  register(handler: Handler): void;
  options(handler: Handler): void;
  message(handler: Handler): void;
  publish(handler: Handler): void;
  subscribe(handler: Handler): void;
  info(handler: Handler): void;
  notify(handler: Handler): void;
  refer(handler: Handler): void;
  createUAS(request: Request, answer: Answer, options: UasOptions): Promise<Dialog>;
  createUAS(request: Request, answer: Answer, options: UasOptions, callback: (error: Error | null, dialog: Dialog) => void): void;
  createUAC(uri: string, options: UacOptions & { noAck: true }): Promise<Unfinished>;
  createUAC(uri: string, options: UacOptions, callbacks?: UacCallbacks): Promise<Dialog>;
  createUAC(uri: string, options: UacOptions, callbacks: UacCallbacks, callback: (error: Error | null, dialog: Dialog) => void): void;
  createB2BUA(request: Request, answer: Answer, uri: string, options: B2buaOptions): Promise<Legs>;
  createB2BUA(request: Request, answer: Answer, options: B2buaOptions): Promise<Legs>;
  proxyRequest(request: Request, destination: string | readonly string[], options: object, callback: (error: unknown, results: ProxyResults) => void): void;
  request(uri: string, options: { method: string; headers?: Headers; body?: string; auth?: Credentials }): Promise<Request>;
}

const Package: new () => Srf = createRequire(import.meta.url)('drachtio-srf');
export const newSrf = (): Srf => new Package();

export const METHODS = ['invite', 'register', 'options', 'message', 'publish', 'subscribe', 'info', 'notify', 'refer'] as const;
export type Method = (typeof METHODS)[number];

/** The final response to a request of ours. */
export function finalOf(request: Request): Promise<Response> {
  return new Promise((resolve) => request.on('response', (response) => {
    if (response.status >= 200) resolve(response);
  }));
}
