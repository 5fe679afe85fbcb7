/** A server of somebody's on loopback that takes webhooks, checks their signatures and answers what a test wants. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export interface ReceivedPost {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into many shapes
}

export interface WebhookReceiver {
  readonly url: string;
  readonly posts: ReceivedPost[];
  /** The status of the next answers; 200 at first. */
  answer(status: (post: ReceivedPost) => number): void;
  /** Whether the post is signed with this secret, over its very bytes. */
  signedWith(secret: string, post: ReceivedPost): boolean;
}

export async function startWebhookReceiver(t: Test): Promise<WebhookReceiver> {
  const posts: ReceivedPost[] = [];
  let statusOf: (post: ReceivedPost) => number = () => 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const post = { path: request.url ?? '', headers: request.headers, text, json: JSON.parse(text) as unknown };
      posts.push(post);
      response.writeHead(statusOf(post)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    posts,
    answer: (status) => void (statusOf = status),
    signedWith: (secret, { headers, text }) => {
      const digest = createHmac('sha256', secret).update(`${String(headers['cordboard-timestamp'])}.${text}`).digest('hex');
      return headers['cordboard-signature'] === `v1=${digest}`;
    },
  };
}
