import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

const CHANNEL = 'net.client.socket';

/**
 * Runs `connect`; what the socket it opens writes in one turn of the event loop then leaves in one system call.
 * Interop: drachtio-srf writes each frame by itself, and a call that is answered or ended sends several at once. Node
 * tells of the socket on a diagnostics channel, so the library stays as it is.
 */
export function gatherWrites(connect: () => void): void {
  const onSocket = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    if (message.socket instanceof Socket) corkByTurn(message.socket);
  };
  subscribe(CHANNEL, onSocket);
  try {
    connect();
  } finally {
    unsubscribe(CHANNEL, onSocket);
  }
}

function corkByTurn(socket: Socket): void {
  let corked = false;
  socket.write = new Proxy(socket.write, {
    apply(write, self, args) {
      if (!corked) {
        corked = true;
        socket.cork();
        setImmediate(() => {
          corked = false;
          socket.uncork();
        });
      }
      return Reflect.apply(write, self, args);
    },
  });
}
