import { networkList } from '../transport/local-address.js';
import type { Flow } from '../transport/transport.js';
import type { SipRequest } from '../syntax/message.js';
import { copied } from '../syntax/text.js';
import type { EdgeLog } from '../log.js';
import type { AnswerFacts } from './answer-facts.js';
import { ApplicationWatch } from './application-watch.js';
import { Bans, type Ban, type BanReason } from './bans.js';
import { defaultProtectionLimits, type ProtectionLimits } from './limits.js';
import { LiveBindings } from './live-bindings.js';
import { OldestOut } from './oldest-out.js';
import { isShed, overloadStart, pressureOf, stepOverload, type LoadSample, type OverloadState } from './overload.js';
import { classOf } from './request-class.js';
import { SourceGate } from './source-gate.js';
import { fullBucket, takeToken, type BucketRate, type TokenBucket } from './token-bucket.js';
import { UnknownUsers } from './unknown-users.js';
import { userOfRequest } from './user-of.js';

export interface ProtectionOptions {
  /** User parts of Request-URIs that are emergency calls, exact; they are never shed. */
  readonly emergencyUsers?: readonly string[];
  /** CIDR blocks of peers that are never limited or banned: an SBC or proxy in front. Default none. */
  readonly trustedSources?: readonly string[];
  readonly limits?: Partial<ProtectionLimits>;
}

/** What becomes of a request no transaction knows. `refuse`: 503, statelessly; `discard`: nothing at all. */
export type Verdict = 'pass' | 'refuse' | 'discard';

export interface ProtectionParts {
  /** ms on a clock that never goes back. */
  readonly now: () => number;
  readonly hasDialog: (request: SipRequest) => boolean;
  readonly count: (name: string) => void;
  readonly chance: () => number;
  readonly log: EdgeLog;
}

const MAX_USER_BUCKETS = 65_536;
const SWEEP_MS = 10_000;

/** Overload control and abuse protection of one edge: the tables behind the decisions. */
export class Protection {
  readonly limits: ProtectionLimits;
  readonly gate: SourceGate;
  readonly bans: Bans;
  readonly live = new LiveBindings();
  readonly application = new ApplicationWatch();
  readonly trustedSources: readonly string[];
  emergencyUsers: ReadonlySet<string>;
  overload: OverloadState = overloadStart;
  load: LoadSample = { loopDelayMs: 0, answerMs: 0, pending: 0 };
  readonly #unknown: UnknownUsers;
  readonly #userBuckets = new OldestOut<TokenBucket>(MAX_USER_BUCKETS);
  readonly #userRate: BucketRate;
  #sweptAt: number;

  /** @throws TransportFault `bad-setting` for a trusted source that is no network */
  constructor(options: ProtectionOptions, private readonly parts: ProtectionParts) {
    this.limits = { ...defaultProtectionLimits, ...options.limits };
    this.trustedSources = options.trustedSources ?? [];
    this.emergencyUsers = new Set(options.emergencyUsers ?? []);
    this.bans = new Bans(this.limits);
    this.#unknown = new UnknownUsers(this.limits.unknownUserWindowMs);
    this.#userRate = { perSecond: this.limits.userRequestsPerSecond, burst: this.limits.userRequestsPerSecond * 4 };
    this.#sweptAt = parts.now();
    this.gate = new SourceGate(
      this.limits, { bans: this.bans, live: this.live, trusted: networkList(this.trustedSources), now: parts.now },
      (address) => this.#ban(address, 'flood'),
    );
  }

  /** @param full no transaction can be made for it */
  admits(request: SipRequest, flow: Flow, full: boolean): Verdict {
    const { address } = flow.remote;
    const of = classOf(request, {
      emergencyUsers: this.emergencyUsers,
      hasDialog: () => this.parts.hasDialog(request),
      isRegistered: () => this.live.has(address, userOfRequest(request), this.parts.now()),
    });
    if (of === 'emergency') return 'pass';
    if (of === 'in-dialog') return full ? this.#refuse(of) : 'pass';
    if (!this.gate.isTrusted(address)) {
      if (this.gate.isBanned(address)) {
        this.parts.count('banned-requests');
        return 'discard';
      }
      if (!this.#hasToken(address, userOfRequest(request))) {
        this.parts.count('limited-requests');
        return 'refuse';
      }
    }
    return full || isShed(this.overload, of, this.parts.chance()) ? this.#refuse(of) : 'pass';
  }

