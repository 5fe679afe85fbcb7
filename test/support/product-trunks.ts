/** People who may call the telephone network, trunks, and what became of calls, all through the program's API. */
import type { Test } from 'tap';
import { addPhone, expectApi, type Phone } from './product-phones.js';
import { endedCall } from './product-records.js';
import type { Product } from './product.js';
import { scriptedPhone, type ScriptedPhone } from './scripted-phone.js';

export interface TrunkStatus {
  readonly state: string;
  readonly gateways: readonly {
    readonly gateway_id: string; readonly state: string; readonly rests_until: string; readonly last_seen: string;
  }[];
  readonly registration: { readonly state: string; readonly last_seen: string } | null;
}

export interface ShownTrunk {
  readonly id: string;
  readonly gateways: readonly { readonly id: string; readonly port: number }[];
  readonly status: TrunkStatus;
}

/** One attempt at a gateway, as a call's path shows it. */
export interface ShownLeg {
  readonly gateway_id: string;
  readonly trunk_id: string;
  readonly result: string;
  readonly sip_status: number;
}

export interface ShownCall {
  readonly id: string;
  readonly end_cause: string;
  readonly sip_status: number;
  readonly result_reason: string;
  readonly caller_did_number: string;
  readonly call_path: readonly ShownLeg[];
}

/** A person's phone with a plan for the US and a number of its own there. */
export async function addCaller(product: Product, extension: string, number: string): Promise<Phone> {
  const phone = await addPhone(product, extension);
  const user = `/v2/phone/users/${encodeURIComponent(phone.email)}`;
  await expectApi(product, 201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'Carrier', phone_numbers: [number] });
  await expectApi(product, 201, 'POST', `${user}/calling_plans`, { calling_plans: [{ type: 200 }] });
  await expectApi(product, 201, 'POST', `${user}/phone_numbers`, { phone_numbers: [{ number }] });
  return phone;
}

/** A scripted phone on that account, registered. */
export async function registeredPhone(t: Test, product: Product, account: Phone): Promise<ScriptedPhone> {
  const phone = await scriptedPhone(t, {
    edge: { address: product.sip.host, port: product.sip.port }, userName: account.userName, password: account.password, domain: account.domain,
  });
  const answer = await phone.register();
  if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
  return phone;
}

/** A trunk over gateways on the loopback, which are tried in their order; for all numbers unless `routes` says else. */
export function addTrunk(product: Product, name: string, gateways: readonly GatewayWish[], more: Readonly<Record<string, unknown>> = {}): Promise<ShownTrunk> {
  return expectApi(product, 201, 'POST', '/v2/cordboard/trunks', {
    name, country: 'US', routes: [{}], probe_seconds: 0, ...more,
    gateways: gateways.map(({ port, transport = 'udp' }, at) => ({ host: '127.0.0.1', port, transport, priority: at + 1 })),
  });
}

export interface GatewayWish {
  readonly port: number;
  readonly transport?: 'udp' | 'tcp';
}

export function readTrunk(product: Product, id: string): Promise<ShownTrunk> {
  return expectApi(product, 200, 'GET', `/v2/cordboard/trunks/${id}`);
}

/** The trunk as soon as it is as wanted; rejects with what it was last. */
export async function trunkWhen(product: Product, id: string, wanted: (status: TrunkStatus) => boolean, deadlineMs = 10_000): Promise<TrunkStatus> {
  for (const until = Date.now() + deadlineMs; ;) {
    const { status } = await readTrunk(product, id);
    if (wanted(status)) return status;
    if (Date.now() > until) throw new Error(`the trunk is still ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The call of that extension that just ended, each one once, with its legs. */
export async function endedPath(product: Product, caller: string, dialled: string, deadlineMs?: number): Promise<ShownCall> {
  const { id } = await endedCall(product, caller, dialled, deadlineMs);
  return expectApi(product, 200, 'GET', `/v2/phone/call_history/${id}`);
}
