import type { Grammar } from './phone-model.js';
import { parseXml, type Span, type XmlElement } from './xml-tree.js';

/** One setting in a file or in an administrator's text. */
export interface FileSetting {
  /**
   * The phone's own name: `features.dnd.enable`, `Idle_Key_List`, `P122`, `user_active[1]` (Snom, with its index),
   * `phone/display/DefaultLanguage` (Fanvil, path below sysConf).
   */
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where the value stands in the text. */
  readonly span: Span;
}

export interface TextProblem {
  /** Counted from 1. */
  readonly line: number;
  /** One sentence that names the fault and the remedy. */
  readonly text: string;
}

export type SettingsOutcome =
  | { readonly kind: 'settings'; readonly settings: readonly FileSetting[]; readonly roots: readonly XmlElement[] }
  | { readonly kind: 'malformed'; readonly problems: readonly TextProblem[] };

/** Elements around the settings; they have no setting of their own. */
const CONTAINERS: Readonly<Partial<Record<Grammar, ReadonlySet<string>>>> = {
  'cisco-xml': new Set(['device', 'flat-profile']),
  'grandstream-xml': new Set(['gs_provision', 'config', 'mac']),
  'snom-xml': new Set(['settings', 'phone-settings', 'functionKeys']),
  'fanvil-xml': new Set(['sysConf']),
};
const EMPTY_SET: ReadonlySet<string> = new Set();

const KEY_VALUE: Readonly<Partial<Record<Grammar, { readonly line: RegExp; readonly comment: RegExp; readonly form: string }>>> = {
  'yealink-cfg': { line: /^\s*([A-Za-z0-9_.]+)\s*=[ \t]*(.*?)\s*$/, comment: /^\s*#/, form: 'key = value' },
  'audiocodes-cfg': { line: /^\s*([A-Za-z0-9_/]+)=(.*?)\s*$/, comment: /^\s*;/, form: 'path=value' },
  'plain-ini': { line: /^\s*([A-Za-z0-9_.]+)\s*=[ \t]*(.*?)\s*$/, comment: /^\s*(?:[;#]|\[\w+\]\s*$)/, form: 'key = value' },
  'baresip-config': { line: /^\s*(\w+)[ \t]+(\S.*?)\s*$/, comment: /^\s*#/, form: 'key value' },
};

/** The settings of a text in the phone's own grammar; every line that is none is a problem. */
export function settingsOf(grammar: Grammar, text: string): SettingsOutcome {
  const lines = KEY_VALUE[grammar];
  return lines === undefined ? xmlSettings(grammar, text) : lineSettings(text, lines);
}

function lineSettings(text: string, { line: shape, comment, form }: { readonly line: RegExp; readonly comment: RegExp; readonly form: string }): SettingsOutcome {
  const settings: FileSetting[] = [];
  const problems: TextProblem[] = [];
  let at = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const match = shape.exec(line);
    const [, key, value] = match ?? [];
    if (comment.test(line) || line.trim() === '') {
      // Nothing is set here.
    } else if (key === undefined || value === undefined) {
      problems.push({ line: index + 1, text: `This is no setting; write ${form}.` });
    } else {
      const start = at + line.trimEnd().length - value.length;
      settings.push({ key, value, line: index + 1, span: { start, end: start + value.length } });
    }
    at += line.length + 1;
  }
  return problems.length > 0 ? { kind: 'malformed', problems } : { kind: 'settings', settings, roots: [] };
}

function xmlSettings(grammar: Grammar, text: string): SettingsOutcome {
  const parsed = parseXml(text);
  if (parsed.kind === 'malformed') return { kind: 'malformed', problems: [parsed.problem] };
  const settings: FileSetting[] = [];
  const problems: TextProblem[] = [];
  for (const root of parsed.roots) {
    if (grammar === 'poly-xml') polySettings(root, settings, problems);
    else elementSettings(grammar, root, [], settings, problems);
  }
  return problems.length > 0 ? { kind: 'malformed', problems } : { kind: 'settings', settings, roots: parsed.roots };
}

function polySettings(element: XmlElement, settings: FileSetting[], problems: TextProblem[]): void {
  if (element.text !== '') problems.push({ line: element.line, text: `<${element.name}> holds text; write settings as attributes: name="value".` });
  for (const { name, value, line, span } of element.attributes) settings.push({ key: name, value, line, span });
  for (const child of element.children) polySettings(child, settings, problems);
}

function elementSettings(grammar: Grammar, element: XmlElement, above: readonly string[], settings: FileSetting[], problems: TextProblem[]): void {
  const step = stepOf(grammar, element);
  const container = (CONTAINERS[grammar] ?? EMPTY_SET).has(element.name);
  const path = container ? above : [...above, step];
  if (element.children.length > 0) {
    if (element.text !== '') problems.push({ line: element.line, text: `<${element.name}> holds both text and elements; write one setting an element.` });
    for (const child of element.children) elementSettings(grammar, child, path, settings, problems);
  } else if (!container) {
    const key = path.join(grammar === 'fanvil-xml' ? '/' : '.');
    settings.push({ key, value: element.text, line: element.line, span: element.inner });
  }
}

/** How an element is named in a key: Grandstream's by their attribute `name`, the others' by name and index. */
function stepOf(grammar: Grammar, { name, attributes }: XmlElement): string {
  const value = (wanted: string): string | undefined => attributes.find((one) => one.name === wanted)?.value;
  if (grammar === 'grandstream-xml') return value('name') ?? name;
  const index = value(grammar === 'snom-xml' ? 'idx' : 'index');
  return index === undefined || grammar === 'cisco-xml' ? name : `${name}[${index}]`;
}
