import { to, walker, type Step, type TransitionTable } from '../transaction/step.js';

/** RFC 3261 §12: a dialog is early until a 2xx. */
export type DialogState = 'early' | 'confirmed' | 'terminated';

export type DialogEvent =
  /** A 2xx to the creating INVITE or to one inside the dialog, sent or received. */
  | 'success'
  /** The creating INVITE got a final failure: sent, received, or made by the edge (timeout, CANCEL, application gone). */
  | 'failure'
  /** Another fork of our INVITE got the 2xx. */
  | 'answered-elsewhere'
  /** The 2xx we sent or got, or a refresh, asks for a session timer or for none (RFC 4028). */
  | 'session-timer-agreed'
  /** The peer's BYE was handed over. */
  | 'bye-received'
  /** The application's BYE got its final response, or none in time; 401 and 407 do not count. */
  | 'bye-answered'
  /** The edge sends a BYE itself: no ACK, session timer, late CANCEL, lost race, no Contact. */
  | 'own-bye'
  /** NOTIFY with `Subscription-State: terminated`, in either direction, in a SUBSCRIBE dialog. */
  | 'subscription-over'
  /** The connection of its application ended. */
  | 'application-lost'
  /** The peer asks something and the application is not there any more. */
  | 'request-unserved';

/** What the dialog table does; `tell-usages` ends the INVITEs under way in the dialog. */
export type DialogEffect = 'name-by-id' | 'restart-session-timer' | 'forget' | 'stop-session-timer' | 'tell-usages';

export type DialogStep = Step<DialogState, DialogEffect>;

const over: DialogStep = to('terminated', 'forget', 'stop-session-timer', 'tell-usages');
const confirmed: DialogStep = to('confirmed', 'name-by-id');

export const dialogTable: TransitionTable<DialogState, DialogEvent, DialogEffect> = {
  early: {
    success: confirmed,
    // RFC 3261 §12.3: an early dialog ends with a non-2xx final response.
    failure: over,
    'answered-elsewhere': over,
    // RFC 3311: an UPDATE before the 2xx may agree on one.
    'session-timer-agreed': to('early', 'restart-session-timer'),
    'bye-received': over,
    'bye-answered': over,
    'own-bye': over,
    'subscription-over': 'impossible',
    // Its INVITE is answered 503 or canceled, which ends the dialog.
    'application-lost': 'ignored',
    'request-unserved': over,
  },
  confirmed: {
    success: confirmed,
    // RFC 3261 §14.1: a failed re-INVITE leaves the dialog as it was.
    failure: 'ignored',
    'answered-elsewhere': 'ignored',
    'session-timer-agreed': to('confirmed', 'restart-session-timer'),
    'bye-received': over,
    'bye-answered': over,
    'own-bye': over,
    'subscription-over': over,
    // drachtio wire protocol §8.5: there is no hand-over; the peer learns of it by 481.
    'application-lost': over,
    'request-unserved': over,
  },
  // It cannot be found any more; what was under way in it may still end.
  terminated: {
    success: 'ignored',
    failure: 'ignored',
    'answered-elsewhere': 'ignored',
    'session-timer-agreed': 'ignored',
    'bye-received': 'ignored',
    'bye-answered': 'ignored',
    'own-bye': 'ignored',
    'subscription-over': 'ignored',
    'application-lost': 'ignored',
    'request-unserved': 'impossible',
  },
};

/** RFC 3261 §12.1, §12.3, §15. */
export const stepDialog = walker(dialogTable);
