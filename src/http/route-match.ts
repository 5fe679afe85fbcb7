import type { Method, Route } from './route.js';

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: ReadonlyMap<string, string> }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly Method[] }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unknown' };

interface Candidate {
  readonly segments: readonly string[];
  readonly routes: ReadonlyMap<string, Route>;
}

/**
 * Finds the route of a path. A literal segment wins over a parameter (`/users/email` is not the user "email"); segments
 * are
 * %-decoded once; a slash at the end does not matter. HEAD is served by GET.
 */
export function createMatcher(routes: readonly Route[]): (method: string, path: string) => RouteMatch {
  const paths = new Map<string, Map<string, Route>>();
  for (const route of routes) {
    const methods = paths.get(route.path) ?? new Map<string, Route>();
    paths.set(route.path, methods.set(route.method, route));
  }
  const candidates: readonly Candidate[] = [...paths]
    .map(([path, methods]) => ({ segments: segmentsOf(path), routes: methods }))
    // At each place literals sort before parameters, so the first candidate that fits is the most literal one.
    .sort((a, b) => shape(a.segments).localeCompare(shape(b.segments)));

  return (method, path) => {
    let segments: readonly string[];
    try {
      segments = segmentsOf(path).map(decodeURIComponent);
    } catch {
      return { kind: 'malformed' };
    }
    if (segments.some((segment) => segment.includes('\0'))) return { kind: 'malformed' };
    for (const candidate of candidates) {
      const params = paramsOf(candidate.segments, segments);
      if (!params) continue;
      const route = candidate.routes.get(method === 'HEAD' ? 'GET' : method);
      if (route) return { kind: 'found', route, params };
      return { kind: 'wrong-method', allowed: [...candidate.routes.values()].map((other) => other.method) };
    }
    return { kind: 'unknown' };
  };
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function shape(segments: readonly string[]): string {
  return segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('');
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): ReadonlyMap<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params = new Map<string, string>();
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (isParameter(part)) {
      if (segment === '') return null;
      params.set(part.slice(1, -1), segment);
    } else if (part !== segment) {
      return null;
    }
  }
  return params;
}
