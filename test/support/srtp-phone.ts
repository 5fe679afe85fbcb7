/** A phone that speaks SRTP (RFC 3711, AES_CM_128_HMAC_SHA1_80) with keys in its SDP (RFC 4568). */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readRtp, writeRtpHeader } from '../../sip/media/rtp/rtp-packet.js';

const SUITE = 'AES_CM_128_HMAC_SHA1_80';
const TAG = 10;

/** One direction's keys, made of the 30 bytes of an `inline:`. */
class SrtpKeys {
  readonly #key: Buffer;
  readonly #auth: Buffer;
  readonly #salt: Buffer;

  constructor(inline: string) {
    const master = Buffer.from(inline, 'base64');
    const [key, salt] = [master.subarray(0, 16), master.subarray(16, 30)];
    // RFC 3711 §4.3.1: the label is at the 7th byte, with the key derivation rate 0.
    const derive = (label: number, length: number): Buffer => {
      const iv = Buffer.concat([salt, Buffer.alloc(2)]);
      iv[7] = (iv[7] ?? 0) ^ label;
      return createCipheriv('aes-128-ctr', key, iv).update(Buffer.alloc(length));
    };
    this.#key = derive(0, 16);
    this.#auth = derive(1, 20);
    this.#salt = derive(2, 14);
  }

  protect(packet: Buffer): Buffer {
    const secret = Buffer.concat([packet.subarray(0, 12), this.#crypt(packet)]);
    return Buffer.concat([secret, this.#tag(secret)]);
  }

  /** Null where the tag is wrong. */
  open(packet: Buffer): Buffer | null {
    const secret = packet.subarray(0, packet.length - TAG);
    if (!this.#tag(secret).equals(packet.subarray(packet.length - TAG))) return null;
    return Buffer.concat([secret.subarray(0, 12), this.#crypt(secret)]);
  }

  #tag(secret: Buffer): Buffer {
    // The roll-over counter: no test sends 65536 packets.
    return createHmac('sha1', this.#auth).update(secret).update(Buffer.alloc(4)).digest().subarray(0, TAG);
  }

  #crypt(packet: Buffer): Buffer {
    const iv = Buffer.concat([this.#salt, Buffer.alloc(2)]);
    for (let at = 0; at < 4; at += 1) iv[4 + at] = (iv[4 + at] ?? 0) ^ (packet[8 + at] ?? 0);
    for (let at = 0; at < 2; at += 1) iv[12 + at] = (iv[12 + at] ?? 0) ^ (packet[2 + at] ?? 0);
    return createCipheriv('aes-128-ctr', this.#key, iv).update(packet.subarray(12));
  }
}

export class SrtpPhone {
  /** Payloads that came with a right tag. */
  readonly heard: Buffer[] = [];
  forged = 0;
  readonly #inline = randomBytes(30).toString('base64');
  readonly #out: SrtpKeys;
  #in: SrtpKeys | null = null;
  #to = 0;
  /** RFC 4568 §5.1.2: an answer names the tag of the offer it takes. */
  #tag = '1';
  #sequence = 100;
  #timestamp = 8000;
  readonly #waiting = new Set<() => void>();

  private constructor(readonly port: number, readonly socket: Socket) {
    this.#out = new SrtpKeys(this.#inline);
    socket.on('message', (packet) => {
      const type = (packet[1] ?? 0) & 0x7f;
      if (type >= 64 && type < 96) return;
      const opened = this.#in?.open(packet) ?? null;
      const header = opened === null ? null : readRtp(opened);
      if (opened === null || header === null) this.forged += 1;
      else this.heard.push(opened.subarray(header.start, header.end));
      for (const look of [...this.#waiting]) look();
    });
  }

  static async open(): Promise<SrtpPhone> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new SrtpPhone(socket.address().port, socket);
  }

  sdp(...changes: readonly string[]): string {
    return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${this.port} RTP/SAVP 0 8 101`,
      'a=rtpmap:101 telephone-event/8000', `a=crypto:${this.#tag} ${SUITE} inline:${this.#inline}`, ...changes, ''].join('\r\n');
  }

  /** The other side's SDP; throws where it brings no key of this suite. */
  told(sdp: string): void {
    const [, tag = '', inline] = /^a=crypto:(\d+) AES_CM_128_HMAC_SHA1_80 inline:([A-Za-z0-9+/=]+)/m.exec(sdp) ?? [];
    if (inline === undefined) throw new Error(`no key in ${sdp}`);
    this.#tag = tag;
    this.#in = new SrtpKeys(inline);
    this.#to = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
  }

  say(payload: Buffer = Buffer.alloc(160, 0x55)): void {
    this.#timestamp += 160;
    this.#send(0, this.#timestamp, payload, false);
  }

  press(digit: string): void {
    this.#timestamp += 1600;
    for (const [at, end] of [false, false, false, true, true, true].entries()) {
      const payload = Buffer.from([('0123456789*#ABCD').indexOf(digit), (end ? 0x80 : 0) | 10, 0, 0]);
      payload.writeUInt16BE(Math.min(at + 1, 4) * 160, 2);
      this.#send(101, this.#timestamp, payload, at === 0);
    }
  }

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
    this.socket.close();
  }

  #send(payloadType: number, timestamp: number, payload: Buffer, marker: boolean): void {
    const packet = Buffer.alloc(12 + payload.length);
    writeRtpHeader(packet, payloadType, marker, this.#sequence, timestamp, 0x5eed);
    this.#sequence += 1;
    payload.copy(packet, 12);
    this.socket.send(this.#out.protect(packet), this.#to, '127.0.0.1');
  }
}
