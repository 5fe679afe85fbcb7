import type { EdgeLog } from '../log.js';
import type { Protection } from '../protection/protection.js';
import type { SpammerRules } from '../protection/spammers.js';
import type { RelayKey } from '../proxy/relay-key.js';
import type { TimerWheel } from '../transaction/timer-wheel.js';
import type { BaseTimers } from '../transaction/timers.js';
import type { TransactionLayer } from '../transaction/transaction-layer.js';
import type { Listener, TransportLayer } from '../transport/transport.js';
import type { Application, ApplicationChooser } from './application.js';
import type { AppSip } from './app-text.js';
import type { ClientInvite } from './client-invite.js';
import type { DialogTable } from './dialog-table.js';
import type { EarlyChallenge } from './early-challenge.js';
import type { FlowMap } from './flow-map.js';
import type { OutboundProxy } from './outbound-proxy.js';
import type { ServerMemory } from './server-memory.js';

/** A request from the network that an application is to answer. */
export interface IncomingRequest {
  readonly app: Application;
  /** The application's response to it. */
  respond(messageId: string, response: AppSip): void;
  /** Its application is gone: to be answered by the edge. */
  onApplicationLost(): void;
}

/** Figures since the start, by name. */
export class EdgeCounters {
  readonly values = new Map<string, number>();

  /** @param text a name; behind it, with blanks between, the method and the status it is about. Methods that nobody
   * specified share one name: peers choose them freely, and what is counted must not grow with that. */
  count(text: string): void {
    const name = this.values.has(text) ? text : withKnownMethod(text);
    this.values.set(name, (this.values.get(name) ?? 0) + 1);
  }
}

const METHODS: ReadonlySet<string> = new Set([
  'INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER', 'OPTIONS', 'PRACK', 'UPDATE', 'INFO', 'REFER', 'NOTIFY', 'SUBSCRIBE', 'PUBLISH', 'MESSAGE',
]);

const BY_METHOD: ReadonlySet<string> = new Set(['requests-in', 'requests-out', 'responses-in', 'responses-out', 'proxied', 'relayed']);

function withKnownMethod(text: string): string {
  const [name, ...about] = text.split(' ');
  if (!BY_METHOD.has(name ?? '')) return text;
  return [name, ...about.map((word) => (METHODS.has(word) || /^\d{3}$/.test(word) ? word : 'OTHER'))].join(' ');
}

/** What the request handling of the edge shares: the tables and the layers below and above. */
export interface EdgeContext {
  readonly transport: TransportLayer;
  readonly listeners: readonly Listener[];
  readonly transactions: TransactionLayer;
  readonly wheel: TimerWheel;
  readonly timers: BaseTimers;
  readonly dialogs: DialogTable;
  /** By transaction id, until the final response. */
  readonly requests: Map<string, IncomingRequest>;
  /** Our INVITEs by transaction id, until the final response. */
  readonly invites: Map<string, ClientInvite>;
  readonly applications: ApplicationChooser;
  readonly flows: FlowMap;
  readonly servers: ServerMemory;
  /** Where requests outside dialogs go that nothing else leads. */
  readonly outboundProxy: OutboundProxy | undefined;
  readonly counters: EdgeCounters;
  readonly relayKey: RelayKey;
  readonly spammers: SpammerRules;
  readonly protection: Protection;
  readonly earlyChallenge: EarlyChallenge;
  readonly log: EdgeLog;
  /** New requests outside dialogs are refused. */
  draining: boolean;
  /** Milliseconds since 1970. */
  epochMs(): number;
}
