import type { ProvisioningState } from '../device/configuration-generation.js';
import { currentSteady, type ProvisioningFetch, type ProvisioningToken } from './provisioning-access.js';

export const PROVISIONING_REASONS = [
  'no-files', 'https-off', 'not-enrolled', 'waiting-for-phone', 'window-closed', 'not-back-yet', 'old-address', 'other-phone', 'other-model', 'unknown-file',
  'unrenderable', 'cut-off', 'template-left-out', 'configuration-pending', 'not-registered', 'redirect-service', 'wrong-credentials', 'wrong-certificate',
  'sip-transport', 'srtp-prompts',
] as const;
export type ProvisioningReasonCode = (typeof PROVISIONING_REASONS)[number];

/** Why a phone is not where it should be, and what to do. */
export interface ProvisioningReason {
  readonly code: ProvisioningReasonCode;
  readonly text: string;
}

export interface ProvisioningEvidence {
  readonly macAddress: string;
  readonly model: string;
  /** Whether there are files for the model. */
  readonly known: boolean;
  readonly httpsOn: boolean;
  readonly state: ProvisioningState;
  /** Whether it ever fetched a configuration whole. */
  readonly delivered: boolean;
  readonly tokens: readonly ProvisioningToken[];
  /** The newest; null = the phone never came. */
  readonly last: ProvisioningFetch | null;
  readonly registered: boolean;
  /** '' = none. */
  readonly templateProblem: string;
  /** Where phones send SIP to, `host:port`. */
  readonly sipServer: string;
  /** Why its maker's redirect service does not send it here; '' = it does, or is not asked to. */
  readonly redirectReason: string;
  /** Why SIP goes another way than asked for, or may not work; '' = nothing to say. */
  readonly transportReason: string;
  /** Whether the phone takes encrypted sound alone, which prompts of ours are not. */
  readonly unheardPrompts: boolean;
}

/** What stands between the phone and its configuration, the first thing to do first; empty = nothing. */
export function provisioningReasons(evidence: ProvisioningEvidence, now: number): readonly ProvisioningReason[] {
  const { known, httpsOn, templateProblem } = evidence;
  if (!known) return [{ code: 'no-files', text: 'There are no files for this make and model: type the SIP account in, or correct type and model.' }];
  const found = [
    httpsOn ? null : reason('https-off', 'Files are served by HTTPS only, and nothing listens there: set HTTPS_PORT.'),
    accessReason(evidence, now),
    evidence.redirectReason === '' || evidence.registered ? null : reason('redirect-service', evidence.redirectReason),
    contactReason(evidence),
    modelReason(evidence),
    templateProblem === '' ? null : reason('template-left-out', `The provision template is left out of the file: ${templateProblem}`),
    stateReason(evidence),
    evidence.transportReason === '' ? null : reason('sip-transport', evidence.transportReason),
    evidence.unheardPrompts ? reason('srtp-prompts', 'The phone takes encrypted sound alone, and spoken prompts are not encrypted: set RTPENGINE_URL, or SRTP of phones to optional.') : null,
  ];
  return found.filter((one) => one !== null);
}

const reason = (code: ProvisioningReasonCode, text: string): ProvisioningReason => ({ code, text });
const time = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** Where enrolling stands. */
function accessReason({ tokens }: ProvisioningEvidence, now: number): ProvisioningReason | null {
  const enrol = tokens.find(({ kind }) => kind === 'enrol') ?? null;
  const steady = currentSteady(tokens);
  const cameBack = tokens.some(({ kind, firstUsedAt }) => kind === 'steady' && firstUsedAt !== null);
  if (enrol === null) return steady === null ? reason('not-enrolled', 'No window for enrolling was opened yet: open one and point the phone at its URL.') : null;
  const ended = (enrol.expiresAt ?? 0) <= now;
  if (enrol.claimedBy !== null) {
    if (cameBack) return null;
    return reason('not-back-yet', `The phone at ${enrol.claimedBy} fetched its first configuration and has not come under its own address yet: restart it if it does not by tomorrow.`);
  }
  if (ended) return reason('window-closed', `The window for enrolling closed at ${time(enrol.expiresAt ?? 0)} before a phone came: open another.`);
  return reason('waiting-for-phone', `A phone may enrol until ${time(enrol.expiresAt ?? 0)}: point it at the URL and start it.`);
}

/** What went wrong at the last contact. */
function contactReason({ last, macAddress }: ProvisioningEvidence): ProvisioningReason | null {
  if (last === null) return null;
  switch (last.outcome) {
    case 'refused-token':
      return reason('old-address', 'The phone came under an address that has ended, or that another phone enrolled with: open a new window and point it there.');
    case 'not-of-this-phone':
      return reason('other-phone', `A phone asked for ${last.fileName}, which is not of ${macAddress}: correct the MAC address, or use this phone's own URL.`);
    case 'refused-credentials':
      return reason('wrong-credentials', 'The phone did not show the name and password that its configuration gave it: it was reset, perhaps. Open a window for enrolling and point it there.');
    case 'refused-certificate':
      return reason('wrong-certificate', `The phone showed no certificate of ${macAddress} that an authority of its maker signed: add the authority, or switch certificates off there.`);
    case 'no-such-file':
      return reason('unknown-file', `The phone asked for ${last.fileName}, which phones of this make do not: check type and model.`);
    case 'unrenderable':
      return reason('unrenderable', `${last.fileName} could not be made, since a value does not fit the phone's language: the log of the server names it.`);
    case 'served':
      return last.whole ? null : reason('cut-off', `${last.fileName} did not reach the phone whole: look at the network between.`);
    default:
      return null;
  }
}

function modelReason({ last, model }: ProvisioningEvidence): ProvisioningReason | null {
  const seen = last?.model ?? '';
  if (seen === '' || sameModel(seen, model)) return null;
  return reason('other-model', `The phone says it is ${seen}; ${model} was entered. Correct the model.`);
}

/** Without regard to case, blanks, dashes, and what makers put around the name. */
export function sameModel(seen: string, entered: string): boolean {
  const [a, b] = [seen, entered].map((text) => text.toLowerCase().replace(/[^a-z0-9]/g, ''));
  if (a === undefined || b === undefined || a === '' || b === '') return false;
  return a.includes(b) || b.includes(a);
}

function stateReason({ state, delivered, registered, sipServer }: ProvisioningEvidence): ProvisioningReason | null {
  if (delivered && (state === 'pending' || state === 'requested')) {
    return reason('configuration-pending', 'Something changed since the phone fetched its configuration: ask it to read it again, or wait for its daily look.');
  }
  return state === 'current' && !registered
    ? reason('not-registered', `The phone has its configuration and is not registered: check that it reaches ${sipServer}.`) : null;
}
