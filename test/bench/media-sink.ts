/**
 * Hears every caller of the media benchmark on one socket, in a thread of its own. To the main thread: the port, then at each `read` what
 * was measured since the last one. Times are taken when a packet is read: this thread's own delays count against the product.
 */
import { createSocket } from 'node:dgram';
import { parentPort } from 'node:worker_threads';

export interface SinkFigures {
  readonly packets: number;
  readonly streams: number;
  readonly lost: number;
  /** Sound, not silence. */
  readonly audible: number;
  /** |D| of RFC 3550 §6.4.1 for each pair of packets, milliseconds, ascending. */
  readonly deviations: Float32Array;
  /** The worst stream's interarrival jitter, milliseconds. */
  readonly worstJitterMs: number;
}

interface Stream {
  sequence: number;
  timestamp: number;
  atMs: number;
  jitter: number;
}

const main = parentPort;
if (main === null) throw new TypeError('media-sink runs as a worker thread only');

const streams = new Map<number, Stream>();
let deviations: number[] = [];
let figures = { packets: 0, lost: 0, audible: 0 };

const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
socket.on('message', (packet) => {
  const atMs = performance.now();
  // audio only
  if (packet.length < 172 || (packet[1] ?? 0) >= 192) return;
  const [sequence, timestamp, ssrc] = [packet.readUInt16BE(2), packet.readUInt32BE(4), packet.readUInt32BE(8)];
  figures.packets += 1;
  if (packet[20] !== packet[21] || packet[20] !== packet[22]) figures.audible += 1;
  const stream = streams.get(ssrc);
  if (stream === undefined) {
    streams.set(ssrc, { sequence, timestamp, atMs, jitter: 0 });
    return;
  }
  figures.lost += ((sequence - stream.sequence) & 0xffff) - 1;
  const deviation = Math.abs(atMs - stream.atMs - ((timestamp - stream.timestamp) >>> 0) / 8);
  deviations.push(deviation);
  stream.jitter += (deviation - stream.jitter) / 16;
  Object.assign(stream, { sequence, timestamp, atMs });
});
socket.bind(0, '127.0.0.1', () => main.postMessage(socket.address().port));

main.on('message', () => {
  const answer: SinkFigures = {
    ...figures, streams: streams.size, deviations: Float32Array.from(deviations).sort(),
    worstJitterMs: Math.max(0, ...[...streams.values()].map(({ jitter }) => jitter)),
  };
  deviations = [];
  figures = { packets: 0, lost: 0, audible: 0 };
  main.postMessage(answer);
});
