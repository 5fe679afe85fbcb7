import { join } from 'node:path';
import type { Phone } from '../support/product-phones.js';
import type { Product } from '../support/product.js';
import { ROOT } from '../support/repository.js';
import { runSipp, type SippResult } from '../support/sipp.js';

/** Path of one of our sipp scenarios. */
export const scenario = (name: string): string => join(ROOT, 'test', 'interop', 'scenarios', `${name}.xml`);

/** A row of the injection file: user name, credentials, domain, what is dialled. */
export const sippRow = (phone: Phone, dialled = ''): readonly string[] =>
  [phone.userName, `[authentication username=${phone.authorizationId} password=${phone.password}]`, phone.domain, dialled];

/** Registers phones from a port of their own, where an answering sipp takes their place afterwards. */
export function registerFrom(product: Product, phones: readonly Phone[], port: number): Promise<SippResult> {
  return runSipp({
    scenario: scenario('register'), target: product.sip, rows: phones.map((phone) => sippRow(phone)), calls: phones.length, rate: 50,
    port, keys: { contact_port: String(port), expires: '600' }, limitSeconds: 30,
  });
}
