import { canonicalName, isHeaderName } from '../syntax/header-names.js';

/** One header as an application wrote it. */
export interface AppHeader {
  /** Canonical: lower case, long. */
  readonly name: string;
  readonly rawName: string;
  readonly value: string;
}

/** The SIP part of an application's frame (drachtio wire protocol §2): no folding, Content-Length meaningless. */
export interface AppSip {
  readonly startLine: string;
  readonly headers: readonly AppHeader[];
  readonly body: string;
}

/** Reads it; lines that are no header (no colon, no token as name, stray CR or LF inside) are left out. */
export function readAppSip(text: string): AppSip {
  const headEnd = text.indexOf('\r\n\r\n');
  const head = headEnd < 0 ? text.length : headEnd;
  let lineEnd = text.indexOf('\r\n');
  if (lineEnd < 0) lineEnd = head;
  const startLine = text.slice(0, lineEnd);
  const headers: AppHeader[] = [];
  while (lineEnd < head) {
    const start = lineEnd + 2;
    lineEnd = text.indexOf('\r\n', start);
    if (lineEnd < 0 || lineEnd > head) lineEnd = head;
    // Looked for in this line alone: lines without one must not cost the square of their number.
    const line = text.slice(start, lineEnd);
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const rawName = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (!isHeaderName(rawName) || breaksLine(value)) continue;
    headers.push({ name: canonicalName(rawName), rawName, value });
  }
  return { startLine, headers, body: headEnd < 0 ? '' : text.slice(headEnd + 4) };
}

const breaksLine = (value: string): boolean => value.includes('\n') || value.includes('\r') || value.includes('\0');

/** The first header of that canonical name. */
export function appHeader(sip: AppSip, name: string): string | undefined {
  for (const header of sip.headers) if (header.name === name) return header.value;
  return undefined;
}

/** @returns undefined unless the start line is `SIP/2.0 <100-699>[ <reason>]` in one line */
export function readStatusLine(startLine: string): { readonly status: number; readonly reason: string } | undefined {
  const digits = /^SIP\/2\.0 ([1-6]\d\d)(?: |$)/.exec(startLine)?.[1];
  if (digits === undefined || breaksLine(startLine)) return undefined;
  return { status: Number(digits), reason: startLine.slice(12) };
}

/** @returns undefined unless the start line is `<METHOD> <uri> SIP/2.0` */
export function readRequestLine(startLine: string): { readonly method: string; readonly uri: string } | undefined {
  const [method = '', uri = '', version, more] = startLine.split(' ');
  if (version !== 'SIP/2.0' || more !== undefined || uri === '' || !isHeaderName(method) || breaksLine(uri)) return undefined;
  return { method, uri };
}

/** The value of `tag` in a From or To value, or in a bare `tag=…` as drachtio-srf allows; undefined when absent. */
export function tagIn(value: string): string | undefined {
  const at = value.toLowerCase().lastIndexOf('tag=');
  if (at < 0 || value.indexOf('>', at) >= 0) return undefined;
  const tag = /^[A-Za-z0-9\-.!%*_+`'~@]+/.exec(value.slice(at + 4))?.[0];
  return tag;
}

/** The method in a CSeq value. */
export const cseqMethod = (value: string | undefined): string => value?.trim().split(/\s+/)[1]?.toUpperCase() ?? '';
