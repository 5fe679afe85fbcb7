import { adviceOnCall, adviceOnGateway } from '../../domain/trunk/test-advice.js';
import { writeNumber } from '../../domain/trunk/number-format.js';
import type { TrunkId } from '../../domain/ids.js';
import type { Trunk, TrunkGateway } from '../../domain/trunk/trunk.js';
import type { CallTrial, GatewayLocator, TrunkHealth, TrunkSip, TrunkTestStep, TrunkWatch } from '../../ports/trunks.js';
import type { GatewayAddresses } from './trunk-sources.js';

export interface WatchTrunksDeps {
  readonly health: Pick<TrunkHealth, 'of' | 'report'>;
  readonly addresses: Pick<GatewayAddresses, 'located'>;
  readonly locator: GatewayLocator;
  readonly sip: TrunkSip;
}

const OPTIONS_MS = 8_000;
const CALL_MS = 10_000;

/** What the API shows of trunks, and the test of one. */
export function createTrunkWatch({ health, addresses, locator, sip }: WatchTrunksDeps): TrunkWatch {
  const testing = new Set<TrunkId>();

  async function test(trunk: Trunk, number: string | null): Promise<readonly TrunkTestStep[]> {
    const asked = await Promise.all(trunk.gateways.map((gateway) => testGateway(trunk, gateway)));
    const steps = asked.flatMap((each) => each.steps);
    const registration = testRegistration(trunk);
    if (registration !== null) steps.push(registration);
    if (number === null) return steps;
    // By the gateway that a call would try first: the first that answered, else the first.
    const inOrder = asked.toSorted((a, b) => a.gateway.priority - b.gateway.priority);
    const chosen = inOrder.find(({ answers }) => answers) ?? inOrder[0];
    if (chosen !== undefined) steps.push(callStep(chosen.gateway, await sip.tryCall(trunk, chosen.gateway, writeNumber(number, trunk.border.numberOut), CALL_MS)));
    return steps;
  }

  async function testGateway(trunk: Trunk, gateway: TrunkGateway): Promise<{ readonly gateway: TrunkGateway; readonly answers: boolean; readonly steps: TrunkTestStep[] }> {
    const located = await locator.locate(gateway);
    const base = { gatewayId: gateway.id, status: null, roundTripMs: null };
    if (located.kind === 'unknown') {
      return { gateway, answers: false, steps: [{ ...base, step: 'lookup', passed: false, seen: located.why, advice: 'Check the name, or the name servers.' }] };
    }
    const places = located.servers.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`).join(', ');
    const lookup: TrunkTestStep = { ...base, step: 'lookup', passed: true, seen: `${gateway.host} leads to ${places} by ${gateway.transport}.`, advice: '' };
    const seen = await sip.ask(trunk, gateway, OPTIONS_MS);
    // As good as what a probe sees: a gateway that somebody repaired need not wait for the next ones.
    health.report(gateway.id, seen);
    const passed = seen.kind === 'answered';
    const options: TrunkTestStep = {
      step: 'options', gatewayId: gateway.id, passed, status: seen.status === 0 ? null : seen.status, roundTripMs: seen.roundTripMs ?? null,
      seen: optionsWords(seen), advice: adviceOnGateway(seen, gateway),
    };
    return { gateway, answers: passed, steps: [lookup, options] };
  }

  function testRegistration(trunk: Trunk): TrunkTestStep | null {
    const found = trunk.authentication.kind === 'registration' ? sip.registration(trunk) : null;
    if (found === null) return null;
    const passed = found.state === 'registered' || found.state === 'elsewhere';
    const advice = passed ? '' : found.state === 'off' ? 'The trunk is disabled: enable it to register.'
      : found.state === 'trying' ? 'Test again in some seconds.' : 'Look at user name, password, realm and aor, and whether the gateway is the registrar.';
    return { step: 'registration', gatewayId: found.gatewayId, passed, status: null, roundTripMs: null, seen: found.lastSeen, advice };
  }

  return {
    health: ({ id }) => health.of(id),
    located: (gateway) => addresses.located(gateway),
    registration: (trunk) => (trunk.authentication.kind === 'registration' ? sip.registration(trunk) : null),
    locate: (gateway) => locator.locate(gateway),
    async test(trunk, number) {
      if (testing.has(trunk.id)) return 'busy';
      testing.add(trunk.id);
      try {
        return await test(trunk, number);
      } finally {
        testing.delete(trunk.id);
      }
    },
  };
}

function optionsWords({ kind, status, why = '' }: { readonly kind: string; readonly status: number; readonly why?: string }): string {
  const said = kind === 'unreachable' ? 'It cannot be reached.' : status === 0 ? 'No answer to OPTIONS.' : `OPTIONS was answered ${status}.`;
  return why === '' ? said : `${said} ${why}`;
}

/** Somebody who is busy or does not answer was reached all the same. */
const REACHED: ReadonlySet<number> = new Set([480, 486, 487, 600, 603]);

function callStep({ id }: TrunkGateway, { status, why, answeredAfterMs }: CallTrial): TrunkTestStep {
  const passed = (status > 100 && status < 300) || REACHED.has(status);
  const said = status === 0 ? 'No answer to INVITE.' : status === 100 ? 'The peer is working on the call and said no more.' : `The call was answered ${status}.`;
  return {
    step: 'call', gatewayId: id, passed, status: status === 0 ? null : status, roundTripMs: answeredAfterMs, seen: why === '' ? said : `${said} ${why}`,
    advice: status === 100 ? 'Test with a number that rings at once.' : adviceOnCall(status),
  };
}
