/** Reads phones' files as a phone would, by means of its own: not by the product's parsers. */
import type { Grammar } from '../../src/domain/provisioning/phone-model.js';

/** Setting and value, in order; a name stands as often as the file has it. Throws where a phone would stumble. */
export type ReadSettings = readonly (readonly [string, string])[];

export function readPhoneFile(grammar: Grammar, body: string): ReadSettings {
  if (body !== '' && !body.endsWith('\n')) throw new Error('the last line has no end');
  for (const character of body) {
    const code = character.codePointAt(0) ?? 0;
    if ((code < 32 && code !== 10) || (code >= 127 && code < 160) || (code >= 0xd800 && code < 0xe000)) throw new Error(`control character ${code}`);
  }
  switch (grammar) {
    case 'yealink-cfg': {
      if (!body.startsWith('#!version:1.0.0.1\n')) throw new Error('the version line is missing');
      return lines(body, '#', /^([\w.]+) =(?: (.*))?$/);
    }
    case 'audiocodes-cfg': return lines(body, ';', /^([\w/]+)=(.*)$/);
    case 'plain-ini': return lines(body.replace(/^\[\w+\]$/gm, ''), ';', /^([\w.]+) = ?(.*)$/);
    case 'baresip-config': return lines(body, '#', /^(\w+) (\S+)$/);
    case 'baresip-accounts': return accountLines(body);
    case 'baresip-contacts': return lines(body, '#', /^("[^"<>;]*") <(sip:[^<>;"\s]+)>$/);
    default: return xmlSettings(body);
  }
}

function lines(body: string, comment: string, shape: RegExp): ReadSettings {
  return body.split('\n').filter((line) => line !== '' && !line.startsWith(comment)).map((line) => {
    const [, name, value] = shape.exec(line) ?? [];
    if (name === undefined) throw new Error(`no setting: ${line}`);
    return [name, value ?? ''];
  });
}

/** `"name" <uri;params>;param=value;…` as baresip reads it. */
function accountLines(body: string): ReadSettings {
  return body.split('\n').filter(Boolean).flatMap((line): [string, string][] => {
    const [, name, uri, rest] = /^"([^"]*)" <([^<>"]+)>((?:;[a-z_]+=(?:"[^"]*"|[^;"]*))*)$/.exec(line) ?? [];
    if (name === undefined || uri === undefined || rest === undefined) throw new Error(`no account: ${line}`);
    const params = [...rest.matchAll(/;([a-z_]+)=("[^"]*"|[^;"]*)/g)].map(([, key, value]): [string, string] => [key ?? '', value ?? '']);
    return [['name', name], ['uri', uri], ...params];
  });
}

/** Attributes and texts by path; an element's place among its like-named siblings is part of the path. */
function xmlSettings(body: string): ReadSettings {
  const settings: [string, string][] = [];
  const stack: { readonly path: string; readonly counts: Map<string, number>; children: number }[] = [{ path: '', counts: new Map(), children: 0 }];
  let rest = body.replace(/^<\?xml version="1\.0" encoding="utf-8"(?: standalone="yes")?\?>\n/i, '');
  if (rest === body) throw new Error('no XML declaration');
  let text = '';
  while (rest !== '') {
    const open = stack.at(-1);
    if (open === undefined) throw new Error('more than one root');
    const [whole, closing, name, attributes, empty] = /^<(\/?)([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.:-]*="[^"<]*")*)\s*(\/?)>/.exec(rest) ?? [];
    if (whole === undefined) {
      const [run] = /^[^<]+/.exec(rest) ?? [];
      if (run === undefined) throw new Error(`no markup: ${rest.slice(0, 60)}`);
      text += run;
      rest = rest.slice(run.length);
      continue;
    }
    rest = rest.slice(whole.length);
    if (closing === '/') {
      if (!open.path.replace(/\[\d+\]$/, '').endsWith(`/${name ?? ''}`)) throw new Error(`</${name ?? ''}> closes ${open.path}`);
      if (open.children === 0) settings.push([open.path, decoded(text.trim())]);
      else if (text.trim() !== '') throw new Error(`text beside elements in ${open.path}`);
      stack.pop();
      text = '';
      continue;
    }
    if (text.trim() !== '') throw new Error(`text before <${name ?? ''}>`);
    text = '';
    open.children += 1;
    const place = (open.counts.get(name ?? '') ?? 0) + 1;
    open.counts.set(name ?? '', place);
    const path = `${open.path}/${name ?? ''}[${place}]`;
    for (const [, key, value] of (attributes ?? '').matchAll(/([\w.:-]+)="([^"]*)"/g)) settings.push([`${path}@${key ?? ''}`, decoded(value ?? '')]);
    if (empty !== '/') stack.push({ path, counts: new Map(), children: 0 });
  }
  if (stack.length !== 1) throw new Error('an element is not closed');
  return settings;
}

function decoded(raw: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(raw)) throw new Error('a bare ampersand');
  return raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}
