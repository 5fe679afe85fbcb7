/** An edge, and beside it what probes trunks and registers with them, as the program has it; carriers are scripted peers. */
import type { Test } from 'tap';
import { createEdgeConnection } from '../../sip/app/connection.js';
import { createTrunkSide, type TrunkSide } from '../../sip/app/trunks/trunk-side.js';
import { startEdge, type Edge } from '../../sip/edge/edge.js';
import { silentLog } from '../../sip/edge/log.js';
import type { AccountId } from '../../src/domain/ids.js';
import type { Trunk, TrunkGateway } from '../../src/domain/trunk/trunk.js';
import type { RegistrationView, TrunkLeases } from '../../src/ports/trunks.js';
import { hashText, systemRandom } from '../../src/security/random.js';
import { createAnswerTrunkChallenge } from '../../src/usecases/trunks/trunk-credentials.js';
import { createGatewayHealth, type GatewayHealthBoard } from '../../src/usecases/trunks/gateway-health.js';
import { TrunkIndex } from '../../src/storage/postgres/trunk-index.js';
import { createTestLog } from './redis.js';
import { anAccount } from './sample-account.js';
import { aGateway, aTrunk } from './sample-trunk.js';
import type { SipPeer } from './sip-peer.js';
import type { ControlAddress } from '../../sip/app/connection.js';

const SECRET = 'trunk bed';

export interface TrunkBed {
  readonly edge: Edge;
  readonly side: TrunkSide;
  readonly health: GatewayHealthBoard;
  readonly index: TrunkIndex;
  readonly accountId: AccountId;
  readonly log: ReturnType<typeof createTestLog>;
  /** Puts a trunk, or what became of one, and has it noticed. */
  put(trunk: Trunk): void;
  remove(trunk: Trunk): void;
  trunk(changes: Partial<Trunk>): Trunk;
  /** The registration as soon as its state is what is wanted. */
  registration(trunk: Trunk, wanted: RegistrationView['state']): Promise<RegistrationView>;
}

/** Free for everyone who asks, as where one node runs alone. */
export const LONE_NODE: TrunkLeases = { hold: async () => true, release: async () => undefined };

export interface TrunkBedOptions {
  readonly leases?: TrunkLeases;
  readonly nodeId?: string;
  readonly jitter?: number;
  readonly password?: string;
  /** Another server in the edge's place. */
  readonly control?: ControlAddress;
}

export async function startTrunkBed(t: Test, options: TrunkBedOptions = {}): Promise<TrunkBed> {
  const log = createTestLog();
  const edge = await startEdge({
    listeners: [{ transport: 'udp', host: '127.0.0.1', port: 0 }, { transport: 'tcp', host: '127.0.0.1', port: 0 }],
    admin: { host: '127.0.0.1', port: 0, secret: SECRET }, localNetworks: ['127.0.0.0/8'], log: silentLog,
    protection: { trustedSources: [], emergencyUsers: ['911'] },
  });
  t.teardown(() => edge.stop());
  const account = anAccount({ sipDomain: 'office.example' });
  const index = new TrunkIndex();
  const clock = { now: () => Date.now() };
  const health = createGatewayHealth({ trunks: () => index, clock });
  const connection = createEdgeConnection({
    control: options.control ?? { ...edge.admin, secret: SECRET }, log, jitter: () => 0, onLost: () => undefined,
    // Calls end here: nobody has any number.
    prepare: (srf) => void srf.invite((_request, response) => response.send(404)),
  });
  const side = createTrunkSide(() => connection.current(), {
    directory: { trunks: index, account: () => account }, health, clock, log, nodeId: options.nodeId ?? 'node-a', leases: options.leases ?? LONE_NODE,
    jitter: () => options.jitter ?? 0.5,
    answerChallenge: createAnswerTrunkChallenge({ secrets: { password: async () => options.password ?? 'secret' }, random: systemRandom, hash: hashText }),
  });
  await connection.start();
  side.start();
  t.teardown(async () => {
    await side.stop();
    connection.stop();
  });
  const put = (trunk: Trunk): void => {
    index.putTrunk({ id: trunk.id, trunk, sealedPassword: '' });
    side.sync();
  };
  return {
    edge, side, health, index, accountId: account.id, log, put,
    remove(trunk) {
      index.removeTrunk(trunk.id);
      side.sync();
    },
    async registration(trunk, wanted) {
      for (const begun = Date.now(); Date.now() - begun < 8_000;) {
        const view = side.registration(trunk);
        if (view?.state === wanted) return view;
        await new Promise((resolve) => void setTimeout(resolve, 10));
      }
      throw new Error(`the registration is not ${wanted}: ${JSON.stringify(side.registration(trunk))}`);
    },
    trunk(changes) {
      const trunk = aTrunk(account.id, changes);
      put(trunk);
      return trunk;
    },
  };
}

/** The gateway that a scripted peer is. */
export function gatewayAt(peer: Pick<SipPeer, 'address' | 'port' | 'transport'>, changes: Partial<TrunkGateway> = {}): TrunkGateway {
  return aGateway({ host: peer.address, port: peer.port, transport: peer.transport, ...changes });
}

