import { createHash } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { generate } from 'selfsigned';
import t from 'tap';
import { askFile, folderIn, startPhoneFileOffice } from '../support/phone-file-office.js';

/** As a phone answers a challenge, by means of its own (RFC 7616 §3.4). */
function digestHeader(challenge: string, { user, password, uri, method = 'GET' }: { readonly user: string; readonly password: string; readonly uri: string; readonly method?: string }): string {
  const param = (name: string): string => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? '';
  const algorithm = param('algorithm');
  const hash = (text: string): string => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text).digest('hex');
  const ha1 = hash(`${user}:${param('realm')}:${password}`);
  const response = hash(`${ha1}:${param('nonce')}:00000001:abc:auth:${hash(`${method}:${uri}`)}`);
  return `Digest username="${user}", realm="${param('realm')}", nonce="${param('nonce')}", uri="${uri}", algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="abc", response="${response}"`;
}

t.test('second factors of phones', async (t) => {
  const office = await startPhoneFileOffice(t);
  const { add, ask, clock, enrol, expect, provisioning, readOnly, server } = office;
  const settings = '/v2/cordboard/account/desk_phone_settings';
  const phone = async (more: object = {}) => {
    const id = await add(more);
    const mac: string = (await expect(200, 'GET', `/v2/phone/devices/${id}`)).json.mac_address.replace(/[^0-9a-fA-F]/g, '').toLowerCase();
    return { id, mac, first: await enrol(id) };
  };
  const shape = ({ status, headers, body }: Awaited<ReturnType<typeof ask>>) => ({ status, headers: headers.map((one) => one.replace(/nonce="[^"]+"/, 'nonce=""')), body });

  await t.test('a name and a password in the configuration, then shown with every request', async (t) => {
    const [here, before] = [await phone(), await phone()];
    const oldFolder = folderIn((await ask(`${before.first}${before.mac}.cfg`)).body, server.origin);
    t.equal((await ask(`${oldFolder}${before.mac}.cfg`)).status, 200);
    t.match(shape(await ask(`${server.origin}/p/${'a'.repeat(32)}/x.cfg`)), { status: 404 }, 'as long as nobody is asked, nobody is challenged');
    await expect(403, 'PATCH', settings, { http_credentials: { value: true } }, readOnly);
    t.match((await expect(200, 'PATCH', settings, { http_credentials: { value: true } })).json.http_credentials, { value: true, origin: 'account' });
    t.match((await provisioning(before.id)), { provisioning_status: 'pending' });
    const configuration = (await ask(`${here.first}${here.mac}.cfg`)).body;
    const [, user = '', password = ''] = /\.server\.username = (\S+)\n.*\.server\.password = (\S+)\n/s.exec(configuration) ?? [];
    t.equal(user, `phone-${here.mac}`);
    t.match(password, /^[A-Za-z0-9]{24}$/);
    t.equal((await ask(`${here.first}${here.mac}.cfg`)).status, 200, 'the window is not closed by it');
    const folder = folderIn(configuration, server.origin);
    const url = `${folder}${here.mac}.cfg`;
    const uri = new URL(url).pathname;
    const challenged = await ask(url);
    const challenges = challenged.headers.filter((one) => /^www-authenticate:/i.test(one));
    t.match(challenges, [/Digest realm="phones", nonce="[^"]+", algorithm=SHA-256, qop="auth"$/, /algorithm=MD5/, /Basic realm="phones"/]);
    for (const [name, header] of [['SHA-256', challenges[0]], ['MD5', challenges[1]]] as const) {
      t.equal((await ask(url, { headers: { authorization: digestHeader(header ?? '', { user, password, uri }) } })).status, 200, name);
    }
    t.equal((await ask(url, { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } })).status, 200, 'Basic');
    const unknown = shape(await ask(`${server.origin}/p/${'a'.repeat(32)}/${here.mac}.cfg`));
    t.same(shape(challenged), unknown, 'the challenge is the same where there is no such token');
    const wrong = { authorization: digestHeader(challenges[0] ?? '', { user, password: 'wrong', uri }) };
    const refusal = shape(await ask(url, { headers: wrong }));
    t.match(refusal, { status: 404, body: 'Not found\n' });
    for (const [name, at, headers] of [
      ['nobody knows the token', `${server.origin}/p/${'a'.repeat(32)}/${here.mac}.cfg`, wrong], ['another phone\'s file', `${folder}${before.mac}.cfg`, wrong],
      ['Basic, wrong', url, { authorization: `Basic ${Buffer.from(`${user}:wrong`).toString('base64')}` }], ['another scheme', url, { authorization: 'Bearer x' }],
    ] as const) t.same(shape(await ask(at, { headers })), refusal, name);
    t.match(shape(await ask(url, { headers: { authorization: digestHeader('realm="phones", nonce="made.up.here", algorithm=MD5', { user, password, uri }) } })), { status: 401 }, 'a nonce of nobody');
    clock.advance(6 * 60_000);
    const late = await ask(url, { headers: { authorization: digestHeader(challenges[0] ?? '', { user, password, uri }) } });
    t.match(late.headers.join('\n'), /stale=true/, 'an old nonce is renewed');
    t.match((await provisioning(here.id)).reasons[0], { code: 'wrong-credentials' });

    const carried = await ask(`${oldFolder}${before.mac}.cfg`);
    t.equal(carried.status, 200, 'a phone that was never given any comes once more without');
    t.equal((await ask(`${oldFolder}${before.mac}.cfg`)).status, 401, 'and then no more');
    t.notMatch((await expect(200, 'GET', `/v2/cordboard/devices/${here.id}/provisioning/preview`)).text, password);
    t.notOk(office.lines.some((line) => line.includes(password)));

    await expect(200, 'POST', `/v2/cordboard/devices/${here.id}/provisioning/rotate`, {});
    const rotated = (await ask(url, { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } })).body;
    const next = /\.server\.password = (\S+)\n/.exec(rotated)?.[1] ?? '';
    t.not(next, password, 'another address, another password');
    const newUrl = `${folderIn(rotated, server.origin)}${here.mac}.cfg`;
    t.equal((await ask(newUrl, { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } })).status, 404);
    t.equal((await ask(newUrl, { headers: { authorization: `Basic ${Buffer.from(`${user}:${next}`).toString('base64')}` } })).status, 200);

    await expect(200, 'PATCH', settings, { http_credentials: { value: false } });
    const free = await ask(newUrl);
    t.equal(free.status, 200);
    t.match(free.body, /\.server\.username = ?\n/);
  });

  await t.test('each make gets them in its own words; one that cannot is asked for none', async (t) => {
    await expect(200, 'PATCH', settings, { http_credentials: { value: true } });
    for (const [type, model, name, pattern] of [
      ['Poly', 'VVX 450', '{mac}-cordboard.cfg', /device\.prov\.user="phone-\w+"\s+device\.prov\.password\.set="1"\s+device\.prov\.password="\w{24}"/],
      ['Cisco', '8841', '{mac}.xml', /<Profile_Rule ua="na">\[--uid phone-\w+ --pwd \w{24}\] https:/], ['Grandstream', 'GRP2614', 'cfg{mac}.xml', /config\.username">phone-\w+<\/item>\s*<item name="provisioning\.config\.password">\w{24}</],
      ['Snom', 'D785', '{MAC}.xml', /<http_client_user perm="R">phone-\w+<\/http_client_user>\s*<http_client_pass perm="R">\w{24}</], ['Fanvil', 'X5U', '{mac}.cfg', /<DefaultUsername>phone-\w+<\/DefaultUsername>\s*<DefaultPassword>\w{24}</],
    ] as const) {
      const { mac, first } = await phone({ type, model });
      const file = name.replace('{mac}', mac).replace('{MAC}', mac.toUpperCase());
      const { body } = await ask(`${first}${file}`);
      t.match(body, pattern, type);
      t.equal((await ask(`${folderIn(body, server.origin)}${file}`)).status, 401, type);
    }
    const audio = await phone({ type: 'AudioCodes', model: '445HD' });
    const folder = folderIn((await ask(`${audio.first}${audio.mac.toUpperCase()}.cfg`)).body, server.origin);
    t.equal((await ask(`${folder}${audio.mac.toUpperCase()}.cfg`)).status, 200);
    t.equal((await ask(`${folder}445HD.img`)).status, 404, 'what is not there is not challenged for a phone that is');
    await expect(200, 'PATCH', settings, { http_credentials: { value: false } });
  });

  await t.test("a maker's certificate with the phone's own MAC address", async (t) => {
    const authorities = '/v2/cordboard/provisioning/device_authorities';
    const made = async (cn: string, ca?: { readonly cert: string; readonly private: string }) => generate([{ name: 'commonName', value: cn }], {
      keyType: 'rsa', keySize: 2048, algorithm: 'sha256', extensions: [{ name: 'basicConstraints', cA: ca === undefined, critical: true }],
      ...(ca === undefined ? {} : { ca: { key: ca.private, cert: ca.cert } }),
    });
    const [maker, other] = [await made('Maker Root'), await made('Other Root')];
    t.match((await expect(409, 'PATCH', settings, { client_certificate: { value: true } })).json.errors, [{ field: 'client_certificate' }]);
    const { id, mac, first } = await phone();
    const own = await made(mac.toUpperCase(), maker);
    for (const [body, status, options] of [
      [{ vendor: 'Yealink', pem: 'none' }, 400], [{ vendor: 'Yealink', pem: own.cert }, 400], [{ vendor: 'Acme', pem: maker.cert }, 400], [{ vendor: 'Yealink', pem: maker.cert }, 403, readOnly],
    ] as const) await expect(status, 'POST', authorities, body, options);
    await expect(201, 'POST', authorities, { vendor: 'yealink', pem: `# root\n${maker.cert}` });
    const trusted = (await expect(200, 'GET', authorities)).json.authorities;
    t.match(trusted, [{ vendor: 'Yealink', name: /Maker Root/ }]);
    server.tls.setClientAuthorities((await office.deps.stores.deviceAuthorities.all(null)).map(({ pem }) => pem));
    await expect(200, 'PATCH', settings, { client_certificate: { value: true } });
    const url = `${first}${mac}.cfg`;
    const get = (pair?: { readonly cert: string; readonly private: string }) => new Promise<number>((resolve, reject) => {
      const request = httpsRequest(url, { rejectUnauthorized: false, agent: false, ...(pair === undefined ? {} : { cert: pair.cert, key: pair.private }) }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      });
      request.once('error', reject).end();
    });
    const stranger = await made(mac, other);
    for (const [name, pair, status] of [
      ['none', undefined, 404], ['its own', own, 200], ["another phone's", await made('001565ffffff', maker), 404], ['by another authority', stranger, 404], ['signed by itself', await made(mac), 404],
    ] as const) t.equal(await get(pair), status, name);
    t.same(shape(await askFile(url)), shape(await askFile(`${server.origin}/p/${'a'.repeat(32)}/x.cfg`)));
    await server.files.settled();
    t.match((await provisioning(id)).reasons.map(({ code }: { code: string }) => code), /wrong-certificate/);
    await expect(204, 'DELETE', `${authorities}/${trusted[0].id}`);
    t.equal(await get(own), 404, 'nobody vouches for it any more, though the listener has not heard');
    await expect(404, 'DELETE', `${authorities}/${trusted[0].id}`);
    await expect(200, 'PATCH', settings, { client_certificate: { inherit: true } });
    t.equal(await get(), 200);
  });
});
