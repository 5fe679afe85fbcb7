import type { BencodeDictionary } from './bencode.js';
import { NgClient, type NgAddress, type NgPatience } from './ng-client.js';

/** How often each instance is asked whether it lives, milliseconds. */
const PING_MS = 5000;

export interface InstancesOptions {
  readonly patience?: NgPatience;
  readonly pingMs?: number;
  /** An instance came or went. */
  readonly onChange?: (instance: string, up: boolean) => void;
}

interface Instance {
  readonly client: NgClient;
  up: boolean;
}

/** Several rtpengines: new calls go round those that answer. */
export class NgInstances {
  readonly #instances: readonly Instance[];
  readonly #onChange: (instance: string, up: boolean) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #turn = 0;

  /** Each counts as up until it has been silent once. */
  constructor(addresses: readonly NgAddress[], { patience, pingMs = PING_MS, onChange = () => undefined }: InstancesOptions = {}) {
    this.#instances = addresses.map((address) => ({ client: new NgClient(address, patience), up: true }));
    this.#onChange = onChange;
    this.#timer = setInterval(() => void this.ping(), pingMs);
    this.#timer.unref();
    void this.ping();
  }

  /** Asks all of them; resolves when each has answered or been silent for too long. */
  async ping(): Promise<void> {
    await Promise.all(this.#instances.map(async (instance) => {
      const answer = await this.#ask(instance, { command: 'ping' });
      if (answer === null) await instance.client.locate();
    }));
  }

  /** Those that are up, each one first in turn. */
  *candidates(): Generator<(command: BencodeDictionary) => Promise<BencodeDictionary | null>> {
    const first = this.#turn;
    this.#turn += 1;
    for (const at of this.#instances.keys()) {
      const instance = this.#instances[(first + at) % this.#instances.length];
      if (instance?.up === true) yield (command) => this.#ask(instance, command);
    }
  }

  get up(): number {
    return this.#instances.filter(({ up }) => up).length;
  }

  get size(): number {
    return this.#instances.length;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { client } of this.#instances) client.close();
  }

  async #ask(instance: Instance, command: BencodeDictionary): Promise<BencodeDictionary | null> {
    const answer = await instance.client.ask(command);
    const up = answer !== null;
    if (instance.up !== up) {
      instance.up = up;
      this.#onChange(instance.client.name, up);
    }
    return answer;
  }
}
