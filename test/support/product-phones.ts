import type { Product } from './product.js';

/** A phone made through the API: who it belongs to, and what one types into it. */
export interface Phone {
  readonly deviceId: string;
  /** '' for a device without an assignee. */
  readonly extension: string;
  readonly email: string;
  readonly userName: string;
  readonly authorizationId: string;
  readonly password: string;
  /** Host, or host:port, of its address-of-record. */
  readonly domain: string;
}

interface SipAccount {
  readonly sip_domain: string;
  readonly user_name: string;
  readonly authorization_id: string;
  readonly password: string;
}

let macs = 0;
const nextMac = (): string => `02${(macs += 1).toString(16).padStart(10, '0')}`;

/** Expects a status and hands out the body; throws with the API's own words otherwise. */
export async function expectApi<T>(product: Product, status: number, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await product.api<T>(method, path, body);
  if (answer.status !== status) {
    throw new Error(`${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

/** A person with an extension and a phone of their own. */
export async function addPhone(product: Product, extension: string, kind: { readonly type: string; readonly model?: string } = { type: 'Other' }): Promise<Phone> {
  const email = `person-${extension}@example.com`;
  await expectApi(product, 201, 'POST', '/v2/phone/users/batch', {
    users: [{ email, first_name: 'Person', last_name: extension, calling_plans: [], extension_number: extension }],
  });
  const user = await expectApi<{ readonly extension_id: string }>(product, 200, 'GET', `/v2/phone/users/${encodeURIComponent(email)}`);
  return addDevice(product, { assignee: user.extension_id, extension, email }, kind);
}

/** A phone of nobody: it registers, and dials emergency only. */
export function addUnassignedPhone(product: Product): Promise<Phone> {
  return addDevice(product, { assignee: null, extension: '', email: '' });
}

async function addDevice(
  product: Product, owner: { assignee: string | null; extension: string; email: string }, kind: { readonly type: string; readonly model?: string } = { type: 'Other' },
): Promise<Phone> {
  const mac = nextMac();
  const { id } = await expectApi<{ readonly id: string }>(product, 201, 'POST', '/v2/phone/devices', {
    assignee_extension_ids: owner.assignee === null ? [] : [owner.assignee],
    display_name: `Phone ${owner.extension || mac}`, mac_address: mac, ...kind,
  });
  return { ...owner, ...await readPhone(product, id) };
}

export async function readPhone(product: Product, deviceId: string): Promise<Omit<Phone, 'extension' | 'email'>> {
  const device = await expectApi<{ readonly provision: { readonly sip_accounts: readonly SipAccount[] } }>(
    product, 200, 'GET', `/v2/phone/devices/${deviceId}`);
  const account = device.provision.sip_accounts[0];
  if (!account) throw new Error(`device ${deviceId} has no SIP account`);
  return {
    deviceId, userName: account.user_name, authorizationId: account.authorization_id,
    password: account.password, domain: account.sip_domain,
  };
}
