import { DnsNames } from '../../sip/edge/transport/naming/dns-names.js';
import { ServerLocator } from '../../sip/edge/transport/naming/server-locator.js';
import type { Trunk } from '../domain/trunk/trunk.js';
import { createFindTroubles } from '../usecases/trunks/trunk-troubles.js';
import type { GatewayLocator, TrunkSip } from '../ports/trunks.js';
import { hashText, systemRandom } from '../security/random.js';
import { createGatewayHealth, type GatewayHealthBoard } from '../usecases/trunks/gateway-health.js';
import { createGatewayAddresses, type GatewayAddresses } from '../usecases/trunks/trunk-sources.js';
import { createAnswerTrunkChallenge, type AnswerTrunkChallenge } from '../usecases/trunks/trunk-credentials.js';
import { createTrunkSecrets } from '../usecases/trunks/trunk-secrets.js';
import type { Core } from './core.js';
import type { LifeCycle } from './life-cycle.js';
import type { PostgresPart } from './postgres.js';
import type { RedisPart } from './redis.js';

/** What calls and the API ask of trunks besides the directory. */
export interface TrunksPart {
  readonly health: GatewayHealthBoard;
  /** `TrunkSources`, and where gateways' names lead. */
  readonly addresses: GatewayAddresses;
  readonly answerChallenge: AnswerTrunkChallenge;
  readonly locator: GatewayLocator;
  /** What is wrong with trunks, by account. */
  readonly findTroubles: ReturnType<typeof createFindTroubles>;
  /** Gateways and registrations by state. */
  readonly figures: () => Readonly<Record<string, number>>;
  /** To be called once, when the SIP application is there. */
  bind(sip: Pick<TrunkSip, 'registration'>): void;
}

/** Calls do not wait for name servers, and a start does so briefly, so that the first INVITE of a carrier is known. */
const FIRST_LOOK_MS = 2_000;

/** What is known of trunks' gateways beside the configuration. */
export async function startTrunks(life: LifeCycle, core: Core, { directory }: PostgresPart, redis: RedisPart): Promise<TrunksPart> {
  const { clock, log } = core;
  const trunks = () => directory.trunks;
  const health = createGatewayHealth({ trunks, clock });
  const locator = createLocator(core);
  const addresses = createGatewayAddresses({ trunks, locator, clock, log });
  const look = (): void => {
    health.forgetOthers();
    addresses.tick().catch((error: unknown) => log.warn('trunk-gateways-not-resolved', { err: error }));
  };
  await life.start('trunks', async () => {
    await Promise.race([addresses.tick(), new Promise<void>((resolve) => void setTimeout(resolve, FIRST_LOOK_MS).unref())]);
    const deaf = directory.onChange(look);
    return {
      value: undefined,
      stop: async () => {
        deaf();
        locator.stop();
      },
    };
  });
  const secrets = createTrunkSecrets({ trunks, box: core.trunkBox });
  let registration: TrunkSip['registration'] = () => null;
  const findTroubles = createFindTroubles({
    trunks, health, registration: (trunk) => registration(trunk), troubles: redis.trunkTroubles, nodeId: core.settings.nodeId, clock, log,
  });
  return {
    health, addresses, locator, findTroubles, figures: () => trunkFigures(trunks().all(), health, registration),
    bind: (sip) => void (registration = (trunk) => sip.registration(trunk)),
    answerChallenge: createAnswerTrunkChallenge({ secrets, random: systemRandom, hash: hashText }),
  };
}

function trunkFigures(trunks: readonly Trunk[], health: GatewayHealthBoard, registration: TrunkSip['registration']): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const state of ['up', 'down', 'unknown']) figures[`gateways ${state}`] = 0;
  for (const trunk of trunks.filter(({ enabled }) => enabled)) {
    for (const { id } of trunk.gateways) figures[`gateways ${health.of(id).state}`] = (figures[`gateways ${health.of(id).state}`] ?? 0) + 1;
    const state = registration(trunk)?.state;
    if (state !== undefined) figures[`registrations ${state}`] = (figures[`registrations ${state}`] ?? 0) + 1;
  }
  return figures;
}

/** The edge's own way of finding servers, so that both see the same ones. */
function createLocator({ settings }: Core): GatewayLocator & { stop(): void } {
  const now = (): number => performance.now();
  const locator = new ServerLocator({
    names: new DnsNames({ servers: settings.sipDnsServers, families: () => ({ v4: true, v6: true }), now }),
    available: () => new Set(['udp', 'tcp', 'tls']), random: Math.random, now,
  });
  return {
    async locate({ host, port, transport }) {
      try {
        const found = await locator.locate({ host: host.replace(/^\[(.*)\]$/, '$1'), port: port === 0 ? undefined : port, transport, secure: false });
        return { kind: 'found', servers: found.map((target) => ({ address: target.host, port: target.port })) };
      } catch (error) {
        return { kind: 'unknown', why: error instanceof Error ? error.message : String(error) };
      }
    },
    stop: () => locator.stop(),
  };
}
