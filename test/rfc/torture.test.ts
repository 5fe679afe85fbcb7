import t from 'tap';
import { parseMessage } from '../../sip/edge/syntax/parse.js';
import { composeRejection, withReceived } from '../../sip/edge/syntax/compose.js';
import type { ParseResult } from '../../sip/edge/syntax/message.js';
import { withTortureMessages } from '../support/torture-corpus.js';
import type { TortureMessage } from '../support/torture-corpus.js';

/** Statuses that only layers above the parser can give: where one is allowed, reading the message is right. */
const ABOVE: ReadonlySet<string> = new Set([
  '100', '1xx', '200', '202', '401', '403', '404', '405', '406', '407', '408', '415', '420', '480', '481', '483', '488', '501', '513', '603',
]);

function verdict(result: ParseResult): string {
  if (result.kind === 'message') return result.message.kind;
  return result.drop ? 'drop' : String(result.status);
}

/** What the manifest lets the parser say. A stray response is dropped above it, so reading it is right too. */
function permitted(message: TortureMessage): readonly string[] {
  const isResponse = message.text.startsWith('SIP/');
  if (isResponse) return message.className === 'valid' ? ['response'] : message.name === 'bcast' ? ['response', 'drop'] : ['drop'];
  if (message.className === 'valid') return ['request'];
  return message.accepts.some((status) => ABOVE.has(status)) ? [...message.accepts, 'request'] : message.accepts;
}

for (const corpus of ['rfc4475', 'rfc5118'] as const) {
  t.test(`${corpus}: every message is read, refused or dropped as the manifest allows`, (t) => {
    withTortureMessages(t, corpus, (messages) => {
      t.ok(messages.length >= (corpus === 'rfc4475' ? 49 : 12), 'the corpus is whole');
      for (const message of messages) {
        const result = parseMessage(message.text);
        const said = verdict(result);
        const allowed = permitted(message);
        t.ok(allowed.includes(said), `§${message.section} ${message.name}: ${message.title}: ${said}`, { allowed, result });
        if (result.kind === 'message') {
          const received = withReceived(result.message, '203.0.113.9', 40_000);
          const again = parseMessage(received.raw);
          t.equal(again.kind, 'message', `${message.name}: with received and rport it is read again`);
          if (again.kind === 'message') {
            t.same(again.message.headers, received.headers, `${message.name}: all offsets moved alike`);
            t.equal(again.message.via.rport, '40000');
          }
        } else if (!result.drop && result.partial !== undefined) {
          const answer = parseMessage(composeRejection({
            status: result.status, reason: result.reason, partial: result.partial, source: { address: '203.0.113.9', port: 40_000 }, toTag: 'x',
          }));
          t.ok(answer.kind === 'message' || answer.reason !== 'Bad Header Line', `${message.name}: its answer has whole header lines`);
        }
      }
    });
  });
}

t.test('RFC 4475: what must be found in particular messages', (t) => {
  withTortureMessages(t, 'rfc4475', (messages) => {
    const read = (name: string) => {
      const text = messages.find((message) => message.name === name)?.text ?? '';
      const result = parseMessage(text);
      if (result.kind !== 'message') throw new Error(`${name} is not read: ${result.reason}`);
      return result.message;
    };
    const wsinv = read('wsinv');
    t.equal(wsinv.maxForwards, 68, '§3.1.1.1 leading zeros');
    t.same(wsinv.cseq, { number: 9, method: 'INVITE' });
    t.equal(wsinv.toTag, '1918181833n');
    t.equal(wsinv.fromTag, '98asjd8');
    t.equal(wsinv.via.host, '192.0.2.2');
    t.equal(wsinv.via.protocol, 'UDP');
    t.equal(wsinv.via.branch, '390skdjuw');
    t.equal(wsinv.first('newfangledheader'), 'newfangled value continued newfangled value');
    t.equal(wsinv.first('subject'), '');
    t.equal(wsinv.all('via').length, 2);
    t.equal(wsinv.body.length, 150);
    const intmeth = read('intmeth');
    t.equal(intmeth.cseq.method, "!interesting-Method0123456789_*+`.%indeed'~", '§3.1.1.2');
    t.ok(intmeth.first('to')?.includes('\0'), 'not cut at NUL');
    t.equal(intmeth.fromTag, "_token~1'+`*%!-.");
    const esc02 = read('esc02');
    t.equal(esc02.kind === 'request' ? esc02.method : '', 'RE%47IST%45R', '§3.1.1.5 not REGISTER');
    t.equal(esc02.all('contact').length, 2, 'C%6Fntact is no Contact');
    t.match(esc02.first('c%6Fntact'), /^</);
    const dblreq = read('dblreq');
    t.notOk(dblreq.raw.includes('INVITE'), '§3.1.1.8 what follows the body is cut off');
    t.ok(read('mpart01').body.length > 400);
    t.equal(read('longreq').all('via').length > 30, true, '§3.1.1.7');
    t.equal(read('inv2543').via.branch, undefined, '§3.4.1');
  });
});
