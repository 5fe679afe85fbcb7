import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Ports handed out by this process, so that two callers never get the same one while neither has bound it yet. */
const given = new Set<number>();

/** Below the ports that Linux gives to outgoing connections and to port 0: those come and go between asking and binding. */
const [FIRST, LAST] = [10_000, 32_000];

/**
 * A port of 127.0.0.1 that was free a moment ago for UDP and TCP. For programs that cannot bind port 0 for both and
 * tell us what they got.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (given.has(port) || !await listensTcp(port) || !await bindsUdp(port)) continue;
    given.add(port);
    return port;
  }
}

/** The first of `count` neighbouring UDP ports that are free, even as RTP wants it (RFC 3550 §11). */
export async function freeRtpPorts(count: number): Promise<number> {
  for (;;) {
    const first = 2 * Math.floor(await freePort() / 2);
    if (first + count > 65_535) continue;
    const ports = Array.from({ length: count }, (_, at) => first + at);
    const free = await Promise.all(ports.map(bindsUdp));
    if (free.every(Boolean)) {
      for (const port of ports) given.add(port);
      return first;
    }
  }
}

function listensTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function bindsUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
