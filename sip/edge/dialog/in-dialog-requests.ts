/** Where a dialog stands when the peer asks something in it. */
export type RequestPhase =
  /** The peer's INVITE has no final response yet. */
  | 'early-served'
  /** Ours has none, or the dialog is confirmed. */
  | 'other';

/** What may come in a dialog; ACK, CANCEL and INVITE go ways of their own. */
export type InDialogMethod =
  | 'BYE' | 'PRACK' | 'UPDATE' | 'NOTIFY' | 'INFO' | 'MESSAGE' | 'OPTIONS' | 'PUBLISH' | 'SUBSCRIBE' | 'REFER' | 'any other';

/** What becomes of it. */
export type Treatment =
  /** To the application that owns the dialog, which answers. */
  | 'hand-over'
  /** Likewise, and the dialog is over. */
  | 'hand-over-and-end'
  /** To whichever application routed the method, as if it were outside dialogs. */
  | 'as-new'
  /** It confirms a reliable provisional response (RFC 3262), else 481. */
  | 'acknowledge-provisional'
  /** To the application under the transaction id of the INVITE. */
  | 'update-under-invite'
  /** 200 to it, 487 to the INVITE; the application gets a CANCEL. */
  | 'end-invite'
  /** Refused while an offer is open or when the interval is too short, else handed over. */
  | 'update'
  /** Handed over; the last one of a subscription ends its dialog. */
  | 'notify';

/** drachtio wire protocol §8.5. */
export const inDialogTable: Readonly<Record<RequestPhase, Readonly<Record<InDialogMethod, Treatment>>>> = {
  'early-served': {
    BYE: 'end-invite',
    PRACK: 'acknowledge-provisional',
    UPDATE: 'update-under-invite',
    NOTIFY: 'as-new',
    INFO: 'as-new',
    MESSAGE: 'as-new',
    OPTIONS: 'as-new',
    PUBLISH: 'as-new',
    SUBSCRIBE: 'as-new',
    REFER: 'hand-over',
    'any other': 'hand-over',
  },
  other: {
    BYE: 'hand-over-and-end',
    PRACK: 'acknowledge-provisional',
    UPDATE: 'update',
    NOTIFY: 'notify',
    INFO: 'hand-over',
    MESSAGE: 'hand-over',
    OPTIONS: 'hand-over',
    PUBLISH: 'hand-over',
    SUBSCRIBE: 'hand-over',
    REFER: 'hand-over',
    'any other': 'hand-over',
  },
};

const isKnown = (method: string): method is InDialogMethod => Object.hasOwn(inDialogTable.other, method);

/** @param method as received, of any spelling */
export const treatmentOf = (phase: RequestPhase, method: string): Treatment =>
  inDialogTable[phase][isKnown(method) ? method : 'any other'];
