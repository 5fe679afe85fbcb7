import type { SipRequest, SipResponse } from '../syntax/message.js';

const CHALLENGES: readonly string[] = ['WWW-Authenticate', 'Proxy-Authenticate'];

/**
 * A response on its way to the caller: our Via taken off (RFC 3261 §16.7 step 3), everything else as it was. The other
 * Via lines are those of the request, so a target that garbled them does no harm.
 * @param others challenges of further branches (§16.7 step 7)
 */
export function forwardedResponse(request: SipRequest, response: SipResponse, others: readonly SipResponse[] = []): string {
  const lines = request.all('via').map((via) => `Via: ${via}\r\n`).join('');
  let added = '';
  for (const name of CHALLENGES) {
    const given = new Set(response.all(name.toLowerCase()));
    for (const value of others.flatMap((other) => other.all(name.toLowerCase()))) {
      if (given.has(value)) continue;
      given.add(value);
      added += `${name}: ${value}\r\n`;
    }
  }
  return withHeaders(response, lines, added);
}

/** The same for a response nobody keeps a request for: just the top Via is taken off. */
export function withoutTopVia(response: SipResponse, remaining: readonly string[]): string {
  return withHeaders(response, remaining.map((via) => `Via: ${via}\r\n`).join(''), '');
}

function withHeaders(response: SipResponse, viaLines: string, added: string): string {
  let text = `SIP/2.0 ${response.status} ${response.reason}\r\n${viaLines}`;
  for (const field of response.headers) {
    if (field.name !== 'via' && field.name !== 'content-length') text += response.raw.slice(field.start, field.end);
  }
  const { body } = response;
  return `${text}${added}Content-Length: ${body.length}\r\n\r\n${body}`;
}
