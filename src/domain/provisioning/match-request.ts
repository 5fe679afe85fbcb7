import type { PhoneModel } from './phone-model.js';

/**
 * `device`: of one phone, with its secrets. `common`: of all phones of a model, without any. `certificate`: the server's own, for phones
 * to trust. `upload`: written by the phone, accepted and thrown away. `absent`: asked for by habit, answered 404 cheaply.
 */
export type PhoneFileKind = 'device' | 'common' | 'certificate' | 'upload' | 'absent';

export interface PhoneFilePattern {
  /** Name of the file in its family, for reports and templates. */
  readonly name: string;
  readonly kind: PhoneFileKind;
  /** On the last path segment, without regard to case; groups `mac`, `code` and `model` where the name has them. */
  readonly pattern: RegExp;
}

/** What a request asks for, by its name alone. */
export interface RequestedFile {
  readonly templateFamily: string;
  readonly file: string;
  readonly kind: PhoneFileKind;
  /** Twelve lower-case hex digits; null where the name has none. */
  readonly macAddress: string | null;
  /** Code or model in the name, as it stands there; null = none. */
  readonly code: string | null;
}

export interface FamilyFiles {
  readonly templateFamily: string;
  readonly files: readonly PhoneFilePattern[];
}

const LONGEST_NAME = 128;

/**
 * What a path asks for in each family that has such a name: `<mac>.cfg` is asked for by several. A device's token decides which
 * family's answer counts, and its MAC address must be the one in the name.
 * @param path of the request, or its last segment
 */
export function matchRequest(families: readonly FamilyFiles[], path: string): readonly RequestedFile[] {
  const segment = (path.split(/[?#]/)[0] ?? '').split('/').at(-1) ?? '';
  if (segment === '' || segment.length > LONGEST_NAME) return [];
  return families.flatMap(({ templateFamily, files }) => {
    for (const { name, kind, pattern } of files) {
      const match = pattern.exec(segment);
      if (match === null) continue;
      const { mac, code } = match.groups ?? {};
      return [{ templateFamily, file: name, kind, macAddress: mac === undefined ? null : plainMac(mac), code: code ?? null }];
    }
    return [];
  });
}

const plainMac = (mac: string): string => mac.replace(/[:.-]/g, '').toLowerCase();

/** The model of that name or alias, without regard to case, spaces and dashes; a maker whose model has the alias `*` takes every name. */
export function findModel(models: readonly PhoneModel[], maker: string, model: string): PhoneModel | null {
  const [wantedMaker, wanted] = [plain(maker), plain(model)];
  const ofMaker = models.filter((one) => plain(one.maker) === wantedMaker || (wantedMaker !== '' && wantedMaker.startsWith(plain(one.maker))));
  return ofMaker.find((one) => [one.model, ...one.aliases].some((name) => name !== '*' && plain(name) === wanted))
    ?? ofMaker.find((one) => one.aliases.includes('*')) ?? null;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
