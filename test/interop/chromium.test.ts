/** sip.js in web pages of a real browser: they register over WS and WSS, call each other and desk phones, and talk by WebRTC. */
import t from 'tap';
import { startChromium, type Page } from '../support/chromium.js';
import { addPhone, type Phone } from '../support/product-phones.js';
import { endedCall } from '../support/product-records.js';
import { startProduct, type Product } from '../support/product.js';
import { scriptedPhone } from '../support/scripted-phone.js';
import { servePage } from './browser-page.js';
import { clientsAreHere } from './clients.js';

function portOf(product: Product, transport: string): number {
  const sip = product.log.lines.find(({ event }) => event === 'ready')?.fields['sip'];
  const found = Array.isArray(sip) ? sip.find((each: { readonly transport: string }) => each.transport === transport) : undefined;
  return found?.port ?? 0;
}

if (clientsAreHere(t, ['chromium'])) {
  const origin = await servePage(t);
  const product = await startProduct({ env: { SIP_WS_PORT: '0', SIP_WSS_PORT: '0', SIP_WS_ORIGINS: origin } });
  t.teardown(() => product.close());
  const chromium = await startChromium('chromium');
  t.teardown(() => chromium.stop());
  const phoneOf = async (line: Phone, transport: 'ws' | 'wss'): Promise<Page> => {
    const page = await chromium.open(`${origin}/`);
    const { userName, password, domain } = line;
    const started = await page.run<number>(`phone.start(${JSON.stringify({ server: `${transport}://127.0.0.1:${portOf(product, transport)}`, userName, password, domain })})`);
    if (started !== 200) throw new Error(`REGISTER over ${transport} answered ${started}`);
    return page;
  };
  const lines = { ann: await addPhone(product, '5101'), ben: await addPhone(product, '5102'), desk: await addPhone(product, '5103') };
  const ann = await phoneOf(lines.ann, 'ws');
  const ben = await phoneOf(lines.ben, 'wss');

  for (const [caller, callee, number, from, ends] of [[ann, ben, '5102', '5101', 'caller'], [ben, ann, '5101', '5102', 'callee']] as const) {
    await t.test(`a page calls another, each hears the other, and the ${ends} hangs up`, async (t) => {
      await caller.run(`phone.dial('${number}')`);
      t.match(await callee.run<string>('phone.called()'), from, 'the called page sees who calls');
      await callee.run('phone.accept()');
      await Promise.all([caller, callee].map((page) => page.run('phone.established()')));
      t.strictSame(await Promise.all([caller, callee].map((page) => page.run('phone.heard()'))), ['connected', 'connected'], 'audio comes in on both sides');
      const [first, other] = ends === 'caller' ? [caller, callee] : [callee, caller];
      await first.run('phone.hangUp()');
      await other.run('phone.terminated()');
      t.match(await endedCall(product, from, number), { call_result: 'answered', end_cause: `${ends}-hangup` });
    });
  }

  await t.test('a desk phone: refuses a page, and calls one and gives up', async (t) => {
    const desk = await scriptedPhone(t, { edge: { address: product.sip.host, port: product.sip.port }, ...lines.desk });
    t.equal((await desk.register()).status, 200);
    await ann.run("phone.dial('5103')");
    const incoming = await desk.called();
    t.match(incoming.invite.body, /UDP\/TLS\/RTP\/SAVPF/, "the browser's own offer");
    await incoming.refuse(486, 'Busy Here');
    t.equal(await ann.run('phone.refusal()'), 486);
    const call = await desk.dial('5101');
    t.match(await ann.run<string>('phone.called()'), '5103');
    await call.response(180);
    await call.cancel();
    await call.response(487);
    await ann.run('phone.terminated()');
  });

  await t.test('a page that went away is not reachable', async (t) => {
    await ben.run('phone.stop()');
    await ann.run("phone.dial('5102')");
    t.equal(await ann.run('phone.refusal()'), 480);
  });
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