  /** The application's final answer to a request outside dialogs tells who is who. */
  answered(request: SipRequest, flow: Flow, answer: AnswerFacts): void {
    if (answer.kind === 'nothing') return;
    const { address } = flow.remote;
    const now = this.parts.now();
    const user = copied(userOfRequest(request));
    switch (answer.kind) {
      case 'bound': return this.knowBinding(address, user, answer.seconds);
      case 'unbound':
        this.live.unbind(address, user);
        this.gate.refresh(address);
        return this.#unknown.succeeded(address, user);
      case 'taken': return this.#unknown.succeeded(address, user);
      case 'challenged':
      case 'failed':
        if (this.gate.isTrusted(address) || this.live.until(address) > now) return;
        this.#judge(address, answer.kind === 'failed' ? this.#unknown.failed(address, user, now) : this.#unknown.challenged(address, user, now));
    }
  }

  /** A binding made here, or read from where bindings are kept. @param seconds it still has */
  knowBinding(address: string, user: string, seconds: number): void {
    this.live.bind(address, user, this.parts.now() + seconds * 1_000);
    this.#unknown.forget(address);
    // Whoever has a phone there was banned in error; what an administrator banned stays so.
    const ban = this.bans.inForce(address, this.parts.now());
    if (ban !== undefined && ban.reason !== 'by-hand') this.bans.lift(address, this.parts.now());
    this.gate.refresh(address);
  }

  /** A request that bears a scanner's mark: as good as an unknown user. */
  spammed(request: SipRequest, flow: Flow): void {
    const { address } = flow.remote;
    const now = this.parts.now();
    if (this.gate.isTrusted(address) || this.live.until(address) > now) return;
    this.#judge(address, this.#unknown.failed(address, copied(userOfRequest(request)), now));
  }

  /** @returns `trusted`, `live` where nothing was banned for that reason */
  banByHand(address: string, seconds: number, despiteBindings: boolean): 'done' | 'trusted' | 'live' {
    if (this.gate.isTrusted(address)) return 'trusted';
    if (!despiteBindings && this.live.until(address) > this.parts.now()) return 'live';
    this.#ban(address, 'by-hand', seconds);
    return 'done';
  }

  lift(address: string): boolean {
    const lifted = this.bans.lift(address, this.parts.now());
    this.#unknown.forget(address);
    this.gate.refresh(address);
    return lifted;
  }

  banned(): readonly Ban[] {
    return this.bans.list(this.parts.now());
  }

  /** To be called at a fixed interval. */
  sample(loopDelayMs: number): void {
    const now = this.parts.now();
    const before = this.overload.level;
    this.load = { loopDelayMs, answerMs: this.application.look(now), pending: this.application.pending };
    this.overload = stepOverload(this.overload, pressureOf(this.load, this.limits));
    if (this.overload.level !== before) {
      this.parts.count(`overload-levels ${this.overload.level}`);
      this.parts.log.warn('overload-level', { level: this.overload.level, before, ...this.load });
    }
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    for (const address of this.live.sweep(now)) this.gate.refresh(address);
  }

  #judge(address: string, unknownUsers: number): void {
    if (this.limits.unknownUsers > 0 && unknownUsers >= this.limits.unknownUsers) this.#ban(address, 'unknown-users');
  }

  #ban(address: string, reason: BanReason, seconds?: number): void {
    const ban = this.bans.ban(address, reason, this.parts.now(), seconds);
    this.#unknown.forget(address);
    this.gate.refresh(address);
    this.parts.count(`bans ${reason}`);
    this.parts.log.warn('source-banned', { address, reason, seconds: Math.round((ban.until - ban.since) / 1_000), times: ban.times });
  }

  #hasToken(address: string, user: string): boolean {
    if (this.#userRate.perSecond === 0) return true;
    const key = `${address} ${user}`;
    let bucket = this.#userBuckets.get(key);
    if (bucket === undefined) {
      bucket = fullBucket(this.#userRate, this.parts.now());
      this.#userBuckets.set(copied(key), bucket);
    }
    return takeToken(bucket, this.#userRate, this.parts.now());
  }

  #refuse(of: string): Verdict {
    this.parts.count(`shed ${of}`);
    return 'refuse';
  }
}
