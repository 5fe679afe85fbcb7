/** Whether two host texts name the same address: case, IPv6 brackets, zero compression and IPv4-mapped forms do not count. */
export function sameHost(a: string, b: string): boolean {
  return a === b || plainAddress(a) === plainAddress(b);
}

function plainAddress(host: string): string {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!bare.includes(':')) return bare;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  return mapped?.[1] ?? expandIpv6(bare);
}

function expandIpv6(address: string): string {
  const [head = '', tail] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(gap).fill('0'), ...after].map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
