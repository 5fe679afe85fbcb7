/** What the path of a phone's request has: its secret, and the file it asks for. */
export interface PhonePath {
  readonly token: string;
  /** Last segment; '' = none. */
  readonly fileName: string;
}

const BELOW_P = /^(?:https?:\/\/[^/]*)?\/+p(?:\/|$)/i;

/** Whether a request target belongs to the server of phones' files. */
export function isPhonePath(target: string): boolean {
  return BELOW_P.test(pathOf(target));
}

/** `/p/<token>/<file>`, whatever stands between; null for any other. */
export function readPhonePath(target: string): PhonePath | null {
  const path = pathOf(target);
  const below = BELOW_P.exec(path);
  if (below === null) return null;
  const [token = '', ...rest] = path.slice(below[0].length).split('/');
  return { token, fileName: decoded(rest.at(-1) ?? '') };
}

/** A path as it may stand in a log. */
export function redactedPath(path: string): string {
  return path.replace(/(\/p\/+)[^/?#]+/gi, '$1…');
}

function pathOf(target: string): string {
  return target.split(/[?#]/)[0] ?? '';
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
