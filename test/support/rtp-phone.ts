import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readRtp, writeRtpHeader, type RtpHeader } from '../../sip/media/rtp/rtp-packet.js';
import { freeRtpPorts } from './product-ports.js';

export interface HeardPacket {
  readonly header: RtpHeader;
  readonly payload: Buffer;
  readonly from: number;
  readonly atMs: number;
}

/** RTP and RTCP of a phone on the loopback: says what it is told to, keeps what it hears. */
export class RtpPhone {
  readonly heard: HeardPacket[] = [];
  readonly reports: Buffer[] = [];
  readonly #waiting = new Set<() => void>();
  readonly ssrc = Math.floor(Math.random() * 2 ** 32);
  #sequence = 100;
  #timestamp = 8000;

  private constructor(readonly port: number, readonly rtp: Socket, readonly rtcp: Socket) {
    rtp.on('message', (packet, { port: from }) => {
      const header = readRtp(packet);
      if (header === null || (header.payloadType >= 64 && header.payloadType < 96)) this.reports.push(packet);
      else this.heard.push({ header, payload: packet.subarray(header.start, header.end), from, atMs: performance.now() });
      this.#look();
    });
    rtcp.on('message', (packet) => {
      this.reports.push(packet);
      this.#look();
    });
  }

  static async open(): Promise<RtpPhone> {
    const port = await freeRtpPorts(2);
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const [at, socket] of sockets.entries()) {
      socket.bind(port + at, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new RtpPhone(port, ...sockets);
  }

  /** PCMU, PCMA and telephone-event 101, as a desk phone offers. */
  sdp(...changes: readonly string[]): string {
    return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${this.port} RTP/AVP 0 8 101`,
      'a=rtpmap:101 telephone-event/8000', ...changes, ''].join('\r\n');
  }

  /** 20 ms of sound, or of another payload. */
  say(to: number, { payloadType = 0, payload = Buffer.alloc(160, 0xff), ssrc = this.ssrc, from = this.rtp }: {
    readonly payloadType?: number; readonly payload?: Buffer; readonly ssrc?: number; readonly from?: Socket;
  } = {}): void {
    this.#timestamp += 160;
    this.#send(to, payloadType, this.#timestamp, payload, false, ssrc, from);
  }

  /** A digit as RFC 4733 event: three packets under way and three ends. */
  press(to: number, digit: string, payloadType = 101): void {
    this.#timestamp += 1600;
    for (const [at, end] of [false, false, false, true, true, true].entries()) {
      const payload = Buffer.from([('0123456789*#ABCD').indexOf(digit), (end ? 0x80 : 0) | 10, 0, 0]);
      payload.writeUInt16BE(Math.min(at + 1, 4) * 160, 2);
      this.#send(to, payloadType, this.#timestamp, payload, at === 0, this.ssrc, this.rtp);
    }
  }

  /** Resolves when it holds; looked at with each packet. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }

  #send(to: number, payloadType: number, timestamp: number, payload: Buffer, marker: boolean, ssrc: number, from: Socket): void {
    const packet = Buffer.alloc(12 + payload.length);
    writeRtpHeader(packet, payloadType, marker, this.#sequence, timestamp, ssrc);
    this.#sequence += 1;
    payload.copy(packet, 12);
    from.send(packet, to, '127.0.0.1');
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** The port of the first media line of an SDP. */
export function mediaPort(sdp: string): number {
  return Number(/^m=\S+ (\d+)/m.exec(sdp)?.[1]);
}
