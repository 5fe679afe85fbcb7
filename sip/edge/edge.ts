import type { AppConnection } from './control/app-connection.js';
import { AppDirectory } from './control/app-directory.js';
import { ControlServer, type SipCommand } from './control/control-server.js';
import { perform } from './control/commands.js';
import { onApplicationLost } from './dialog/application-loss.js';
import { DialogTable } from './dialog/dialog-table.js';
import { EarlyChallenge, type PreparedChallenge } from './dialog/early-challenge.js';
import { EdgeCounters, type EdgeContext } from './dialog/edge-context.js';
import { FlowMap } from './dialog/flow-map.js';
import { IncomingRequests } from './dialog/incoming.js';
import { readOutboundProxy, type OutboundProxy } from './dialog/outbound-proxy.js';
import { ServerMemory } from './dialog/server-memory.js';
import { edgeMetrics } from './edge-metrics.js';
import type { EdgeLog } from './log.js';
import { MessageEntry } from './message-entry.js';
import { LoopDelay } from './protection/loop-delay.js';
import { Protection, type ProtectionOptions } from './protection/protection.js';
import { banReports, protectionReport, type BanReport, type ProtectionReport } from './protection/report.js';
import { defaultSpammers, type SpammerRules } from './protection/spammers.js';
import { RelayKey } from './proxy/relay-key.js';
import { TimerWheel } from './transaction/timer-wheel.js';
import { defaultTimers, type BaseTimers } from './transaction/timers.js';
import { TransactionLayer, defaultTransactionLimits, type TransactionLimits } from './transaction/transaction-layer.js';
import { createTransportLayer } from './transport/layer.js';
import {
  defaultTransportLimits, type CertificatePair, type Flow, type Listener, type ListenerSpec, type TlsOptions, type TransportLayer, type TransportLimits, type TransportName,
} from './transport/transport.js';

/** Shown to applications; drachtio-srf pings servers from v0.8.2 on. */
const VERSION = 'v0.9.10-embedded';
const SWEEP_MS = 1_000;
/** How often the load is looked at. */
const LOAD_SAMPLE_MS = 250;

export interface EdgeOptions {
  readonly listeners: readonly ListenerSpec[];
  /** Where applications connect; port 0 takes a free one. */
  readonly admin: { readonly host: string; readonly port: number; readonly secret: string };
  /** Name or IP literal shown to peers outside `localNetworks`. */
  readonly publicAddress?: string;
  /** CIDR blocks. */
  readonly localNetworks: readonly string[];
  /** Needed by tls and wss listeners and by connections to TLS servers. */
  readonly tls?: TlsOptions;
  /** Origins of web pages that may open WebSockets, or `*`; default: pages of the host asked. */
  readonly wsOrigins?: readonly string[];
  /** A SIP URI: requests outside dialogs go there unless they have a flow, or a route of the application (RFC 3261 §8.1.2). */
  readonly outboundProxy?: string;
  /** IP addresses, with `:port` where it is not 53; default those of the system. */
  readonly dnsServers?: readonly string[];
  /** Milliseconds; default RFC 3261's. */
  readonly timers?: Partial<BaseTimers>;
  readonly limits?: Partial<TransportLimits & TransactionLimits>;
  /** Requests kept from every application; default: well-known scanners, declined with 603. */
  readonly spammers?: SpammerRules;
  readonly protection?: ProtectionOptions;
  /** All SIP timers; whoever hands one in moves its clock. Default: one that follows the process's. */
  readonly wheel?: TimerWheel;
  readonly log: EdgeLog;
}

/** A running edge: the part drachtio-server plays. */
export interface Edge {
  /** With the ports really bound. */
  readonly bound: readonly { readonly transport: TransportName; readonly host: string; readonly port: number }[];
  readonly admin: { readonly host: string; readonly port: number };
  /** From now on new requests outside dialogs get 503 with Retry-After. */
  drain(): void;
  /**
   * New TLS handshakes use this certificate; connections that are up stay.
   * @throws TransportFault `bad-setting` when it cannot be used; the old one stays
   */
  setCertificates(certificate: CertificatePair): void;
  /** REGISTERs without credentials are answered with this challenge; null leaves them to the application, as at the start. */
  prepareChallenge(challenge: PreparedChallenge | null): void;
  /** Gauges and counters since the start. */
  metrics(): Readonly<Record<string, number>>;
  readonly protection: EdgeProtection;
  /** Closes everything. Idempotent. */
  stop(): Promise<void>;
}

/** Overload control and bans as an administrator has them. */
export interface EdgeProtection {
  report(): ProtectionReport;
  banned(): readonly BanReport[];
  /** Takes nothing from the address for so long; with live bindings there, only where `despiteBindings` says so. */
  ban(address: string, seconds: number, despiteBindings: boolean): 'done' | 'trusted' | 'live';
  /** @returns whether a ban was in force */
  lift(address: string): boolean;
  /** User parts whose INVITEs are never shed, instead of those before. */
  setEmergencyUsers(users: readonly string[]): void;
  /** Bindings made before this edge started. */
  knowBindings(bindings: readonly { readonly address: string; readonly user: string; readonly seconds: number }[]): void;
}

