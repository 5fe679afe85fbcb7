import type { EdgeLog } from '../log.js';
import type { RelayKey } from '../proxy/relay-key.js';
import type { TimerWheel } from '../transaction/timer-wheel.js';
import type { BaseTimers } from '../transaction/timers.js';
import type { TransactionLayer } from '../transaction/transaction-layer.js';
import type { Listener, TransportLayer } from '../transport/transport.js';
import type { Application, ApplicationChooser } from './application.js';
import type { AppSip } from './app-text.js';
import type { ClientInvite } from './client-invite.js';
import type { DialogTable } from './dialog-table.js';
import type { FlowMap } from './flow-map.js';
import type { OutboundProxy } from './outbound-proxy.js';
import type { ServerMemory } from './server-memory.js';
import type { UnwantedRules } from './unwanted.js';

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

  count(name: string): void {
    this.values.set(name, (this.values.get(name) ?? 0) + 1);
  }
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
  readonly unwanted: UnwantedRules;
  readonly log: EdgeLog;
  /** New requests outside dialogs are refused. */
  draining: boolean;
  /** Milliseconds since 1970. */
  epochMs(): number;
}
