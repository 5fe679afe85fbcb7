import t from 'tap';
import { createGatewayHealth } from '../../../../src/usecases/trunks/gateway-health.js';
import type { Trunk, TrunkGateway } from '../../../../src/domain/trunk/trunk.js';
import { newId } from '../../../support/sample-account.js';
import { aGateway, aTrunk } from '../../../support/sample-trunk.js';

const SILENT = { kind: 'silent', status: 0, retryAfterMs: null } as const;

const ROWS: readonly { rule: string; trunk?: Partial<Trunk>; gateway?: Partial<TrunkGateway>; state: 'down' | 'unknown' }[] = [
  { rule: 'what is not changed stays down', trunk: { name: 'Another name' }, state: 'down' },
  { rule: 'weight and sources say nothing of health', gateway: { weight: 1, sources: ['192.0.2.0/24'] }, state: 'down' },
  { rule: 'a gateway that nobody asks any more may be tried again', trunk: { probeSeconds: 0 }, state: 'unknown' },
  { rule: 'another host begins anew', gateway: { host: 'other.carrier.example' }, state: 'unknown' },
  { rule: 'another port begins anew', gateway: { port: 5080 }, state: 'unknown' },
  { rule: 'another transport begins anew', gateway: { transport: 'tls' }, state: 'unknown' },
];

for (const { rule, trunk = {}, gateway = {}, state } of ROWS) {
  t.test(rule, async (t) => {
    const held = aGateway();
    let now = aTrunk(newId<Parameters<typeof aTrunk>[0]>(), { gateways: [held] });
    const board = createGatewayHealth({ trunks: () => ({ all: () => [now] }), clock: { now: () => 1_000 } });
    board.report(held.id, SILENT);
    board.report(held.id, SILENT);
    t.equal(board.of(held.id).state, 'down', 'two silences');
    now = { ...now, ...trunk, gateways: [{ ...held, ...gateway }] };
    t.equal(board.of(held.id).state, state);
  });
}
