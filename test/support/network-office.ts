/**
 * People who call the telephone network through running programs, with caps that leave room for few calls, prices, and a carrier that is a
 * scripted peer; beside them what PostgreSQL and Redis hold of their calls.
 *
 *   const office = await furnishNetworkOffice(t, product, servers, { people: 2, userCalls: 3 });
 *   const up = await office.callOut(office.people[0]);
 */
import pg from 'pg';
import type { Test } from 'tap';
import { callsKey } from '../../src/storage/redis/keys.js';
import { expectApi, type Phone } from './product-phones.js';
import { addCaller } from './product-trunks.js';
import type { Product } from './product.js';
import { scriptedPhone, type PhoneCall, type ScriptedPhone } from './scripted-phone.js';
import type { SharedServers } from './shared-servers.js';

export const OUTSIDE = '+12125550199';
/** Zeros are no limit. */
export interface NetworkCaps {
  readonly userCalls: number;
  readonly siteCalls: number;
  readonly accountCalls: number;
  readonly trunkCalls: number;
}

export interface NetworkPerson {
  readonly account: Phone;
  /** With `+`; calls from outside ring here. */
  readonly number: string;
  readonly extensionId: string;
}

/** Both legs of a call that stands: ours is the phone's, theirs the carrier's. */
export interface StandingCall {
  readonly phone: PhoneCall;
  readonly carrier: PhoneCall;
}

/** A call as its record tells it. */
export interface KeptCall {
  readonly id: string;
  readonly direction: string;
  readonly node_id: string;
  readonly dialled: string;
  readonly cause: string | null;
  readonly reason: string | null;
  readonly answered: boolean;
  readonly emergency: boolean;
  /** Micro-units; null = not rated. */
  readonly charge: string | null;
}

/** Calls that count for each, by what Redis holds that has not run out. */
export interface Counted {
  readonly users: number;
  readonly site: number;
  readonly account: number;
  readonly trunk: number;
}

export interface NetworkOffice {
  readonly people: readonly NetworkPerson[];
  readonly trunkId: string;
  /** A phone on a person's account, registered at a node. */
  phone(person: NetworkPerson, at?: Product): Promise<ScriptedPhone>;
  /** Where calls of every node go to. */
  readonly carrier: ScriptedPhone;
  /** A peer of the carrier that calls that node. */
  carrierAt(node: Product): Promise<ScriptedPhone>;
  /** What limits calls from now on; zeros are no limit. */
  setCaps(caps: NetworkCaps): Promise<void>;
  callOut(phone: ScriptedPhone, number?: string): Promise<StandingCall>;
  /** From the carrier to a person whose phone is given, by a node. */
  callIn(person: NetworkPerson, phone: ScriptedPhone, at?: Product): Promise<StandingCall>;
  /** The phone hangs up. */
  hangUp(call: StandingCall): Promise<void>;
  counted(): Promise<Counted>;
  /** The counts as soon as they are as wanted; else what they were last. */
  countedWhen(wanted: Counted, deadlineMs?: number): Promise<Counted>;
  /** All records, oldest first. */
  kept(): Promise<readonly KeptCall[]>;
  /** The records as soon as they fulfil the condition; rejects with what they were last. */
  keptWhen(wanted: (calls: readonly KeptCall[]) => boolean, deadlineMs?: number): Promise<readonly KeptCall[]>;
}

/** Asked again so often. */
const LOOK_MS = 50;

export interface NetworkWish extends Partial<NetworkCaps> {
  readonly people: number;
  /** Where calls go to, when it is not `carrier`. */
  readonly carrierPort?: number;
}

