import { networkInterfaces } from 'node:os';

/** The first address of the machine that others can reach, IPv4 before IPv6; loopback where there is none. */
export function machineAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter((one) => !one.internal);
  const best = all.find((one) => one.family === 'IPv4') ?? all.find((one) => !one.address.startsWith('fe80'));
  return best?.address ?? '127.0.0.1';
}
