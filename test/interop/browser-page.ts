import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import type { Test } from 'tap';
import { ROOT } from '../support/repository.js';

const SIPJS = join(ROOT, 'node_modules', 'sip.js', 'lib');
const HTML = '<!doctype html><meta charset="utf-8"><title>phone</title><script type="module" src="/phone.mjs"></script>';

/** Serves the page, its script, and the modules of sip.js as the package has them. */
export async function servePage(t: Test): Promise<string> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const file = path === '/phone.mjs' ? join(ROOT, 'test', 'interop', 'browser', 'phone.mjs') : path.startsWith('/sip.js/') ? join(SIPJS, path.slice('/sip.js/'.length)) : '';
    if (path === '/') response.setHeader('content-type', 'text/html').end(HTML);
    else if (file !== '' && existsSync(file)) createReadStream(file).pipe(response.setHeader('content-type', 'text/javascript'));
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  }));
  const address = server.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}
