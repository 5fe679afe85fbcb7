import { isIP } from 'node:net';

/** What a text setting means, or what is wrong with it (a phrase that continues "NAME is …"). */
export type Reading<T> = { readonly value: T } | { readonly problem: string };
export type Reader<T> = (text: string) => Reading<T>;

export const text: Reader<string> = (value) => ({ value });

export const port: Reader<number> = (value) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535
    ? { value: Number(value) }
    : { problem: `"${value}", not a port number (0 to 65535; 0 takes any free one)` };

/** A port that programs without privileges may bind. */
export const rtpPort: Reader<number> = (value) =>
  /^\d{4,5}$/.test(value) && Number(value) >= 1024 && Number(value) <= 65_535
    ? { value: Number(value) }
    : { problem: `"${value}", not a port from 1024 to 65535` };

/** A whole number that may be 0. */
export const count: Reader<number> = (value) =>
  /^\d{1,6}$/.test(value) ? { value: Number(value) } : { problem: `"${value}", not a whole number (0 to 999999)` };

/** A port, or `off` where nothing shall listen. */
export const portOrOff: Reader<number | 'off'> = (value) => {
  if (value.toLowerCase() === 'off') return { value: 'off' };
  const reading = port(value);
  return 'problem' in reading ? { problem: `"${value}", neither a port number (0 to 65535; 0 takes any free one) nor off` } : reading;
};

/** Comma-separated origins of web pages, or `*`. */
export const origins: Reader<readonly string[]> = (value) => {
  const parts = value.split(',').map((part) => part.trim()).filter(Boolean);
  const bad = parts.find((part) => part !== '*' && !/^https?:\/\/[^/\s]+\/?$/i.test(part));
  return bad === undefined ? { value: parts } : { problem: `"${bad}" among them, not an origin such as https://phone.example.com, nor *` };
};

/** An https origin: name or address, and port where it is not 443. */
export const httpsOrigin: Reader<string> = (value) =>
  (/^https:\/\/(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?\/?$/i.test(value)
    ? { value: value.replace(/\/$/, '').toLowerCase() } : { problem: `"${value}", not an https URL without path such as https://phones.example.com:8443` });

/** A sip or sips URI with a host; the edge reads it in full. */
export const sipUri: Reader<string> = (value) =>
  (/^sips?:[^\s<>?]+$/i.test(value) ? { value } : { problem: `"${value}", not a SIP URI such as sip:proxy.example.com;transport=tcp` });

/** Comma-separated IP addresses, IPv4 with `:port` and IPv6 as `[address]:port` where it is not 53. */
export const nameServers: Reader<readonly string[]> = (value) => {
  const parts = value.split(',').map((part) => part.trim()).filter(Boolean);
  const bad = parts.find((part) => {
    const [, v6, v4 = part, port = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(part) ?? [];
    return isIP(v6 ?? v4) === 0 || Number(port) < 1 || Number(port) > 65_535;
  });
  return bad === undefined && parts.length > 0 ? { value: parts } : { problem: `"${bad ?? value}" among them, not an address such as 192.0.2.53 or 192.0.2.53:5353` };
};

export const address: Reader<string> = (value) =>
  isIP(value) ? { value } : { problem: `"${value}", not an IP address` };

/** Comma-separated CIDR blocks or addresses. */
export const networks: Reader<readonly string[]> = (value) => {
  const parts = value.split(',').map((part) => part.trim()).filter(Boolean);
  const bad = parts.find((part) => !isNetwork(part));
  return bad === undefined ? { value: parts } : { problem: `"${bad}" among them, not a network such as 192.168.0.0/16` };
};

/** Comma-separated host names, addresses and CIDR blocks, or nothing. */
export const hosts: Reader<readonly string[]> = (value) => {
  const parts = value.split(',').map((part) => part.trim()).filter(Boolean);
  const bad = parts.find((part) => !isNetwork(part) && !/^(?!\d+(?:\.\d+)*$)[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(part));
  return bad === undefined ? { value: parts } : { problem: `"${bad}" among them, not a host name, an address or a network such as 192.168.0.0/16` };
};

function isNetwork(part: string): boolean {
  const [host, bits, ...rest] = part.split('/');
  const family = isIP(host ?? '');
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** A host name or address with an optional port: what may stand behind the `@` of an address of record. */
export const sipDomain: Reader<string> = (value) =>
  /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value) || isIP(value) === 6
    ? { value: value.toLowerCase() }
    : { problem: `"${value}", not a host name or IP address` };

export const hostPort: Reader<{ readonly host: string; readonly port: number }> = (value) => {
  const at = value.lastIndexOf(':');
  const digits = value.slice(at + 1);
  return at > 0 && /^\d{1,5}$/.test(digits) && Number(digits) > 0 && Number(digits) <= 65_535
    ? { value: { host: value.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(digits) } }
    : { problem: `"${value}", not host:port` };
};

/** Comma-separated `host:port` or `udp:host:port`, IPv6 as `[address]:port`. */
export const ngAddresses: Reader<readonly { readonly host: string; readonly port: number }[]> = (value) => {
  const parts = value.split(',').map((part) => part.trim()).filter(Boolean);
  const readings = parts.map((part) => hostPort(part.replace(/^udp:(?:\/\/)?/i, '')));
  const good = readings.flatMap((reading) => ('value' in reading ? [reading.value] : []));
  const bad = parts.find((_, at) => 'problem' in (readings[at] ?? {}));
  return bad === undefined && good.length > 0 ? { value: good } : { problem: `"${bad ?? value}" among them, not host:port or udp:host:port` };
};

export function url(...schemes: readonly string[]): Reader<string> {
  return (value) => {
    try {
      const scheme = new URL(value).protocol.replace(':', '');
      return schemes.includes(scheme) ? { value } : { problem: `a ${scheme} URL; it must be ${schemes.join(' or ')}` };
    } catch {
      return { problem: 'not a URL' };
    }
  };
}

/** What `SMTP_URL` may hold; a password in it is never repeated. */
export const smtpUrl: Reader<string> = (value) => {
  const reading = url('smtp', 'smtps')(value);
  if ('problem' in reading) return reading;
  const { hostname, searchParams, username, password } = new URL(value);
  const unknown = [...searchParams.keys()].find((name) => !['requireTLS', 'ignoreTLS', 'rejectUnauthorized'].includes(name));
  if (hostname === '') return { problem: 'without a host' };
  if (unknown !== undefined) return { problem: `a URL with the option "${unknown}"; there are requireTLS, ignoreTLS and rejectUnauthorized` };
  return isDecodable(username) && isDecodable(password) ? reading : { problem: 'a URL whose user or password is not percent-encoded' };
};

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== null;
  } catch {
    return false;
  }
}

/** `pbx@example.com` or `Phone system <pbx@example.com>`. */
export const mailbox: Reader<string> = (value) =>
  /^(?:[^<>@\p{Cc}]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u.test(value.trim())
    ? { value: value.trim() } : { problem: `"${value}", not an address such as pbx@example.com or Phones <pbx@example.com>` };

export function oneOf<T extends string>(...allowed: readonly T[]): Reader<T> {
  return (value) => {
    const found = allowed.find((one) => one === value);
    return found === undefined ? { problem: `"${value}"; it must be one of ${allowed.join(', ')}` } : { value: found };
  };
}

/** 32 bytes as 64 hex digits or base64. */
export const secretKey: Reader<Buffer> = (value) => {
  const bytes = /^[0-9a-fA-F]{64}$/.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
  return bytes.length === 32 ? { value: bytes } : { problem: 'not 32 bytes as 64 hex digits or base64' };
};
