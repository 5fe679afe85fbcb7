/** One call as its legs name it. `fromTag` is whoever made the offer under way, in `offer` and in `answer`. */
export interface CallRef {
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag?: string;
  readonly branch?: string;
}

/** What the receiver of an SDP can do, and where its SIP comes from. */
export interface LegProfile {
  readonly transport: 'RTP/AVP' | 'RTP/SAVP' | 'UDP/TLS/RTP/SAVPF';
  readonly ice: 'none' | 'force';
  readonly nat: { readonly trustSdpAddress: boolean; readonly source: string };
  readonly codecs: readonly string[];
  readonly advertise: string | null;
}

export type GatewayOutcome =
  | { readonly kind: 'sdp'; readonly sdp: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gateway-down' };
