import { encodeValue } from './grammar-text.js';
import type { Grammar } from './phone-model.js';
import { settingsOf, type FileSetting } from './template-settings.js';
import type { XmlElement } from './xml-tree.js';

interface Splice {
  readonly at: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A rendered file with an administrator's settings in it: what the file has gets the new value, what it has not is added where the
 * grammar wants it. Both must have been checked: the file by its renderer, the settings by `lintTemplate`.
 * @throws Error when the file is not of its grammar, which is a bug of its template
 */
export function mergeTemplate(grammar: Grammar, file: string, settings: readonly FileSetting[]): string {
  if (settings.length === 0) return file;
  const read = settingsOf(grammar, file);
  if (read.kind === 'malformed') throw new Error(`rendered ${grammar} is malformed at line ${read.problems[0]?.line ?? 0}: ${read.problems[0]?.text ?? ''}`);
  // The last one of a key is the one that holds.
  const present = new Map(read.settings.map((one) => [one.key, one]));
  const splices = settings.map(({ key, value }): Splice => {
    const there = present.get(key);
    const text = encodeValue(grammar, value);
    return there === undefined ? addition(grammar, file, read.roots, key, text) : { at: there.span.start, end: there.span.end, text };
  });
  return spliced(file, splices);
}

function spliced(file: string, splices: readonly Splice[]): string {
  // Stable: additions at one place keep the order of the template.
  const ordered = [...splices].sort((a, b) => a.at - b.at);
  let at = 0;
  let merged = '';
  for (const { at: start, end, text } of ordered) {
    merged += file.slice(at, start) + text;
    at = end;
  }
  return merged + file.slice(at);
}

function addition(grammar: Grammar, file: string, roots: readonly XmlElement[], key: string, value: string): Splice {
  const atEnd = (text: string): Splice => ({ at: file.length, end: file.length, text });
  switch (grammar) {
    case 'yealink-cfg':
    case 'plain-ini':
      return atEnd(`${key} = ${value}\n`);
    case 'audiocodes-cfg':
      return atEnd(`${key}=${value}\n`);
    case 'baresip-config':
    case 'baresip-accounts':
    case 'baresip-contacts':
      return atEnd(`${key} ${value}\n`);
    case 'poly-xml':
      return inside(innermost(roots, []), `<template ${key}="${value}"/>\n`);
    case 'cisco-xml':
      return inside(innermost(roots, ['flat-profile']), `<${key} ua="na">${value}</${key}>\n`);
    case 'grandstream-xml':
      return inside(innermost(roots, ['config']), /^P\d+$/.test(key) ? `<${key}>${value}</${key}>\n` : `<item name="${key}">${value}</item>\n`);
    case 'snom-xml': {
      const [, name, index] = /^([^[]+)(?:\[(\d+)\])?$/.exec(key) ?? [];
      return inside(innermost(roots, ['phone-settings']), `<${name ?? key}${index === undefined ? '' : ` idx="${index}"`} perm="R">${value}</${name ?? key}>\n`);
    }
    case 'fanvil-xml':
      return fanvilAddition(roots, key.split('/'), value);
  }
}

const inside = (element: XmlElement, text: string): Splice => ({ at: element.inner.end, end: element.inner.end, text });

/** Down from the root along the names, as far as there are elements. */
function innermost(roots: readonly XmlElement[], names: readonly string[]): XmlElement {
  const [root] = roots;
  if (root === undefined) throw new Error('a rendered file has no root element');
  return names.reduce((element, name) => element.children.find((child) => child.name === name) ?? element, root);
}

/** Fanvil's settings are nested: what is there of the path is used, so that no section stands twice. */
function fanvilAddition(roots: readonly XmlElement[], path: readonly string[], value: string): Splice {
  let element = innermost(roots, []);
  let depth = 0;
  for (; depth < path.length - 1; depth += 1) {
    const next = element.children.find((child) => stepOf(child) === path[depth]);
    if (next === undefined || next.selfClosing) break;
    element = next;
  }
  const missing = path.slice(depth).map((step) => /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? [step, step]);
  const opening = missing.map(([, name, index]) => `<${name ?? ''}${index === undefined ? '' : ` index="${index}"`}>`).join('');
  const closing = missing.map(([, name]) => `</${name ?? ''}>`).reverse().join('');
  return inside(element, `${opening}${value}${closing}\n`);
}

function stepOf({ name, attributes }: XmlElement): string {
  const index = attributes.find((one) => one.name === 'index')?.value;
  return index === undefined ? name : `${name}[${index}]`;
}
