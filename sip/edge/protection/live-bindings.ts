interface LiveSource {
  /** The latest end of any binding; may be too late until the next sweep. */
  until: number;
  readonly users: Map<string, number>;
}

const MAX_BINDINGS = 200_000;

/** Who is registered from where, as far as this edge saw it answered. */
export class LiveBindings {
  readonly #sources = new Map<string, LiveSource>();
  #size = 0;

  /** Addresses with a binding. */
  get sources(): number {
    return this.#sources.size;
  }

  /** @returns when the last binding of the address ends; 0 for none */
  until(address: string): number {
    return this.#sources.get(address)?.until ?? 0;
  }

  has(address: string, user: string, now: number): boolean {
    return (this.#sources.get(address)?.users.get(user) ?? 0) > now;
  }

  /** @param user to be kept: no slice of a message */
  bind(address: string, user: string, until: number): void {
    let source = this.#sources.get(address);
    if (source === undefined) {
      source = { until, users: new Map() };
      this.#sources.set(address, source);
    }
    if (!source.users.has(user)) {
      if (this.#size >= MAX_BINDINGS) this.#dropOldest();
      this.#size += 1;
    }
    source.users.set(user, until);
    source.until = Math.max(source.until, until);
  }

  /** @returns whether the address still has a binding */
  unbind(address: string, user: string): boolean {
    const source = this.#sources.get(address);
    if (source === undefined) return false;
    if (source.users.delete(user)) this.#size -= 1;
    if (source.users.size === 0) this.#sources.delete(address);
    return source.users.size > 0;
  }

  /** Forgets bindings that ended. @returns addresses whose last one is gone or ends earlier than was said */
  sweep(now: number): readonly string[] {
    const changed: string[] = [];
    for (const [address, source] of this.#sources) {
      let latest = 0;
      for (const [user, until] of source.users) {
        if (until > now) latest = Math.max(latest, until);
        else if (source.users.delete(user)) this.#size -= 1;
      }
      if (latest === source.until) continue;
      source.until = latest;
      changed.push(address);
      if (source.users.size === 0) this.#sources.delete(address);
    }
    return changed;
  }

  #dropOldest(): void {
    for (const [address, { users }] of this.#sources) {
      for (const user of users.keys()) {
        users.delete(user);
        this.#size -= 1;
        if (users.size === 0) this.#sources.delete(address);
        return;
      }
    }
  }
}
