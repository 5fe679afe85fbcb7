import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { createWebhookSender } from '../../../src/outbound/webhook-sender.js';

async function receiver(t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const HEADERS = { 'cordboard-event-id': 'e1' };

t.test('posts once, with its own headers, and tells the status alone', async (t) => {
  const seen: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  const port = await receiver(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(202).end('ignored');
  });
  const sender = createWebhookSender({ allowed: ['127.0.0.1'] });
  t.same(await sender.post({ url: `http://127.0.0.1:${port}/a?b=c`, headers: HEADERS, body: '{"ü":1}' }), { kind: 'answered', status: 202 });
  t.match(seen, [{ method: 'POST', url: '/a?b=c', body: '{"ü":1}', headers: { 'content-type': 'application/json', 'cordboard-event-id': 'e1', 'host': `127.0.0.1:${port}` } }]);
});

t.test('a name is looked up once, and its Host stays', async (t) => {
  let host = '';
  const port = await receiver(t, (request, response) => {
    host = request.headers.host ?? '';
    response.writeHead(200).end();
  });
  let asked = 0;
  const lookUp = async () => {
    asked += 1;
    // A second answer would be another one: what was checked is what is connected to.
    return [{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }];
  };
  const sender = createWebhookSender({ allowed: ['hooks.test'], lookUp });
  t.same(await sender.post({ url: `http://hooks.test:${port}/`, headers: {}, body: '' }), { kind: 'answered', status: 200 });
  t.equal(asked, 1);
  t.equal(host, `hooks.test:${port}`);
});

t.test('redirections are not followed', async (t) => {
  let visits = 0;
  const port = await receiver(t, (_request, response) => {
    visits += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  const sender = createWebhookSender({ allowed: ['127.0.0.1'] });
  t.same(await sender.post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '' }), { kind: 'answered', status: 302 });
  t.equal(visits, 1);
});

t.test('an answer without end is cut', async (t) => {
  const port = await receiver(t, (_request, response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  });
  const sender = createWebhookSender({ allowed: ['127.0.0.1'] });
  t.same(await sender.post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '' }), { kind: 'answered', status: 200 });
});

t.test('silence ends in time, at the head and in the look-up', async (t) => {
  const port = await receiver(t, () => undefined);
  const sender = createWebhookSender({ allowed: ['127.0.0.1', 'slow.test'], wholeMs: 50, lookUp: () => new Promise(() => undefined) });
  t.same(await sender.post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '' }), { kind: 'unanswered', error: 'No answer in time.' });
  t.same(await sender.post({ url: 'http://slow.test/', headers: {}, body: '' }), { kind: 'unanswered', error: 'No answer in time.' });
});

t.test('nothing is sent where it may not go', async (t) => {
  let visits = 0;
  const port = await receiver(t, (_request, response) => {
    visits += 1;
    response.end();
  });
  const sender = createWebhookSender({ allowed: [], lookUp: async () => [{ address: '127.0.0.1', family: 4 }] });
  for (const url of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, `https://localhost:${port}/`, `https://[::1]:${port}/`, 'ftp://127.0.0.1/', 'nonsense']) {
    t.match(await sender.post({ url, headers: {}, body: '' }), { kind: 'unanswered' }, url);
  }
  t.equal(visits, 0);
  const dead = createWebhookSender({ allowed: ['127.0.0.1'] });
  t.same(await dead.post({ url: 'http://127.0.0.1:1/', headers: {}, body: '' }), { kind: 'unanswered', error: 'The host refused the connection.' });
});

t.test('who stops does not wait', async (t) => {
  const stop = new AbortController();
  const port = await receiver(t, () => stop.abort());
  const sender = createWebhookSender({ allowed: ['127.0.0.1'] });
  t.match(await sender.post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '' }, stop.signal), { kind: 'unanswered' });
});
