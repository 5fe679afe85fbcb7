import type { SrfRequest } from 'drachtio-srf';
import type { Binding, Flow } from '../../../src/domain/registration/binding.js';
import { soundBehindNat } from '../../../src/domain/registration/contact-uri.js';
import type { TrunkMedia } from '../../../src/domain/trunk/trunk.js';
import type { LegProfile } from '../../../src/ports/media.js';
import { flowOf } from '../steps/flow-of.js';
import { headerOf } from '../syntax/header.js';
import { parseNameAddr, splitList } from '../syntax/name-addr.js';

export type MediaTransport = LegProfile['transport'];

/** One side of a call as its sound sees it. */
export interface MediaParty {
  /** Where its SIP comes from. */
  readonly address: string;
  readonly behindNat: boolean;
  /** What it will offer or understand, until its own SDP says so. */
  readonly transport: MediaTransport;
}

export function callerMedia(invite: SrfRequest): MediaParty {
  const contact = parseNameAddr(splitList(headerOf(invite, 'contact') ?? '')[0] ?? '');
  return partyAt(contact?.uri ?? '', flowOf(invite));
}

/** A trunk's peer knows its own addresses, and its sound may come from others than its SIP. */
export function trunkMedia(invite: SrfRequest, { srtp }: Pick<TrunkMedia, 'srtp'>): MediaParty {
  return { address: invite.source_address, behindNat: false, transport: srtp === 'required' ? 'RTP/SAVP' : 'RTP/AVP' };
}

export function bindingMedia({ contactUri, flow }: Pick<Binding, 'contactUri' | 'flow'>): MediaParty {
  return partyAt(contactUri, flow);
}

function partyAt(contactUri: string, flow: Flow): MediaParty {
  // RFC 7118: what speaks SIP over WebSocket is a browser, and a browser speaks WebRTC.
  const transport = /^wss?$/i.test(flow.transport) ? 'UDP/TLS/RTP/SAVPF' : 'RTP/AVP';
  return { address: flow.address, behindNat: soundBehindNat(contactUri, flow), transport };
}

/** The kind of RTP an SDP speaks, by its first media line that is not switched off; `before` where there is none. */
export function transportOf(sdp: string, before: MediaTransport): MediaTransport {
  const protocol = /^m=\S+ [1-9]\d{0,4}(?:\/\d+)? (\S+)/m.exec(sdp)?.[1]?.toUpperCase();
  if (protocol === undefined) return before;
  if (protocol.startsWith('UDP/TLS')) return 'UDP/TLS/RTP/SAVPF';
  return protocol.startsWith('RTP/SAVP') ? 'RTP/SAVP' : 'RTP/AVP';
}

/** How a gateway is to write for this party. */
export function profileOf({ address, behindNat }: MediaParty, transport: MediaTransport): LegProfile {
  return {
    transport, ice: transport === 'UDP/TLS/RTP/SAVPF' ? 'force' : 'none', nat: { trustSdpAddress: !behindNat, source: address }, codecs: [], advertise: null,
  };
}