/**
 * Binds listeners and the control port and starts serving.
 * @throws TransportFault when a listener cannot be bound, or the system's error for the control port; nothing stays open
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { log } = options;
  const timers: BaseTimers = { ...defaultTimers, ...options.timers };
  const wheel = options.wheel ?? new TimerWheel(Math.min(100, Math.max(5, Math.floor(timers.t1 / 5))));
  const counters = new EdgeCounters();
  const protection = new Protection(options.protection ?? {}, {
    now: () => wheel.now, count: (name) => counters.count(name), chance: Math.random, log,
    hasDialog: (request) => context.dialogs.find(request.callId, request.toTag ?? '', request.fromTag ?? '') !== undefined,
  });
  const transport = await createTransportLayer({
    sources: protection.gate,
    listeners: options.listeners,
    ...(options.publicAddress === undefined ? {} : { publicAddress: options.publicAddress }),
    localNetworks: options.localNetworks,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.wsOrigins === undefined ? {} : { wsOrigins: options.wsOrigins }),
    ...(options.dnsServers === undefined ? {} : { dnsServers: options.dnsServers }),
    limits: { ...defaultTransportLimits, ...options.limits },
    log,
  });
  const incoming = new IncomingRequests(() => context);
  const directory = new AppDirectory();
  const { listeners } = transport;
  const outboundProxy = await outboundProxyOf(options, transport);
  const context: EdgeContext = {
    transport, listeners, wheel, timers, log,
    transactions: new TransactionLayer(
      { wheel, timers, send: (flow, bytes) => transport.send(flow, bytes) },
      incoming, { ...defaultTransactionLimits, ...options.limits },
    ),
    dialogs: new DialogTable(),
    requests: new Map(),
    invites: new Map(),
    applications: directory,
    flows: new FlowMap(),
    servers: new ServerMemory(() => wheel.now),
    outboundProxy,
    relayKey: new RelayKey(options.admin.secret),
    spammers: options.spammers ?? defaultSpammers,
    protection, counters,
    earlyChallenge: new EarlyChallenge(),
    draining: false,
    epochMs: () => performance.timeOrigin + performance.now(),
  };
  const entry = new MessageEntry(context);
  // One bad message, command or call must not take all the others down: a bug is logged where it surfaces.
  const onBug = (where: string, bug: unknown): void => {
    context.counters.count('faults');
    log.error('edge-fault', { where, error: bug instanceof Error ? (bug.stack ?? bug.message) : String(bug) });
  };
  const guarded = <A extends unknown[]>(where: string, run: (...given: A) => void) => (...given: A): void => {
    try {
      run(...given);
    } catch (bug) {
      onBug(where, bug);
    }
  };
  wheel.onFault = (bug) => onBug('timer', bug);
  transport.onMessage = guarded('message', (raw: string, flow: Flow) => entry.receive(raw, flow));
  transport.onFlowClosed = guarded('flow-closed', (flow: Flow) => context.transactions.onFlowClosed(flow));

  const control = new ControlServer({
    ...options.admin,
    greeting: () => `${hostPorts(listeners, 'public')}|${VERSION}|${hostPorts(listeners, 'local')}`,
    directory,
    onCommand: guarded('command', (app: AppConnection, command: SipCommand) => perform(context, app, command)),
    onLost: guarded('application-lost', (app: AppConnection) => onApplicationLost(context, app)),
    epochMs: context.epochMs,
    log,
  });
  const admin = await control.listen().catch(async (fault: unknown) => {
    await transport.stop();
    throw fault;
  });
  const sweeper = {
    onTimer: (): void => {
      incoming.sweep(wheel.now);
      context.transactions.sweep();
      context.flows.sweep(wheel.now);
      wheel.start(SWEEP_MS, sweeper, 'sweep');
    },
  };
  if (options.wheel === undefined) wheel.run();
  const loopDelay = new LoopDelay();
  const loadSampler = setInterval(() => protection.sample(loopDelay.look()), LOAD_SAMPLE_MS).unref();
  wheel.start(SWEEP_MS, sweeper, 'sweep');

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    context.draining = true;
    clearInterval(loadSampler);
    loopDelay.stop();
    await control.stop();
    await transport.stop();
    wheel.halt();
  };
  return {
    bound: listeners.map(({ transport: name, host, port }) => ({ transport: name, host, port })),
    admin,
    drain: () => {
      context.draining = true;
    },
    setCertificates: (certificate) => transport.setCertificates(certificate),
    prepareChallenge: (challenge) => context.earlyChallenge.prepare(challenge),
    metrics: () => edgeMetrics(context, control.connections),
    protection: {
      report: () => protectionReport(protection, counters.values),
      banned: () => banReports(protection, context.epochMs() - wheel.now),
      ban: (address, seconds, despiteBindings) => protection.banByHand(address, seconds, despiteBindings),
      lift: (address) => protection.lift(address),
      setEmergencyUsers: (users) => {
        protection.emergencyUsers = new Set(users);
      },
      knowBindings: (bindings) => {
        for (const { address, user, seconds } of bindings) protection.knowBinding(address, user, seconds);
      },
    },
    stop: () => (stopped ??= stop()),
  };
}

/** @throws TransportFault `bad-setting` (as rejection); the transport is stopped then */
async function outboundProxyOf(options: EdgeOptions, transport: TransportLayer): Promise<OutboundProxy | undefined> {
  try {
    return options.outboundProxy === undefined ? undefined : readOutboundProxy(options.outboundProxy, transport.listeners);
  } catch (fault) {
    await transport.stop();
    throw fault;
  }
}

/** `udp/192.0.2.1:5060,tcp/…` (drachtio wire protocol §2). */
function hostPorts(listeners: readonly Listener[], side: 'public' | 'local'): string {
  return listeners.map((listener) => {
    const { host, port } = listener.advertised(side === 'public' ? '192.0.2.1' : '127.0.0.1');
    return `${listener.transport}/${host}:${port}`;
  }).join(',');
}
