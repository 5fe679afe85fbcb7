import { randomBytes, randomInt } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { DigitCollector, type Collected, type CollectSpec } from '../dtmf/digit-collector.js';
import { DigitPaths, type DigitPath } from '../dtmf/digit-paths.js';
import { Latch } from '../rtp/latch.js';
import type { Paced } from '../rtp/pacer.js';
import type { PortPair } from '../rtp/port-pair.js';
import { isRtcp } from '../rtp/rtp-packet.js';
import { eventOf } from '../rtp/telephone-event.js';
import type { AudioLine } from '../sdp/audio-line.js';
import { Incoming, type Accepted } from './incoming.js';
import { Playout, type EncodedAudio } from './playout.js';
import { RtcpSession } from './rtcp-session.js';

export type PlayEnd = 'completed' | 'barge-in' | 'stopped' | 'closed';

/** What an endpoint tells; ids are those of the commands. */
export interface EndpointListener {
  played(id: number, end: PlayEnd): void;
  collected(id: number, result: Collected): void;
  inactive(): void;
}

export interface StreamOptions {
  /** Where the party's SIP comes from. */
  readonly peer: string;
  readonly latch: 'first-valid' | 'known-address';
  /** 0 = never. */
  readonly inactivityMs: number;
}

export interface StreamFigures {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly packetsDropped: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly remote: { readonly address: string; readonly port: number; readonly latched: boolean } | null;
}

/** One party's media: a pair of ports, what is played to it, what it types. Driven by the pacer's frames; has no timer. */
export class Endpoint implements Paced {
  readonly #ports: PortPair;
  readonly #options: StreamOptions;
  readonly #listener: EndpointListener;
  readonly #now: () => number;
  readonly #latch: Latch;
  readonly #rtcpLatch: Latch;
  readonly #playout: Playout;
  readonly #incoming: Incoming;
  readonly #rtcp = new RtcpSession(randomBytes(9).toString('base64url'));
  readonly #paths = new DigitPaths();
  readonly #collector = new DigitCollector();
  #audio: AudioLine | null = null;
  #infoSeen = false;
  #play: { readonly id: number; readonly bargeIn: boolean } | null = null;
  #collect: number | null = null;
  #lastHeardMs: number;
  #toldInactive = false;
  #open = true;

