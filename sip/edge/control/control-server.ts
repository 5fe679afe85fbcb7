import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { EdgeLog } from '../log.js';
import { AppConnection } from './app-connection.js';
import type { AppDirectory } from './app-directory.js';
import { FrameReader } from './frames.js';
import { readAppMessage, type AppMessage } from './leader.js';
import { secretMatcher } from './secret.js';

/** An application's message once it is authenticated; `authenticate`, routes and pings are dealt with here. */
export type SipCommand = Extract<AppMessage, { readonly kind: 'response' | 'request' | 'proxy' }>;

export interface ControlServerOptions {
  /** IP literal to bind. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly secret: string;
  /** The answer to a right secret: `<hostports>|<version>|<local hostports>`. */
  readonly greeting: () => string;
  readonly directory: AppDirectory;
  readonly onCommand: (app: AppConnection, command: SipCommand) => void;
  readonly onLost: (app: AppConnection) => void;
  readonly epochMs: () => number;
  readonly log: EdgeLog;
}

/** An application has this long to authenticate. */
const AUTHENTICATE_MS = 10_000;
const MAX_CONNECTIONS = 1_000;
/** Tag by which an application asks to be told of 100 responses to its INVITEs: how long a trunk may think depends on them. */
const HEARS_TRYING = 'hears-trying';

/** The port applications connect to (drachtio wire protocol §1, §2). */
export class ControlServer {
  readonly #server: Server;
  readonly #apps = new Set<AppConnection>();
  readonly #isSecret: (offered: string) => boolean;

  constructor(private readonly options: ControlServerOptions) {
    this.#isSecret = secretMatcher(options.secret);
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 45_000 }, (socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  get connections(): number {
    return this.#apps.size;
  }

  /** @returns the address bound */
  async listen(): Promise<{ readonly host: string; readonly port: number }> {
    this.#server.listen(this.options.port, this.options.host);
    await once(this.#server, 'listening');
    const bound = this.#server.address();
    return { host: this.options.host, port: bound !== null && typeof bound === 'object' ? bound.port : this.options.port };
  }

  async stop(): Promise<void> {
    for (const app of this.#apps) app.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const app = new AppConnection(socket, this.options.epochMs);
    const reader = new FrameReader();
    this.#apps.add(app);
    const deadline = setTimeout(() => socket.destroy(), AUTHENTICATE_MS).unref();
    socket.on('data', (chunk: Buffer) => {
      const result = reader.push(chunk);
      for (const payload of result.payloads) {
        if (app.closed || !socket.writable) return;
        this.#receive(app, readAppMessage(payload));
        if (app.authenticated) clearTimeout(deadline);
      }
      if (result.kind === 'fault') {
        this.options.log.warn('control-frame-fault', { app: app.id, reason: result.reason });
        socket.destroy();
      }
    });
    socket.on('error', (error) => this.options.log.info('control-connection-error', { app: app.id, error: error.message }));
    socket.on('close', () => {
      clearTimeout(deadline);
      this.#lose(app);
    });
  }

  #lose(app: AppConnection): void {
    if (app.closed) return;
    app.closed = true;
    this.#apps.delete(app);
    this.options.directory.remove(app);
    if (app.authenticated) {
      this.options.log.info('application-gone', { app: app.id });
      this.options.onLost(app);
    }
  }

  #receive(app: AppConnection, message: AppMessage): void {
    if (message.kind === 'refused') return this.#close(app, message.id, message.text);
    if (message.kind === 'authenticate') return this.#authenticate(app, message.id, message);
    // Deviation: drachtio-server takes requests from applications that never authenticated.
    if (!app.authenticated) return this.#close(app, message.id, 'not authenticated');
    switch (message.kind) {
      case 'ping': return app.reply(message.id, 'OK|pong');
      case 'route':
        this.options.directory.route(app, message.verb);
        return app.reply(message.id, 'OK');
      case 'remove_route':
        this.options.directory.unroute(app, message.verb);
        return app.reply(message.id, 'OK');
      default: return this.options.onCommand(app, message);
    }
  }

  #authenticate(app: AppConnection, messageId: string, { secret, tags }: Pick<Extract<AppMessage, { readonly kind: 'authenticate' }>, 'secret' | 'tags'>): void {
    if (!this.#isSecret(secret)) {
      this.options.log.warn('application-refused', { app: app.id, reason: 'incorrect secret' });
      return this.#close(app, messageId, 'incorrect secret');
    }
    app.authenticated = true;
    app.hearsTrying = tags.includes(HEARS_TRYING);
    this.options.log.info('application-connected', { app: app.id });
    app.reply(messageId, `OK|${this.options.greeting()}`);
  }

  #close(app: AppConnection, messageId: string, reason: string): void {
    app.reply(messageId, `NO|${reason}`);
    app.end();
  }
}
