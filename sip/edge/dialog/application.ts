/** A SIP message on its way to an application (drachtio wire protocol §3.1). */
export interface HandedOver {
  /** `application`: a request the edge itself has sent. */
  readonly source: 'network' | 'application';
  /** Size of the SIP message; 0 for responses made by the edge. */
  readonly bytes: number;
  /** `udp`, `tcp`, `tls`, or ''. */
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly transactionId: string;
  /** '' outside dialogs. */
  readonly dialogId: string;
  /** Only on requests outside dialogs: the listening address. */
  readonly receivedOn?: { readonly address: string; readonly port: number };
  readonly text: string;
}

/** What was put on the wire for an application's message (drachtio wire protocol §4). */
export interface SentMessage {
  readonly bytes: number;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly transactionId: string;
  readonly text: string;
}

/** One connected application, as the SIP side sees it. Frames leave in the order of the calls. */
export interface Application {
  readonly id: number;
  readonly closed: boolean;
  /** Whether it is told of a 100 to its INVITEs, which drachtio-server keeps to itself. */
  readonly hearsTrying?: boolean;
  handOver(message: HandedOver): void;
  /** OK to a request, ACK, PRACK or CANCEL. */
  requestSent(messageId: string, sent: SentMessage): void;
  /** OK to a response. One that is not `awaited` may be delayed for a moment, to travel with the next frame. */
  responseSent(messageId: string, sent: SentMessage, dialogId: string, awaited: boolean): void;
  /** A final response to a request it had proxied. */
  proxyResponse(messageId: string, received: Omit<SentMessage, 'transactionId'>): void;
  /** Nothing more comes of a `proxy` message. */
  proxyDone(messageId: string): void;
  /** NOK with its reason text. */
  refuse(messageId: string, reason: string): void;
}

/** Chooses who gets a request outside dialogs. */
export interface ApplicationChooser {
  /** @param verb lower-case method @returns undefined when no connected application asked for it */
  choose(verb: string): Application | undefined;
}
