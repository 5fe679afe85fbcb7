/** Yealink's redirect service on loopback, by HTTPS: checks who signs, keeps phones of several accounts, refuses and fails at will. */
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { makeSelfSigned } from '../../src/security/certificates.js';

export interface FakeRps {
  readonly origin: string;
  /** Trusts it. */
  readonly ca: string;
  readonly key: string;
  readonly secret: string;
  /** Phones by MAC address: whose, and where they are sent. */
  readonly phones: Map<string, { readonly id: string; readonly owner: string; readonly url: string }>;
  /** Paths asked for, with how many phones each named. */
  readonly calls: string[];
  /** Every next answer has this status and no body of the API; null = it works. */
  fail(status: number | null): void;
  /** The next addition of a phone is refused by this code. */
  refuse(code: string): void;
}

export async function startFakeRps(t: Test): Promise<FakeRps> {
  const key = 'access-key-1';
  const secret = 'a secret of the account';
  const phones: FakeRps['phones'] = new Map();
  const calls: string[] = [];
  const nonces = new Set<string>();
  let failing: number | null = null;
  let code: string | null = null;
  let ids = 0;
  const certificate = await makeSelfSigned(['localhost', '127.0.0.1'], Date.now());
  const ok = (data: unknown) => ({ ret: 1, data, error: null });
  const no = (msg: string) => ({ ret: -1, data: null, error: { msg, fieldErrors: null } });

  const answer = (path: string, body: { readonly macs?: string[]; readonly uniqueServerUrl?: string; readonly key?: string; readonly id?: string }): object => {
    const macs = body.macs ?? [];
    calls.push(`${path.split('/').at(-1) ?? ''} ${macs.length}`);
    switch (path) {
      case '/api/open/v1/device/add': {
        if (code !== null) return no(code);
        if (macs.some((mac) => phones.has(mac))) return no('device.mac.existed');
        for (const mac of macs) phones.set(mac, { id: `id-${ids += 1}`, owner: key, url: body.uniqueServerUrl ?? '' });
        return ok(macs.map((mac) => ({ id: phones.get(mac)?.id, mac })));
      }
      case '/api/open/v1/device/list': {
        const mine = [...phones].filter(([mac, { owner }]) => owner === key && mac.includes(body.key ?? ''));
        return ok({ skip: 0, limit: 50, total: mine.length, data: mine.map(([mac, { id, url }]) => ({ id, mac: mac.toUpperCase(), uniqueServerUrl: url, serverUrl: null })) });
      }
      case '/api/open/v1/device/edit': {
        const [mac, phone] = [...phones].find(([, { id, owner }]) => id === body.id && owner === key) ?? [];
        if (mac === undefined || phone === undefined) return no('device.not.found');
        phones.set(mac, { ...phone, url: body.uniqueServerUrl ?? '' });
        return ok(null);
      }
      case '/api/open/v1/device/delete': {
        const mine = macs.filter((mac) => phones.get(mac)?.owner === key);
        for (const mac of mine) phones.delete(mac);
        return mine.length === 0 ? no('device.not.found') : ok(null);
      }
      default:
        return no('url.not.found');
    }
  };

  const server = createServer(certificate, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const header = (name: string) => String(request.headers[name] ?? '');
      const path = request.url ?? '';
      const signed = `POST\nContent-MD5:${header('content-md5')}\nX-Ca-Key:${header('x-ca-key')}\nX-Ca-Nonce:${header('x-ca-nonce')}\nX-Ca-Timestamp:${header('x-ca-timestamp')}\n${path.slice(1)}`;
      const right = header('content-md5') === createHash('md5').update(text).digest('base64') && header('x-ca-key') === key
        && header('x-ca-signature') === createHmac('sha256', secret).update(signed).digest('base64') && !nonces.has(header('x-ca-nonce')) && /^\d{13}$/.test(header('x-ca-timestamp'));
      nonces.add(header('x-ca-nonce'));
      const body = !right ? no('signature.verify.failed') : failing === null ? answer(path, JSON.parse(text) as object) : { status: failing };
      response.writeHead(failing ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca: certificate.cert, key, secret, phones, calls,
    fail: (status) => void (failing = status), refuse: (refusal) => void (code = refusal === '' ? null : refusal),
  };
}
