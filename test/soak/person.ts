/** One person with a phone: appears, registers, moves, calls and is called, and at times vanishes without a word. */
import { SDP } from '../support/scripted-phone.js';
import type { PeerMessage } from '../support/sip-peer-message.js';
import { Call } from './call.js';
import { Cut, pause } from './cut.js';
import { AS_CALLED, CROSSED, EXPIRES_SECONDS, NEXT, WRONG_NUMBER } from './habits.js';
import { TRANSPORTS, type TransportName } from './link.js';
import type { Random } from './random.js';
import { Station, type Edges, type Subscriber } from './station.js';
import type { Tally } from './tally.js';

export interface World {
  readonly edges: Edges;
  readonly random: Random;
  readonly tally: Tally;
  /** Stretches every pause. */
  readonly pace: number;
  readonly vanishing: boolean;
  /** Extensions there are. */
  readonly extensions: readonly [string, ...string[]];
}

export class Person {
  readonly #station: Station;
  #call: Call | null = null;
  /** By Call-ID, until a while after the end: requests may still come. */
  readonly #calls = new Map<string, Call>();
  /** What goes on beside the person's own doings: calls that came in. */
  readonly #beside = new Set<Promise<void>>();

  constructor(subscriber: Subscriber, private readonly world: World) {
    this.#station = new Station(subscriber, world.edges);
    this.#station.onRequest = (request) => this.#receive(request);
  }

  /** Lives until it is time to go home; then ends calls and unregisters everything. */
  async live(until: Cut): Promise<void> {
    const { random } = this.world;
    await this.#rest(until, 3);
    while (!until.done) {
      if (this.#station.link === null || this.#station.link.closed) await this.#appear();
      else if (this.#call === null) await this.#next(until, random.weighted(NEXT));
      await this.#rest(until, 4);
    }
    if (this.#call !== null) await this.#finish(this.#call);
    await Promise.all(this.#beside);
    if (this.#station.link === null || this.#station.link.closed) await this.#connect(random.pick(TRANSPORTS));
    await this.#goHome();
  }

  /** Unregisters; a call that came in meanwhile is taken to its end. */
  async #goHome(): Promise<void> {
    await this.#register(0);
    await Promise.all(this.#beside);
    this.#vanish();
  }

  async #next(until: Cut, what: keyof typeof NEXT): Promise<void> {
    switch (what) {
      case 'call': return this.#makeCall(until);
      case 'refresh': return this.#register(EXPIRES_SECONDS);
      case 'move': {
        this.#count('moved');
        // Whoever is calm says good-bye to the old address; else it is left to expire.
        if (!this.world.vanishing) await this.#goHome();
        return this.#appear();
      }
      case 'leave': {
        await this.#goHome();
        return this.#rest(until, 10);
      }
      case 'vanish': {
        if (!this.world.vanishing) return;
        this.#count('vanished idle');
        this.#vanish();
        return this.#rest(until, 15);
      }
      case 'rest': return;
    }
  }

  async #appear(): Promise<void> {
    await this.#connect(this.world.random.pick(TRANSPORTS));
    await this.#register(EXPIRES_SECONDS);
  }

  async #connect(transport: TransportName): Promise<void> {
    try {
      await this.#station.connect(transport);
    } catch (error) {
      this.world.tally.oddity(`${transport}: no connection: ${String(error)}`);
    }
  }

  async #register(seconds: number): Promise<void> {
    const link = this.#station.link;
    if (link === null) return;
    const final = await this.#station.register(seconds);
    const status = final?.status ?? 0;
    this.#count(`${seconds === 0 ? 'unregistered' : 'registered'} ${status}`);
    // Whoever moves often leaves many contacts behind: there may only be so many.
    if (status === 403 && /Contacts/.test(final?.startLine ?? '')) return this.#register(0);
    if (status !== 200) this.world.tally.oddity(`${link.transport}: REGISTER for ${seconds} s answered ${final?.startLine ?? 'nothing'}`);
  }

  async #makeCall(until: Cut): Promise<void> {
    const { random, tally } = this.world;
    const caller = this.#station.subscriber.extension;
    const number = random.chance(0.04) ? WRONG_NUMBER : random.pick(this.world.extensions);
    const transport = this.#transport;
    const call = this.#take(Call.outgoing(this.#station, number));
    const patience = random.chance(0.15) ? random.between(0.1, 2) : random.between(10, 20);
    const decided = new Cut();
    let cancelled: Promise<void> | null = null;
    const result = await call.dial(() => {
      // RFC 3261 §9.1: before a provisional response nothing can be cancelled.
      cancelled ??= pause(patience * 1000 * this.world.pace, decided).then(() => (decided.done ? undefined : this.#cancel(call, transport)));
    });
    const gaveUp = result.status === 487;
    decided.happen();
    await cancelled;
    this.#count(gaveUp ? 'dialled: cancelled' : `dialled: ${result.status}`);
    tally.dialled.push({ caller, number, answered: result.status === 200, sure: result.known });
    if (result.status === 0 || result.status >= 500 && result.status !== 603) tally.oddity(`${transport}: INVITE to ${number} answered ${result.status === 0 ? 'nothing' : result.status}`);
    if (result.status === 200) await this.#talk(call, until);
    this.#release(call);
  }

  async #cancel(call: Call, transport: TransportName): Promise<void> {
    const status = await call.cancel();
    if (status !== 200 && status !== 481) this.world.tally.oddity(`${transport}: CANCEL answered ${status === 0 ? 'nothing' : status}`);
  }

  async #takeCall(call: Call): Promise<void> {
    const { random } = this.world;
    const how = random.weighted(AS_CALLED);
    await this.#orOver(call, random.between(0.05, 0.4));
    if (how === 'busy') call.refuse(486, 'Busy Here');
    if (call.ending !== null) return;
    call.ring();
    await this.#orOver(call, how === 'ignore' ? 90 / this.world.pace : random.between(0.3, 4));
    if (how === 'vanish' && this.world.vanishing && call.ending === null) {
      this.#count('vanished ringing');
      return this.#vanish();
    }
    if (how === 'decline') call.refuse(603, 'Decline');
    if (call.ending === null && call.answer()) await this.#talk(call, NEVER);
  }

