import type Srf from 'drachtio-srf';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { Directory } from '../../../src/ports/directory.js';
import type { TrunkHealth, TrunkLeases, TrunkSip } from '../../../src/ports/trunks.js';
import type { Clock, Log } from '../../../src/ports/runtime.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import { askGateway } from './ask-gateway.js';
import { createGatewayProber } from './gateway-prober.js';
import { tryCall } from './try-call.js';
import { createTrunkRegistrar } from './trunk-registrar.js';

export interface TrunkSideDeps {
  readonly directory: Pick<Directory, 'trunks' | 'account'>;
  readonly health: TrunkHealth;
  readonly answerChallenge: AnswerTrunkChallenge;
  readonly leases: TrunkLeases;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Uniform in 0–1. */
  readonly jitter: () => number;
}

/** Probes and registrations of trunks, and what the API asks of them. */
export interface TrunkSide extends TrunkSip {
  /** Begins to probe and to register; to be called once, with an edge connected. */
  start(): void;
  /** Follows the configuration: to be called after each change. */
  sync(): void;
  stop(): Promise<void>;
}

/** Between two looks at leases and at the edge. */
const LOOK_MS = 5_000;
const STOP_MS = 2_000;

export function createTrunkSide(current: () => Srf | null, deps: TrunkSideDeps): TrunkSide {
  const { directory, health, answerChallenge, jitter, log } = deps;
  const trunks = () => directory.trunks;
  const domainOf = ({ accountId }: Trunk): string => directory.account(accountId)?.sipDomain ?? 'localhost';
  const ask: TrunkSide['ask'] = (trunk, gateway, patienceMs) => askGateway(current(), domainOf(trunk), gateway, patienceMs);
  const prober = createGatewayProber({ trunks, health, ask, connected: () => current() !== null, jitter });
  const registrar = createTrunkRegistrar({ ...deps, trunks, current, report: (id, seen) => health.report(id, seen) });
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    prober.sync();
    registrar.sync().catch((error: unknown) => log.warn('trunk-registrations-not-looked-at', { err: error }));
  };
  return {
    ask,
    registration: (trunk) => registrar.view(trunk),
    tryCall: (trunk, gateway, number, patienceMs) => tryCall(current(), { trunk, gateway, number, domain: domainOf(trunk), answerChallenge, patienceMs }),
    start() {
      look();
      timer = setInterval(look, LOOK_MS).unref();
    },
    sync() {
      if (timer !== undefined) look();
    },
    async stop() {
      clearInterval(timer);
      prober.stop();
      await registrar.stop(STOP_MS);
    },
  };
}
