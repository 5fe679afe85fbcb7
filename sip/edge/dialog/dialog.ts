import { parameter, splitComma } from '../syntax/lists.js';
import { parseContacts, parseNameAddr } from '../syntax/name-addr.js';
import { parseUri } from '../syntax/uri.js';
import type { SipMessage } from '../syntax/message.js';
import { copied } from '../syntax/text.js';
import type { Flow } from '../transport/transport.js';
import type { Application } from './application.js';
import type { DialogState } from './dialog-state.js';

/** A call leg that waits for something of its own: an INVITE in either direction. */
export interface DialogUsage {
  /** The dialog is over, whoever ended it. */
  onDialogEnded(): void;
}

/** The INVITE of the peer that is being served in this dialog. */
export interface ServedInvite extends DialogUsage {
  readonly cseq: number;
  /** No final response was sent. */
  readonly unanswered: boolean;
}

/** Our INVITE under way in this dialog. */
export interface SentInvite extends DialogUsage {
  readonly unanswered: boolean;
}

/** Runs while RFC 4028 asks for refreshes. */
export interface SessionWatch {
  stop(): void;
}

/** What RFC 3261 §12 calls a dialog, with what is needed to reach the peer. */
export interface Dialog {
  /** `<Call-ID>;from-tag=<tag of the creator>` (drachtio wire protocol §5): forks share it. */
  readonly id: string;
  readonly role: 'uas' | 'uac';
  readonly method: 'INVITE' | 'SUBSCRIBE';
  readonly callId: string;
  readonly localTag: string;
  /** '' when the peer is an RFC 2543 one without tags. */
  readonly remoteTag: string;
  /** From and To of our requests, tags included. */
  readonly local: string;
  readonly remote: string;
  readonly app: Application;
  /** Of the request that created it; ACKs are handed over under it. */
  readonly transactionId: string;
  state: DialogState;
  routeSet: readonly string[];
  remoteTarget: string;
  localCSeq: number;
  remoteCSeq: number | undefined;
  /** Where the peer was last seen. */
  flow: Flow;
  /** Requests go back by `flow` rather than to route set or target (drachtio wire protocol §10). */
  byFlow: boolean;
  /** The body of our last offer or answer, for session refreshes. */
  localSession: string;
  served: ServedInvite | undefined;
  sent: SentInvite | undefined;
  watch: SessionWatch | undefined;
}

/** drachtio wire protocol §5. */
export const dialogIdOf = (callId: string, creatorTag: string): string => `${callId};from-tag=${creatorTag}`;

/** The URI of the first Contact; undefined when there is none. */
export function contactUri(message: SipMessage): string | undefined {
  const contacts = message.hasContact ? parseContacts(message.all('contact')) : undefined;
  const uri = contacts?.kind === 'list' ? contacts.contacts[0]?.uri : undefined;
  return uri === undefined ? undefined : copied(uri);
}

/** RFC 3261 §12.1.1 and §12.1.2: the Record-Route elements, as they are for a UAS, reversed for a UAC. */
export function routeSetOf(message: SipMessage, role: 'uas' | 'uac'): readonly string[] {
  const routes = message.all('record-route').flatMap((value) => splitComma(value)).map(copied);
  return role === 'uas' ? routes : routes.reverse();
}

/** How a request inside a dialog is addressed (RFC 3261 §12.2.1.1). */
export interface Addressing {
  readonly uri: string;
  readonly routes: readonly string[];
  /** The URI that decides where it is sent. */
  readonly nextHop: string;
}

/** @param target Request-URI wished by the application; undefined means the remote target */
export function addressing(dialog: Pick<Dialog, 'routeSet' | 'remoteTarget'>, target = dialog.remoteTarget): Addressing {
  const [first, ...others] = dialog.routeSet;
  if (first === undefined) return { uri: target, routes: [], nextHop: target };
  const firstUri = parseNameAddr(first)?.uri ?? first;
  const parsed = parseUri(firstUri);
  const loose = parsed?.kind === 'sip' && parameter(parsed.uri.parameters, 'lr') !== undefined;
  if (loose) return { uri: target, routes: dialog.routeSet, nextHop: firstUri };
  // RFC 3261 §12.2.1.1: a strict router gets itself as Request-URI, the target moves to the end of the route set.
  return { uri: firstUri, routes: [...others, `<${target}>`], nextHop: firstUri };
}
