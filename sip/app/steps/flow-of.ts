import type { SrfRequest } from 'drachtio-srf';
import type { Flow } from '../../../src/domain/registration/binding.js';
import { viaTransport } from '../syntax/header.js';

/**
 * Where a request came from, so that calls can go back the same way.
 * Interop: the transport is the top Via's token, since drachtio reports ws and wss as tcp.
 */
export function flowOf(request: SrfRequest): Flow {
  return { transport: viaTransport(request), address: request.source_address, port: request.source_port };
}

/** The `proxy` of a request along a flow: next hop only, the Request-URI stays the Contact. */
export function flowUri(flow: Flow): string {
  const host = flow.address.includes(':') ? `[${flow.address}]` : flow.address;
  return `sip:${host}:${flow.port};transport=${flow.transport}`;
}