/** `t` ends its peers: a test, or whatever else runs them. */
export async function furnishNetworkOffice(t: Pick<Test, 'teardown'>, product: Product, servers: SharedServers, wish: NetworkWish): Promise<NetworkOffice> {
  const { userCalls = 0, siteCalls = 0, accountCalls = 0, trunkCalls = 0 } = wish;
  const line = { userName: 'carrier', password: '', domain: 'carrier.example' };
  const edgeOf = (node: Product) => ({ address: node.sip.host, port: node.sip.port });
  const carrier = await scriptedPhone(t, { ...line, edge: edgeOf(product) });
  const carriers = new Map<Product, Promise<ScriptedPhone>>([[product, Promise.resolve(carrier)]]);
  const carrierAt = (node: Product): Promise<ScriptedPhone> => {
    const known = carriers.get(node) ?? scriptedPhone(t, { ...line, edge: edgeOf(node) });
    carriers.set(node, known);
    return known;
  };
  const { sites: [site] } = await expectApi<{ readonly sites: readonly { readonly id: string }[] }>(product, 200, 'GET', '/v2/phone/sites');
  const siteId = site?.id ?? '';
  const { id: trunkId } = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/cordboard/trunks', {
    name: 'Carrier', country: 'US', gateways: [{ host: '127.0.0.1', port: wish.carrierPort ?? carrier.peer.port }], routes: [{}, { emergency: true }], probe_seconds: 0,
  });
  const deck = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/cordboard/rate_decks', { name: 'Carrier', trunk_id: trunkId });
  await expectApi(product, 200, 'PUT', `/v2/cordboard/rate_decks/${deck.id}/rates`, 'prefix,currency,rate_per_minute,included_by\n*,USD,0.01,none\n');
  const cap = (limit: number) => ({ value: { enable: limit > 0, limit: Math.max(1, limit) } });
  const setCaps = async (caps: NetworkCaps): Promise<void> => {
    await expectApi(product, 200, 'PATCH', `/v2/cordboard/trunks/${trunkId}`, { limits: { concurrent_calls: caps.trunkCalls } });
    await expectApi(product, 200, 'PATCH', '/v2/cordboard/account/settings', {
      account_concurrent_calls: cap(caps.accountCalls), user_concurrent_calls: cap(caps.userCalls), site_concurrent_calls: cap(caps.siteCalls),
    });
  };
  await setCaps({ userCalls, siteCalls, accountCalls, trunkCalls });
  const people: NetworkPerson[] = [];
  for (let n = 1; n <= wish.people; n += 1) {
    const number = `+1212555${String(1000 + n)}`;
    const account = await addCaller(product, String(2000 + n), number);
    const { extension_id: extensionId } = await expectApi<{ readonly extension_id: string }>(product, 200, 'GET', `/v2/phone/users/${encodeURIComponent(account.email)}`);
    people.push({ account, number, extensionId });
  }
  const { account_id: accountId } = await ownAccount();

  async function ownAccount(): Promise<{ readonly account_id: string }> {
    const [row] = await ask<{ readonly account_id: string }>('select account_id from trunks where id = $1', [trunkId]);
    if (row === undefined) throw new Error('the trunk is not in the database');
    return row;
  }
  async function ask<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const client = new pg.Client(servers.postgres.connection);
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }
  const stood = async (phone: PhoneCall, called: PhoneCall): Promise<void> => {
    const acked = called.answer();
    await phone.ack(await phone.response(200));
    await acked;
  };
  const office: NetworkOffice = {
    people, trunkId, carrier, carrierAt, setCaps,
    async phone(person, at = product) {
      const phone = await scriptedPhone(t, { ...person.account, edge: edgeOf(at) });
      const answer = await phone.register();
      if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
      return phone;
    },
    async callOut(phone, number = OUTSIDE) {
      const call = await phone.dial(number);
      const out = await carrier.called(number);
      await stood(call, out);
      return { phone: call, carrier: out };
    },
    async callIn({ number }, phone, at = product) {
      const to = `${number}@${at.sip.host}:${at.sip.port}`;
      const call = await (await carrierAt(at)).dial(number, { uri: `sip:${to}`, withoutCredentials: true });
      const rung = await phone.called();
      await stood(call, rung);
      return { phone: rung, carrier: call };
    },
    async hangUp({ phone, carrier: far }) {
      const over = far.hungUp();
      await phone.hangUp();
      await over;
    },
    async counted() {
      return servers.redis.ask(async (redis) => {
        const count = (scope: string, id: string): Promise<number> => redis.zcount(callsKey(scope, id), `(${Date.now()}`, '+inf');
        const users = await Promise.all(people.map(({ extensionId }) => count('user', extensionId)));
        return { users: users.reduce((sum, one) => sum + one, 0), site: await count('site', siteId), account: await count('account', accountId), trunk: await count('trunk', trunkId) };
      });
    },
    async countedWhen(wanted, deadlineMs = 5_000) {
      const same = (found: Counted): boolean => JSON.stringify(found) === JSON.stringify(wanted);
      let found = await office.counted();
      for (const until = Date.now() + deadlineMs; !same(found) && Date.now() < until; found = await office.counted()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      return found;
    },
    kept: () => ask<KeptCall>(`select r.id, r.direction, r.node_id, r.dialled, r.cause, r.reason, r.answered_at is not null as answered, r.emergency, c.total as charge
      from call_records r left join call_charges c on c.call_id = r.id order by r.started_at, r.id`),
    async keptWhen(wanted, deadlineMs = 10_000) {
      for (const until = Date.now() + deadlineMs; ;) {
        const calls = await office.kept();
        if (wanted(calls)) return calls;
        if (Date.now() > until) throw new Error(`the records are not as wanted: ${JSON.stringify(calls)}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
  };
  return office;
}
