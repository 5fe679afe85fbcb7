import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

const REREAD_MS = 10_000;

/** The lines of a hosts file: addresses by name in lower case. */
export function readHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) hosts.set(name.toLowerCase(), [...(hosts.get(name.toLowerCase()) ?? []), address]);
  }
  return hosts;
}

/** What the administrator of the machine wrote about names; it goes before the DNS, as for every other program. */
export class HostsFile {
  #hosts: ReadonlyMap<string, readonly string[]> = new Map();
  #readAt: number | undefined;

  constructor(private readonly now: () => number, private readonly path = '/etc/hosts') {}

  addresses(name: string): readonly string[] {
    const now = this.now();
    if (this.#readAt === undefined || now - this.#readAt >= REREAD_MS) {
      this.#readAt = now;
      try {
        this.#hosts = readHosts(readFileSync(this.path, 'utf8'));
      } catch {
        // A system that keeps it elsewhere, or has none.
        this.#hosts = new Map();
      }
    }
    return this.#hosts.get(name.toLowerCase()) ?? [];
  }
}
