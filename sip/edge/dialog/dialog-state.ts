/** RFC 3261 §12: a dialog is early until a 2xx. */
export type DialogState = 'early' | 'confirmed' | 'terminated';

export type DialogEvent =
  /** A 2xx to the creating request, sent or received. */
  | 'success'
  /** A final failure, a CANCEL that won, or the application gone. */
  | 'failure'
  /** BYE in either direction, or the end of a subscription. */
  | 'end';

const TABLE: Readonly<Record<DialogState, Readonly<Record<DialogEvent, DialogState>>>> = {
  // RFC 3261 §12.3: an early dialog ends with a non-2xx final response.
  early: { success: 'confirmed', failure: 'terminated', end: 'terminated' },
  // RFC 3261 §12.3: a failed re-INVITE leaves a confirmed dialog as it was (§14.1).
  confirmed: { success: 'confirmed', failure: 'confirmed', end: 'terminated' },
  terminated: { success: 'terminated', failure: 'terminated', end: 'terminated' },
};

/** RFC 3261 §12.1, §12.3, §15. */
export const stepDialog = (state: DialogState, event: DialogEvent): DialogState => TABLE[state][event];
