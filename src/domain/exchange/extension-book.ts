import type { ExtensionId } from '../ids.js';
import type { Site } from '../identity/site.js';
import type { Extension } from '../numbering/extension.js';
import { checkExtension, type ExtensionSite } from '../numbering/extension-rules.js';

/** Extensions by the digits that reach them. */
export class ExtensionBook {
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #byNumber = new Map<string, Extension[]>();
  /** Site code and extension. */
  readonly #byWhole = new Map<string, Extension[]>();

  constructor(sites: readonly Site[], extensions: Iterable<Extension>) {
    this.#sites = new Map(sites.map((site) => [site.id, site]));
    for (const extension of extensions) this.add(extension);
  }

  add(extension: Extension): void {
    const code = this.#sites.get(extension.siteId)?.siteCode ?? null;
    put(this.#byNumber, extension.number, extension);
    if (code !== null) put(this.#byWhole, `${code}${extension.number}`, extension);
  }

  /** Who has these digits at the site, dialled short or with a site code in front; the same rule as for changes one by one. */
  holder(site: Site, form: string, isShort: boolean, except: ExtensionId | null): Extension | null {
    const everywhere = !isShort || site.siteCode === null;
    const short = (this.#byNumber.get(form) ?? []).filter(({ siteId }) => everywhere || siteId === site.id || this.#sites.get(siteId)?.siteCode === null);
    return [...short, ...this.#byWhole.get(form) ?? []].find(({ id }) => id !== except) ?? null;
  }

  /** All with these digits, short or whole. */
  named(digits: string): readonly Extension[] {
    const short = this.#byNumber.get(digits) ?? [];
    return short.length > 0 ? short : this.#byWhole.get(digits) ?? [];
  }
}

function put(map: Map<string, Extension[]>, key: string, extension: Extension): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [extension]);
  else known.push(extension);
}

/** Every text under which an extension must be looked for, before a number may be given at a site. */
export function formsToLookUp(sites: readonly Site[], number: string): readonly string[] {
  const codes = sites.flatMap(({ siteCode }) => siteCode ?? []);
  const forms = [number, ...codes.map((code) => `${code}${number}`)];
  return [...forms, ...forms.flatMap((form) => codes.flatMap((code) => (form.startsWith(code) && form.length > code.length ? [form.slice(code.length)] : [])))];
}

/** What is wrong with a number at a site; null = it may be given. */
export function extensionProblem(book: ExtensionBook, site: Site, rules: ExtensionSite, number: string, except: ExtensionId | null, nameOf: (id: ExtensionId) => string): string | null {
  const verdict = checkExtension(number, {
    ...rules,
    taken: (form) => {
      const holder = book.holder(site, form, form === number, except);
      return holder === null ? null : nameOf(holder.id);
    },
  });
  return verdict.kind === 'ok' ? null : verdict.text;
}

/** Hands out free extensions of sites one after the other, each once; the numbers told of are never among them. */
export class FreeExtensions {
  readonly #book: ExtensionBook;
  readonly #rulesOf: (site: Site) => ExtensionSite;
  readonly #wanted: ReadonlySet<string>;
  readonly #candidates = new Map<string, Iterator<string>>();

  constructor(book: ExtensionBook, rulesOf: (site: Site) => ExtensionSite, wanted: ReadonlySet<string>) {
    this.#book = book;
    this.#rulesOf = rulesOf;
    this.#wanted = wanted;
  }

  next(site: Site): string | null {
    // Without a code, sites draw from the same numbers.
    const place = site.siteCode === null && site.shortExtensionRanges.length === 0 ? '' : site.id;
    const candidates = this.#candidates.get(place) ?? numbersOf(site);
    this.#candidates.set(place, candidates);
    for (let one = candidates.next(); one.done !== true; one = candidates.next()) {
      const number = one.value;
      if (this.#wanted.has(number) || extensionProblem(this.#book, site, this.#rulesOf(site), number, null, () => '') !== null) continue;
      return number;
    }
    return null;
  }
}

/** In the order in which the site hands them out. */
function* numbersOf({ siteCode, shortExtensionLength, shortExtensionRanges: ranges }: Site): Generator<string> {
  const most = 10 ** (siteCode === null ? 6 : Math.min(5, 6 - siteCode.length)) - 1;
  if (ranges.length > 0) {
    for (const { from, to } of ranges) for (let value = Number(from); value <= Math.min(Number(to), most); value += 1) yield String(value);
    return;
  }
  const least = siteCode === null ? 1 : 10;
  const wanted = siteCode === null ? 1001 : 2 * 10 ** (shortExtensionLength - 1) + 1;
  const start = wanted <= most ? wanted : least;
  for (let value = start; value <= most; value += 1) yield String(value);
  for (let value = least; value < start; value += 1) yield String(value);
}
