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

/** One direction of sound as it was measured; null = not known. */
export interface StreamQuality {
  readonly codec: string;
  readonly packets: number | null;
  readonly lossPercent: number | null;
  readonly maxLossPercent: number | null;
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  readonly bitrateKbps: number | null;
  readonly mos: number | null;
}

/** One party's sound: as it arrived, and what the party itself said it heard. */
export interface PartyQuality {
  readonly sent: StreamQuality | null;
  readonly heard: StreamQuality | null;
}
