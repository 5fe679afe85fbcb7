/**
 * The package drachtio-srf as it is, with just the types the edge's tests use (the product declares a narrower set for
 * itself, sip/app/srf.d.ts).
 */
import { createRequire } from 'node:module';

export interface TestHeaders {
  readonly [name: string]: string;
}

export interface TestMessage {
  readonly method: string;
  readonly body: string;
  has(name: string): boolean;
  get(name: string): string;
}

export interface TestResponse {
  readonly status: number;
  send(status: number, options?: { headers?: TestHeaders; body?: string }): void;
}

export type TestHandler = (request: TestMessage, response: TestResponse) => void;

export interface TestDialog {
  readonly id: string;
  on(event: 'destroy', listener: (message: TestMessage, reason: string) => void): void;
  on(event: 'info' | 'modify' | 'refer' | 'message', listener: TestHandler): void;
  request(options: { method: string; body?: string; headers?: TestHeaders }): Promise<TestResponse>;
  modify(sdp: string): Promise<string>;
  destroy(): Promise<unknown>;
}

export interface TestSrf {
  on(event: 'connect', listener: (error?: Error | null) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  connect(options: { host: string; port: number; secret: string }): void;
  disconnect(): void;
  invite(handler: TestHandler): void;
  register(handler: TestHandler): void;
  options(handler: TestHandler): void;
  createUAC(uri: string, options: { localSdp?: string; auth?: { username: string; password: string } }): Promise<TestDialog>;
  createB2BUA(request: TestMessage, response: TestResponse, uri: string, options: object): Promise<{ uas: TestDialog; uac: TestDialog }>;
}

const Package: new () => TestSrf = createRequire(import.meta.url)('drachtio-srf');

export const newSrf = (): TestSrf => new Package();
