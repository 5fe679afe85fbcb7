/** Scripted carriers around an office: each a SIP peer on a port of its own. */
import type { Test } from 'tap';
import type { Trunk, TrunkGateway } from '../../src/domain/trunk/trunk.js';
import type { Device } from '../../src/domain/device/device.js';
import { aGateway } from './sample-trunk.js';
import { scriptedPhone, type ScriptedPhone } from './scripted-phone.js';
import type { Office } from './sip-office.js';

export interface Carrier extends ScriptedPhone {
  readonly gateway: TrunkGateway;
}

/** A peer that calls go to, and come from. */
export async function aCarrier(t: Test, office: Office, changes: Partial<TrunkGateway> = {}): Promise<Carrier> {
  const transport = changes.transport === 'tcp' ? 'tcp' : 'udp';
  const peer = await scriptedPhone(t, {
    edge: { address: '127.0.0.1', port: office.port(transport) }, userName: 'carrier', password: '', domain: 'carrier.example', transport,
  });
  return { ...peer, gateway: aGateway({ host: '127.0.0.1', port: peer.peer.port, ...changes }) };
}

/** One trunk over carriers that are tried in this order. */
export function trunkOver(office: Office, carriers: readonly (Carrier | TrunkGateway)[], changes: Partial<Trunk> = {}, password = ''): Trunk {
  const gateways = carriers.map((each, index) => ({ ...('gateway' in each ? each.gateway : each), priority: index + 1 }));
  return office.trunk({ gateways, probeSeconds: 0, ...changes }, password);
}

/** The registered phone of somebody who may call the US and has a number there. */
export async function callerWithPlan(office: Office, extension: string, number: string): Promise<ScriptedPhone & { readonly device: Device }> {
  const held = office.person(extension, `User ${extension}`, { callingPlans: [200] });
  office.number(number, held.id);
  const device = office.device(held.id);
  const phone = await office.phone(device);
  const answer = await phone.register();
  if (answer.status !== 200) throw new Error(`not registered: ${answer.raw}`);
  return { ...phone, device };
}
