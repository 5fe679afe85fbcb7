import { createYealinkRps } from '../outbound/redirect/yealink-rps.js';
import type { RedirectServices } from '../ports/redirect-service.js';
import type { EnrolSources } from '../usecases/provisioning/enrol-windows.js';
import { tellRedirectServices } from '../usecases/redirect/tell-redirect-services.js';
import type { Core } from './core.js';
import type { PostgresPart } from './postgres.js';

export interface RedirectPart {
  readonly services: RedirectServices;
  /** Tells what is due. */
  readonly tell: () => Promise<number>;
}

/** Makers' redirect services, at their makers' own addresses. */
export function createRedirectPart({ clock, log }: Core, { admin }: PostgresPart, sources: EnrolSources): RedirectPart {
  const services: RedirectServices = { yealink: createYealinkRps({ now: () => clock.now() }) };
  return {
    services,
    tell: () => tellRedirectServices({ ...sources, stores: admin.stores, secretBox: admin.secretBox, redirectServices: services, clock, log, jitter: Math.random }),
  };
}
