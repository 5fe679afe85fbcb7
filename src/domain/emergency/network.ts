/** An address range; a single address is one of all its bits. */
export interface Network {
  readonly family: 4 | 6;
  /** The address as a number, its host bits zero. */
  readonly base: bigint;
  /** Length of the prefix. */
  readonly bits: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;
const MAPPED = 0xffffn << 32n;

/** An address or CIDR range, IPv4 or IPv6 (RFC 4291 §2.2); null for any other text, a range with host bits set included. */
export function parseNetwork(text: string): Network | null {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (prefix !== undefined && !/^[0-9]{1,3}$/.test(prefix))) return null;
  const parsed = parseAddress(address);
  if (parsed === null) return null;
  const width = WIDTH[parsed.family];
  const bits = prefix === undefined ? width : Number(prefix);
  if (bits > width) return null;
  const host = (1n << BigInt(width - bits)) - 1n;
  return (parsed.value & host) === 0n ? { family: parsed.family, base: parsed.value, bits } : null;
}

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** One address; an IPv4 address written as IPv6 (`::ffff:192.0.2.1`) counts as the former. Brackets are left out. */
export function parseAddress(text: string): Address | null {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  const four = parseFour(plain);
  if (four !== null) return { family: 4, value: four };
  const six = parseSix(plain);
  if (six === null) return null;
  return six >> 32n === MAPPED >> 32n ? { family: 4, value: six & 0xffffffffn } : { family: 6, value: six };
}

export function holds(network: Network, address: Address): boolean {
  if (network.family !== address.family) return false;
  const host = BigInt(WIDTH[network.family] - network.bits);
  return address.value >> host === network.base >> host;
}

/** Bits of the longest prefix that holds the address; -1 = none does. */
export function longestMatch(networks: readonly Network[], address: Address | null): number {
  if (address === null) return -1;
  return networks.reduce((longest, network) => (holds(network, address) ? Math.max(longest, network.bits) : longest), -1);
}

function parseFour(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseSix(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return null;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || head === null || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = tail === undefined ? head : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

function groupsOf(half: string): readonly number[] | null {
  if (half === '') return [];
  const parts = half.split(':');
  const last = parts.at(-1) ?? '';
  const four = last.includes('.') ? parseFour(last) : null;
  if (last.includes('.')) {
    if (four === null) return null;
    parts.splice(-1, 1, (four >> 16n).toString(16), (four & 0xffffn).toString(16));
  }
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : null;
}
