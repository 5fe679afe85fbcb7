import type { FigureFamily } from './metrics.js';

const family = (help: string, ...labels: string[]): FigureFamily => ({ help, labels });

/** What the edge counts, by the name it gives; the words behind a name are values of these labels. */
export const EDGE_FIGURES: Readonly<Record<string, FigureFamily>> = {
  'applications': family('Applications connected to the control port.'),
  'requests-in': family('Requests received in new transactions; methods we do not know are "other".', 'method'),
  'requests-out': family('Requests sent.', 'method'),
  'responses-out': family('Responses sent for an application.', 'method', 'status'),
  'stray-responses': family('Responses that belong to no transaction.', 'status'),
  'proxied': family('Requests proxied for an application.', 'method'),
  'requests-pending': family('Requests that wait for an application, INVITEs included.'),
  'overload-level': family('0: nothing is refused; 1: new work is refused in part; 2: all but refreshes, dialogs and emergency.'),
  'overload-levels': family('Times an overload level was entered.', 'level'),
  'overload-refused-share': family('Share of new work refused at level 1, 0 to 1.'),
  'event-loop-delay-ms': family('90th percentile of how late the event loop of the edge is, milliseconds.'),
  'application-answer-ms': family('How long the application takes to answer requests other than INVITE, milliseconds.'),
  'application-pending': family('Requests other than INVITE that wait for the application.'),
  'shed': family('Requests refused with 503 for overload, by kind.', 'kind'),
  'limited-requests': family('Requests refused with 503 because their user sends too many from one address.'),
  'banned-requests': family('Requests dropped because their source is banned though it has live bindings.'),
  'dropped-messages': family('Messages dropped unread.', 'why'),
  'closed-connections': family('Connections closed as they came.', 'why'),
  'bans': family('Addresses banned.', 'reason'),
  'banned-sources': family('Addresses banned now.'),
  'live-sources': family('Addresses with a live binding.'),
  'spammers': family('Requests that bear the mark of a scanner.', 'action'),
};
