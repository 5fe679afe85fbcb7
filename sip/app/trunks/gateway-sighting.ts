import type { SrfResponse } from 'drachtio-srf';
import type { GatewaySighting } from '../../../src/domain/trunk/gateway-health.js';
import { headerOf } from '../syntax/header.js';

/** What a final response to an INVITE says of the gateway; null = the request never left. */
export function sightingOf(response: SrfResponse | null): GatewaySighting {
  if (response === null) return { kind: 'unreachable', status: 0, retryAfterMs: null };
  const { status } = response;
  // Interop: what the edge answers by itself comes from nowhere (drachtio wire protocol §3.1): 408 after silence, 503 where no way leads there.
  if ((response.source_address ?? '') === '') return { kind: status === 408 ? 'silent' : 'unreachable', status: 0, retryAfterMs: null };
  if (status === 503) return { kind: 'refused', status, retryAfterMs: retryAfterOf(response) };
  return { kind: 'answered', status, retryAfterMs: null };
}

export const SILENT: GatewaySighting = { kind: 'silent', status: 0, retryAfterMs: null };

/** Milliseconds of Retry-After (RFC 3261 §20.33), null without. */
function retryAfterOf(response: SrfResponse): number | null {
  const seconds = /^\d{1,6}/.exec(headerOf(response, 'retry-after') ?? '')?.[0];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
