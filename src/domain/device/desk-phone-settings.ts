/** Settings of desk phones, each on account, site and device; their rows are in `domain/settings/rows/desk-phone-rows`. */
export const DESK_PHONE_SETTING_KEYS = [
  'desk-phone-web-interface', 'desk-phone-admin-password', 'desk-phone-background-image', 'desk-phone-time-format',
  'desk-phone-ntp-primary', 'desk-phone-ntp-secondary', 'desk-phone-provision-template', 'desk-phone-sip-transport', 'desk-phone-srtp', 'desk-phone-codecs',
  'desk-phone-dtmf', 'desk-phone-enrol-window', 'desk-phone-http-credentials',
  'desk-phone-client-certificate',
] as const;
export type DeskPhoneSettingKey = (typeof DESK_PHONE_SETTING_KEYS)[number];

/** Longest texts: of a URL every phone takes, of a host name (RFC 1035 §2.3.4), and of a password. */
export const LONGEST_IMAGE_URL = 255;
export const LONGEST_HOST = 253;
const LONGEST_PASSWORD = 32;
const SHORTEST_PASSWORD = 8;

/** What is wrong with the password of a phone's own pages, in the clear; null = nothing. */
export function adminPasswordProblem(password: string): string | null {
  return password.length >= SHORTEST_PASSWORD && password.length <= LONGEST_PASSWORD && /^[A-Za-z0-9_.!@+=-]+$/.test(password) ? null
    : `Give ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} letters, digits or - _ . ! @ + =, which every phone takes; null for the factory password.`;
}

/** '' = none. Read by hand: the domain has no URL parser. Nothing in it can leave a line or a quoted value of a phone's file. */
export function backgroundImageProblem(url: string): string | null {
  return url === '' || isImageUrl(url) ? null : 'Give an https URL without name and password in it, or "" for none.';
}

/** '' = none: the phone's own choice. */
export function ntpServerProblem(host: string): string | null {
  return host === '' || isHost(host) ? null : 'Give a host name or an IP address, e.g. pool.ntp.org, or "" for none.';
}

/** Sound is talked about in one of G.711 at least: prompts of ours have no other. */
export function codecsProblem(codecs: readonly string[]): string | null {
  if (new Set(codecs).size !== codecs.length) return 'Give each codec once, the preferred one first.';
  return codecs.some((one) => one === 'pcmu' || one === 'pcma') ? null : 'Give pcmu or pcma among them: spoken prompts have no other codec.';
}

/** https, with a host and perhaps a port, and no name or password in it. */
export function isImageUrl(url: string): boolean {
  const match = /^https:\/\/([^/?#]+)(?:[/?][A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*)?$/.exec(url);
  const [host = '', port, ...more] = (match?.[1] ?? '').split(':');
  return match !== null && more.length === 0 && isHost(host) && (port === undefined || (/^[0-9]{1,5}$/.test(port) && Number(port) <= 65_535));
}

/** A host of a URL as people name it alone; IPv6 addresses are none, since URLs write them in brackets. */
export function isHostName(text: string): boolean {
  return text.length <= LONGEST_HOST && !text.includes(':') && isHost(text);
}

/** RFC 1123 §2.1: letters, digits and inner dashes, dots between; IPv6 addresses without brackets. */
function isHost(text: string): boolean {
  if (text.includes(':')) return /^[0-9a-f:]{2,39}$/i.test(text) && (text.match(/:/g)?.length ?? 0) >= 2 && !/:::|::.*::/.test(text);
  if (/^[0-9.]+$/.test(text)) {
    const bytes = text.split('.');
    return bytes.length === 4 && bytes.every((byte) => /^(?:0|[1-9][0-9]{0,2})$/.test(byte) && Number(byte) <= 255);
  }
  return text.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
}
