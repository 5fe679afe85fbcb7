import type { FeatureCodes } from '../identity/account.js';
import type { DeviceId } from '../ids.js';
import type { HttpCredentials } from './http-credentials.js';
import type { TimeZoneRules } from './time-zone-rules.js';

/** Whose phone it shows itself to be. */
export type PhoneState = 'owner' | 'common-area' | 'guest' | 'unassigned';

export type PhoneTransport = 'udp' | 'tcp' | 'tls';
export const SRTP_MODES = ['off', 'optional', 'required'] as const;
export type SrtpMode = (typeof SRTP_MODES)[number];
export const PHONE_CODECS = ['opus', 'g722', 'pcmu', 'pcma', 'g729'] as const;
export type PhoneCodec = (typeof PHONE_CODECS)[number];
/** RFC 4733 events in RTP, SIP INFO, or tones in the sound. */
export const DTMF_MODES = ['rfc4733', 'sip-info', 'in-band'] as const;
export type DtmfMode = (typeof DTMF_MODES)[number];
/** ISO 639-1 of the languages phones are told; prompts have the same. */
export type PhoneLanguage = 'en' | 'es' | 'de' | 'fr';

export const PHONE_LANGUAGES: readonly PhoneLanguage[] = ['en', 'es', 'de', 'fr'];

/** The SIP account of the device. It never changes with who sits there: only its label does. */
export interface SipAccount {
  /** Beside the key and on the idle screen. */
  readonly label: string;
  /** Name in the From header, which the server replaces by the acting person's. */
  readonly displayName: string;
  readonly userName: string;
  readonly authenticationName: string;
  readonly password: string;
  /** Of the AOR, and the digest realm. */
  readonly domain: string;
  /** Where everything is sent: host or address, and port. */
  readonly server: { readonly host: string; readonly port: number };
  readonly transport: PhoneTransport;
  readonly srtp: SrtpMode;
  readonly registerSeconds: number;
  /** File in the phone's folder with the server's certificate, which it is to trust; null = none. */
  readonly certificateFile: string | null;
}

/** What one key slot does. `number` has digits, `*`, `#` and a leading `+` only. */
export type PhoneKey =
  | { readonly kind: 'line'; readonly account: number; readonly label: string }
  | { readonly kind: 'blf'; readonly number: string; readonly label: string }
  | { readonly kind: 'speed-dial'; readonly number: string; readonly label: string }
  | { readonly kind: 'empty' };

/** A key of the idle screen that dials a feature code. `page` 1 is the home screen. */
export interface SoftKey {
  readonly feature: 'guest' | 'sign-out';
  readonly label: string;
  readonly dial: string;
  readonly page: 1 | 2;
}

export interface FirmwareTarget {
  readonly version: string;
  /** https URL of the image, or of the folder where the family looks for it. */
  readonly url: string;
}

/** Where the phone finds its files again. */
export interface ProvisioningSource {
  /** https URL of the folder of this device's files, ending in `/`, its token inside. */
  readonly url: string;
  /** The token alone, so that views can hide it. */
  readonly token: string;
  /**
   * Grows with each new token: phones that compare versions must not pass over the file that names a new one.
   * Missing = none is counted.
   */
  readonly rotation?: number;
  /** What the phone shows with it; missing = nothing is asked for. */
  readonly credentials?: HttpCredentials;
  readonly resyncSeconds: number;
  /** Spread of the daily look, so that a fleet does not come at once. */
  readonly resyncSpreadSeconds: number;
}

/** Everything a phone is to have, in words no maker owns. */
export interface PhoneConfiguration {
  readonly deviceId: DeviceId;
  /** Twelve lower-case hex digits. */
  readonly macAddress: string;
  readonly state: PhoneState;
  readonly account: SipAccount;
  /** By slot, the first is slot 1; as many as the model has. */
  readonly keys: readonly PhoneKey[];
  readonly softKeys: readonly SoftKey[];
  readonly codes: FeatureCodes;
  /** Dialled at once in every state; country's general number first. */
  readonly emergencyNumbers: readonly string[];
  /** '' = none. */
  readonly voicemailNumber: string;
  readonly language: PhoneLanguage;
  readonly webInterface: boolean;
  /** null = the factory setting stays. */
  readonly adminPassword: string | null;
  readonly backgroundUrl: string | null;
  readonly timeFormat: '12h' | '24h';
  readonly zone: TimeZoneRules;
  /** Host names; the second is used when the first is unset or unreachable. */
  readonly ntp: { readonly primary: string; readonly secondary: string };
  readonly firmware: FirmwareTarget | null;
  /** In order of preference. */
  readonly codecs: readonly PhoneCodec[];
  readonly dtmf: DtmfMode;
  readonly provisioning: ProvisioningSource;
}

export const MASK = '********';

/**
 * The same configuration without secrets, for people who look at what a phone would get.
 * @param mark of a secret, put behind its mask: letters, digits, - and _ that tell nothing but whether two secrets are the same one
 */
export function maskConfiguration(configuration: PhoneConfiguration, mark: (secret: string) => string = () => ''): PhoneConfiguration {
  const { account, provisioning, adminPassword } = configuration;
  const token = provisioning.token;
  const masked = (secret: string): string => `${MASK}${mark(secret)}`;
  return {
    ...configuration,
    account: { ...account, password: masked(account.password) },
    adminPassword: adminPassword === null ? null : masked(adminPassword),
    provisioning: {
      ...provisioning, token: masked(token),
      ...(provisioning.credentials === undefined ? {} : { credentials: { ...provisioning.credentials, password: masked(provisioning.credentials.password) } }),
      url: token === '' ? provisioning.url : provisioning.url.replaceAll(token, masked(token)),
    },
  };
}

/**
 * A short name of what the phone is to have: equal for equal configurations, another for another. The token is left out, since
 * a new one changes nothing that a person sees.
 * @param hash hex digest of a text
 */
export function contentGeneration(configuration: PhoneConfiguration, hash: (text: string) => string): string {
  const { provisioning, ...rest } = configuration;
  const { token, url, ...cadence } = provisioning;
  const place = token === '' ? url : url.replaceAll(token, '');
  return hash(canonicalText({ ...rest, provisioning: { ...cadence, url: place } })).slice(0, 16);
}

/** JSON with sorted keys. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([key, one]) => `${JSON.stringify(key)}:${canonicalText(one)}`).join(',')}}`;
}
