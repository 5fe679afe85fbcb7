import { composeRejection, withReceived } from '../../sip/edge/syntax/compose.js';
import { parseContacts, parseNameAddr } from '../../sip/edge/syntax/name-addr.js';
import { parseMessage } from '../../sip/edge/syntax/parse.js';
import { parseUri } from '../../sip/edge/syntax/uri.js';
import { readAppSip } from '../../sip/edge/dialog/app-text.js';
import { mutate } from './random.js';
import { anyMessage } from './seed-messages.js';
import { slowness, timed, type FuzzTarget } from './target.js';

/** Uses everything a message offers: what is read on demand must not throw either. @returns what is wrong, '' when nothing */
export function readAll(text: string): string {
  const result = parseMessage(text);
  if (result.kind === 'invalid') {
    if (result.drop) return '';
    if (result.partial === undefined) return 'invalid without partial';
    return lineFault(composeRejection({
      status: result.status, reason: result.reason, partial: result.partial, source: { address: '127.0.0.1', port: 5060 }, toTag: 'us',
    }));
  }
  const { message } = result;
  for (const header of message.headers) {
    const value = message.first(header.name) ?? '';
    message.all(header.rawName);
    parseNameAddr(value);
    parseUri(value);
  }
  parseContacts(message.all('contact'));
  if (message.kind === 'response') return '';
  const received = withReceived(message, '127.0.0.1', 40_000);
  const again = parseMessage(received.raw);
  return again.kind === 'invalid' ? `no longer readable with received and rport: ${again.reason}` : '';
}

/** What is wrong with the lines of a message the edge wrote. */
export function lineFault(text: string): string {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 'written without empty line';
  const [startLine = '', ...lines] = text.slice(0, end).split('\r\n');
  if (!/^(SIP\/2\.0 [1-6]\d\d |[^ ]+ [^ ]+ SIP\/2\.0$)/.test(startLine)) return `written with start line ${JSON.stringify(startLine)}`;
  const bad = [startLine, ...lines].find((line) => /[\r\n]/.test(line)) ?? lines.find((line) => !/^([^\s:]+\s*:|[ \t])/.test(line));
  if (bad !== undefined) return `written with line ${JSON.stringify(bad.slice(0, 200))}`;
  const lengths = lines.filter((line) => /^(content-length|l)\s*:/i.test(line));
  const length = Number(lengths[0]?.split(':')[1]);
  return lengths.length === 1 && length === text.length - end - 4 ? '' : `written with ${lengths.join(' and ') || 'no Content-Length'} for ${text.length - end - 4} bytes`;
}

/** Every text is a message or refused: no throw, no 20 ms. */
export const parserTarget: FuzzTarget = {
  make: (random) => [{ to: 'parser', text: mutate(anyMessage(random), random) }],
  check: async (input) => {
    for (const { text } of input) {
      let wrong = '';
      const slow = await slowness(() => timed(() => {
        wrong = readAll(text);
        readAppSip(text);
      }));
      if (wrong !== '') return wrong;
      if (slow !== undefined) return `${slow} for ${text.length} bytes`;
    }
    return undefined;
  },
  close: () => Promise.resolve(),
};