  constructor(ports: PortPair, options: StreamOptions, listener: EndpointListener, now: () => number) {
    this.#ports = ports;
    this.#options = options;
    this.#listener = listener;
    this.#now = now;
    this.#lastHeardMs = now();
    this.#latch = new Latch((address, told) => options.latch === 'first-valid' || address === told?.address || address === options.peer);
    // RTCP comes from where RTP comes from.
    this.#rtcpLatch = new Latch((address) => !this.#latch.latched || address === this.#latch.target?.address);
    this.#playout = new Playout(randomInt(2 ** 32), randomInt(2 ** 15), randomInt(2 ** 31), (packet) => {
      const target = this.#latch.target;
      if (target !== null) ports.sendRtp(packet, target);
    });
    this.#incoming = new Incoming(this.#latch, (digit, path) => this.#heard(digit, path));
    ports.receive((packet, from) => this.#rtpPort(packet, from), (packet, from) => this.#rtcpPacket(packet, from));
  }

  /**
   * Goes by what the other side's SDP says, first or in a re-INVITE.
   * @param also payload types it may use besides, those of our own offer
   */
  negotiate(audio: AudioLine, also: Accepted = new Map()): void {
    this.#audio = audio;
    const accepted = new Map(also).set(audio.payloadType, audio.law);
    if (audio.eventType !== null) accepted.set(audio.eventType, 'event');
    this.#incoming.accept(accepted, this.#needsTones());
    this.#latch.expect(audio.rtp);
    this.#rtcpLatch.expect(audio.rtcp);
    this.#playout.use(audio);
    this.#lastHeardMs = this.#now();
    this.#toldInactive = false;
  }

  /** Whether the other side does not listen. */
  get held(): boolean {
    return !this.#audible();
  }

  play(id: number, audio: readonly EncodedAudio[], bargeIn: boolean): void {
    this.#endPlay('stopped');
    this.#play = { id, bargeIn };
    if (!this.#open) return this.#endPlay('closed');
    if (bargeIn && this.#collector.hasAhead) return this.#endPlay('barge-in');
    this.#playout.play(audio);
    if (!this.#playout.playing) this.#endPlay('completed');
  }

  stopPlay(id: number): void {
    if (this.#play?.id === id) this.#endPlay('stopped');
  }

  collect(id: number, spec: CollectSpec): void {
    this.#endCollect(this.#collector.close());
    if (!this.#open) return this.#listener.collected(id, { digits: '', reason: 'closed' });
    this.#collect = id;
    this.#endCollect(this.#collector.begin(spec, this.#now()));
  }

  clearDigits(): void {
    this.#collector.clear();
  }

  /** A digit of SIP INFO: from now on none is looked for in the sound. */
  feedDigit(digit: string): void {
    if (!this.#open || eventOf(digit) < 0) return;
    this.#infoSeen = true;
    this.#incoming.hearTones(false);
    this.#heard(digit, 'info');
  }

  sendDigit(digit: string, ms: number): void {
    this.#playout.sendDigit(digit, ms);
  }

  frame(nowMs: number, skippedFrames: number): void {
    this.#playout.frame(skippedFrames, this.#audible());
    if (this.#play !== null && !this.#playout.playing) this.#endPlay('completed');
    this.#endCollect(this.#collector.tick(nowMs, this.#play !== null));
    if (this.#rtcp.frame()) this.#report(nowMs, false);
    this.#watchInactivity(nowMs);
  }

  figures(): StreamFigures {
    const { received, lost, dropped, jitterMs } = this.#incoming.figures;
    const target = this.#latch.target;
    return {
      packetsSent: this.#playout.packets, packetsReceived: received, packetsDropped: dropped, packetsLost: lost, jitterMs,
      remote: target === null ? null : { ...target, latched: this.#latch.latched },
    };
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#endPlay('closed');
    this.#endCollect(this.#collector.close());
    this.#report(this.#now(), true);
    this.#ports.close();
  }

  #audible(): boolean {
    const direction = this.#audio?.direction;
    return direction === 'sendrecv' || direction === 'recvonly';
  }

  #needsTones(): boolean {
    return this.#audio !== null && this.#audio.eventType === null && !this.#infoSeen;
  }

  #rtpPort(packet: Buffer, from: RemoteInfo): void {
    if (this.#audio?.rtcpMux === true && isRtcp(packet)) return this.#rtcpPacket(packet, from);
    const now = this.#now();
    if (!this.#incoming.packet(packet, from, now)) return;
    this.#lastHeardMs = now;
    this.#toldInactive = false;
  }

  #rtcpPacket(packet: Buffer, from: RemoteInfo): void {
    if (this.#rtcpLatch.accepts(from.address, from.port)) this.#rtcp.received(packet, this.#now());
  }

  #report(nowMs: number, goodbye: boolean): void {
    const mux = this.#audio?.rtcpMux === true;
    const target = mux ? this.#latch.target : this.#rtcpLatch.target;
    if (target === null) return;
    const packet = this.#rtcp.report(this.#playout, this.#incoming.reception, nowMs, goodbye);
    if (mux) this.#ports.sendRtp(packet, target);
    else this.#ports.sendRtcp(packet, target);
  }

  #watchInactivity(nowMs: number): void {
    const direction = this.#audio?.direction;
    const speaks = direction === 'sendrecv' || direction === 'sendonly';
    if (!speaks) this.#lastHeardMs = nowMs;
    if (this.#options.inactivityMs === 0 || this.#toldInactive || nowMs - this.#lastHeardMs < this.#options.inactivityMs) return;
    this.#toldInactive = true;
    this.#listener.inactive();
  }

  #heard(digit: string, path: DigitPath): void {
    const now = this.#now();
    if (!this.#paths.accepts(digit, path, now)) return;
    if (this.#play?.bargeIn === true) this.#endPlay('barge-in');
    this.#endCollect(this.#collector.digit(digit, now));
  }

  #endPlay(end: PlayEnd): void {
    const play = this.#play;
    if (play === null) return;
    this.#play = null;
    this.#playout.stop();
    this.#listener.played(play.id, end);
  }

  #endCollect(result: Collected | null): void {
    const id = this.#collect;
    if (result === null || id === null) return;
    this.#collect = null;
    this.#listener.collected(id, result);
  }
}
