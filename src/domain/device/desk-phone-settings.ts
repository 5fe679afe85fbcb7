/** Settings of desk phones, each on account, site and device; see `resolveSetting` for which of them holds. */
export const DESK_PHONE_SETTING_KEYS = [
  'desk-phone-web-interface', 'desk-phone-admin-password', 'desk-phone-background-image', 'desk-phone-time-format',
  'desk-phone-ntp-primary', 'desk-phone-ntp-secondary', 'desk-phone-provision-template',
] as const;
export type DeskPhoneSettingKey = (typeof DESK_PHONE_SETTING_KEYS)[number];

/** What the settings come to for one device. */
export interface DeskPhoneSettings {
  /** The phone's own web pages; off unless somebody switches them on. */
  readonly webInterface: boolean;
  /** Sealed by the SecretBox; null = the phone keeps its factory password. */
  readonly adminPassword: string | null;
  /** https URL; '' = none. */
  readonly backgroundImage: string;
  readonly timeFormat: '12h' | '24h';
  /** Host names or addresses; '' = none, the phone's own choice. The secondary one is asked where the primary is silent or none. */
  readonly ntpPrimary: string;
  readonly ntpSecondary: string;
  /** Id of a provision template for devices without one of their own; '' = none. */
  readonly provisionTemplate: string;
}

export const DESK_PHONE_SETTING_FIELDS: Readonly<Record<DeskPhoneSettingKey, keyof DeskPhoneSettings>> = {
  'desk-phone-web-interface': 'webInterface',
  'desk-phone-admin-password': 'adminPassword',
  'desk-phone-background-image': 'backgroundImage',
  'desk-phone-time-format': 'timeFormat',
  'desk-phone-ntp-primary': 'ntpPrimary',
  'desk-phone-ntp-secondary': 'ntpSecondary',
  'desk-phone-provision-template': 'provisionTemplate',
};

export const DEFAULT_DESK_PHONE_SETTINGS: DeskPhoneSettings = {
  webInterface: false, adminPassword: null, backgroundImage: '', timeFormat: '12h', ntpPrimary: '', ntpSecondary: '', provisionTemplate: '',
};

/** Longest texts: of a URL every phone takes, of a host name (RFC 1035 §2.3.4), and of a password. */
const LONGEST_URL = 255;
const LONGEST_HOST = 253;
const LONGEST_PASSWORD = 32;
const SHORTEST_PASSWORD = 8;

/** What is wrong with a value as an administrator gives it (a password in the clear); null = nothing. */
export function deskPhoneSettingProblem(key: DeskPhoneSettingKey, value: unknown): string | null {
  switch (key) {
    case 'desk-phone-web-interface':
      return typeof value === 'boolean' ? null : 'Give true or false.';
    case 'desk-phone-admin-password':
      return value === null || (typeof value === 'string' && isPassword(value)) ? null
        : `Give ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} letters, digits or - _ . ! @ + =, which every phone takes; null for the factory password.`;
    case 'desk-phone-background-image':
      return value === '' || (typeof value === 'string' && isImageUrl(value)) ? null
        : `Give an https URL of at most ${LONGEST_URL} characters without name and password in it, or "" for none.`;
    case 'desk-phone-time-format':
      return value === '12h' || value === '24h' ? null : 'Give 12h or 24h.';
    case 'desk-phone-ntp-primary':
    case 'desk-phone-ntp-secondary':
      return value === '' || (typeof value === 'string' && isHost(value)) ? null : 'Give a host name or an IP address, e.g. pool.ntp.org, or "" for none.';
    case 'desk-phone-provision-template':
      return typeof value === 'string' ? null : 'Give the id of a provision template, or "" for none.';
  }
}

function isPassword(text: string): boolean {
  return text.length >= SHORTEST_PASSWORD && text.length <= LONGEST_PASSWORD && /^[A-Za-z0-9_.!@+=-]+$/.test(text);
}

/** Read by hand: the domain has no URL parser. Nothing in it can leave a line or a quoted value of a phone's file. */
function isImageUrl(text: string): boolean {
  if (text.length > LONGEST_URL) return false;
  const match = /^https:\/\/([^/?#]+)(?:[/?][A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*)?$/.exec(text);
  const [host = '', port, ...more] = (match?.[1] ?? '').split(':');
  return match !== null && more.length === 0 && isHost(host) && (port === undefined || (/^[0-9]{1,5}$/.test(port) && Number(port) <= 65_535));
}

/** RFC 1123 §2.1: letters, digits and inner dashes, dots between; IPv6 addresses without brackets. */
function isHost(text: string): boolean {
  if (text.length > LONGEST_HOST) return false;
  if (text.includes(':')) return /^[0-9a-f:]{2,39}$/i.test(text) && (text.match(/:/g)?.length ?? 0) >= 2 && !/:::|::.*::/.test(text);
  if (/^[0-9.]+$/.test(text)) {
    const bytes = text.split('.');
    return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9][0-9]{0,2})$/.test(byte) && Number(byte) <= 255);
  }
  return text.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
}