  /** Until one side hangs up or vanishes; with holds now and then. */
  async #talk(call: Call, until: Cut): Promise<void> {
    const { random, vanishing } = this.world;
    const seconds = random.chance(0.02) ? random.between(60, 150) : random.around(7);
    const holds = random.chance(0.25);
    if (holds) {
      await this.#orOver(call, seconds / 2, until);
      for (const direction of ['sendonly', 'sendrecv']) {
        if (call.ending === null) await this.#offer(call, direction);
        await this.#orOver(call, random.between(0.2, 2), until);
      }
    }
    await this.#orOver(call, holds ? seconds / 2 : seconds, until);
    if (call.ending === null && vanishing && random.chance(0.03)) {
      this.#count('vanished talking');
      return this.#vanish();
    }
    await this.#finish(call);
  }

  async #offer(call: Call, direction: string): Promise<void> {
    const transport = this.#transport;
    const status = await call.request('INVITE', SDP('3', direction));
    this.#count(`re-INVITE: ${status}`);
    const expected = status === 200 || CROSSED.has(status) || call.ending !== null;
    if (!expected) this.world.tally.oddity(`${transport}: re-INVITE answered ${status === 0 ? 'nothing' : status}`);
  }

  async #finish(call: Call): Promise<void> {
    if (call.ending !== null || this.#station.link === null) return;
    const transport = this.#station.link.transport;
    const status = await call.hangUp();
    this.#count(`hung up: ${status}`);
    // 481: both hung up at once.
    if (status !== 200 && status !== 481) this.world.tally.oddity(`${transport}: BYE answered ${status === 0 ? 'nothing' : status}`);
  }

  #receive(request: PeerMessage): void {
    const call = this.#calls.get(request.header('Call-ID') ?? '');
    if (call !== undefined) return call.receive(request);
    if (request.method === 'ACK') return;
    if (request.method !== 'INVITE' || request.tag('To') !== '') {
      const known = request.method === 'OPTIONS' || request.method === 'NOTIFY';
      this.#station.respond(request, known ? 200 : 481, known ? 'OK' : 'Call/Transaction Does Not Exist', 'none');
      return;
    }
    const incoming = Call.incoming(this.#station, request);
    this.#count('rang');
    if (this.#call !== null) {
      this.#keep(incoming);
      return incoming.refuse(486, 'Busy Here');
    }
    const doings = this.#takeCall(this.#take(incoming)).finally(() => {
      this.#release(incoming);
      this.#beside.delete(doings);
    });
    this.#beside.add(doings);
  }

  #take(call: Call): Call {
    this.#call = call;
    this.#keep(call);
    return call;
  }

  #keep(call: Call): void {
    this.#calls.set(call.callId, call);
    call.over.whenHappened(() => setTimeout(() => this.#calls.delete(call.callId), FORGET_MS).unref());
  }

  #release(call: Call): void {
    call.end('refused');
    if (this.#call === call) this.#call = null;
  }

  #vanish(): void {
    this.#station.disconnect();
    for (const call of this.#calls.values()) call.end('vanished');
  }

  #count(what: string): void {
    this.world.tally.count(what, this.#transport);
  }
  get #transport(): TransportName {
    return this.#station.link?.transport ?? 'udp';
  }

  #rest(until: Cut, mean: number): Promise<void> {
    return pause(this.world.random.around(mean) * 1000 * this.world.pace, until);
  }

  /** Waits, or less when the call ends before. */
  #orOver(call: Call, seconds: number, until: Cut = NEVER): Promise<void> {
    return pause(seconds * 1000 * this.world.pace, call.over, until);
  }
}

const NEVER = new Cut();
const FORGET_MS = 40_000;
