import type { AccountId, DeviceId } from '../ids.js';

/** `enrol` is given to whoever sets the phone up, for a short time and one phone; `steady` stands in the configuration that it fetched. */
export type ProvisioningTokenKind = 'enrol' | 'steady';

/** What is kept of a token under which a phone finds its files; never the token itself. Instants are epoch ms. */
export interface ProvisioningToken {
  /** Keyed hash of the token. */
  readonly hash: string;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly kind: ProvisioningTokenKind;
  /** Which steady token of the device, from 1. Of one that enrols: the window's serial number, drawn by lot; 0 = the token was drawn itself and cannot be shown again. */
  readonly rotation: number;
  readonly createdAt: number;
  /** null = until it is rotated. */
  readonly expiresAt: number | null;
  /** The address that fetched the configuration under an enrol token, which is then nobody else's; null = nobody yet. */
  readonly claimedBy: string | null;
  readonly firstUsedAt: number | null;
  /** Since when the phone has the credentials that go with the token; null = it was never given any, or they were taken away. */
  readonly credentialsAt: number | null;
}

/** Minutes that a window for enrolling is open. */
export const ENROL_WINDOW = { shortest: 5, usual: 1440, longest: 10_080 } as const;
/** What is wrong with the minutes that adding a device opens a window for; 0 = it opens none. */
export function enrolWindowProblem(minutes: number): string | null {
  const { shortest, longest } = ENROL_WINDOW;
  return minutes === 0 || (minutes >= shortest && minutes <= longest) ? null : `Give ${shortest} to ${longest} minutes, or 0 to open windows by hand only.`;
}

/** Minutes in which an old steady token works beside the new one: phones look daily. */
export const ROTATION_GRACE = { shortest: 0, usual: 2880, longest: 43_200 } as const;
/** What is left of a window once the configuration was fetched: the phone may have been cut off, and asks for files one by one. */
export const CLAIM_MS = 15 * 60_000;

export type TokenUse = 'usable' | 'expired' | 'claimed';

/** Whether somebody at `address` may use the token at the instant. */
export function tokenUse({ kind, expiresAt, claimedBy }: ProvisioningToken, address: string, now: number): TokenUse {
  if (expiresAt !== null && expiresAt <= now) return 'expired';
  return kind === 'enrol' && claimedBy !== null && claimedBy !== address ? 'claimed' : 'usable';
}

/** The steady token that configurations name; null = none was made yet. */
export function currentSteady(tokens: readonly ProvisioningToken[]): ProvisioningToken | null {
  return tokens.filter(({ kind }) => kind === 'steady').reduce<ProvisioningToken | null>(
    (newest, one) => (newest === null || one.rotation > newest.rotation ? one : newest), null,
  );
}

/**
 * Where enrolling stands. `claimed`: a phone fetched the configuration and has not come under its own address yet; `enrolled`: it has;
 * `closed`: the window ended before a phone came.
 */
export const ENROLMENT_STATES = ['none', 'open', 'claimed', 'closed', 'enrolled'] as const;
export type EnrolmentState = (typeof ENROLMENT_STATES)[number];

/** A window that was opened again counts before the phone that enrolled earlier. */
export function enrolmentState(tokens: readonly ProvisioningToken[], now: number): EnrolmentState {
  const window = tokens.find(({ kind }) => kind === 'enrol');
  if (window !== undefined && window.claimedBy === null && (window.expiresAt ?? 0) > now) return 'open';
  if (tokens.some(({ kind, firstUsedAt }) => kind === 'steady' && firstUsedAt !== null)) return 'enrolled';
  if (window === undefined) return 'none';
  return window.claimedBy === null ? 'closed' : 'claimed';
}

/** Whether a phone holds the device's configuration: whether another one may have it is then an administrator's business. */
export function isHeld(tokens: readonly ProvisioningToken[]): boolean {
  return tokens.some(({ kind, claimedBy, firstUsedAt }) => claimedBy !== null || (kind === 'steady' && firstUsedAt !== null));
}

/** What came of a request for a file, when its token named a device. */
export const FETCH_OUTCOMES = [
  'served', 'unchanged', 'upload-discarded', 'not-of-this-phone', 'not-offered', 'no-such-file', 'unknown-model', 'unrenderable', 'refused-token', 'too-large', 'refused-credentials',
  'refused-certificate',
] as const;
export type FetchOutcome = (typeof FETCH_OUTCOMES)[number];

/** One request of a phone for a file. */
export interface ProvisioningFetch {
  /** Rises with time. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly at: number;
  readonly address: string;
  readonly method: string;
  /** Last segment of the path; what stands before it is secret. */
  readonly fileName: string;
  readonly token: ProvisioningTokenKind;
  readonly outcome: FetchOutcome;
  /** Of HTTP. */
  readonly status: number;
  readonly bytes: number;
  /** Whether the answer went out whole. */
  readonly whole: boolean;
  readonly userAgent: string;
  /** As the User-Agent names them; '' = it does not. */
  readonly model: string;
  readonly firmware: string;
}
