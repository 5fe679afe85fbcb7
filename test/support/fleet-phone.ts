/** One fake desk phone of a family, which knows nothing but the URL that somebody typed into it and what it reads there. */
import { createHash } from 'node:crypto';
import type { Test } from 'tap';
import { readConfiguration, type FleetFamily, type FleetSettings } from './fleet-families.js';
import { askFile, type FileReply } from './phone-file-office.js';
import { mediaPort, RtpPhone } from './rtp-phone.js';
import { scriptedPhone, type PhoneCall, type ScriptedPhone } from './scripted-phone.js';
import { isRequest, type PeerMessage } from './sip-peer.js';

const DEADLINE_MS = 20_000;

export interface FleetPhone {
  readonly family: FleetFamily;
  /** What it read last. */
  readonly settings: FleetSettings;
  /** Everything that it has, by name, of the last time. */
  readonly files: ReadonlyMap<string, string>;
  /** Asks for its files in its order, or backwards, under a folder; the steps that were answered otherwise than the reference says. */
  boot(folder: string, order?: 'usual' | 'backwards'): Promise<readonly string[]>;
  /** One file of its folder, by any name. */
  fetch(name: string): Promise<FileReply>;
  /** Reads its configuration again, as for a NOTIFY or the daily look. */
  look(): Promise<void>;
  /** REGISTERs with what it read, over what it read. */
  register(): Promise<PeerMessage>;
  /** Takes the next NOTIFY as its family does, and reads or restarts; the event. */
  obey(): Promise<string>;
  /** NOTIFYs so far, each once. */
  told(): number;
  /** Dials a code and types digits; resolves after the other side's BYE. */
  code(dial: string, digits: string): Promise<void>;
  dial(number: string): Promise<PhoneCall>;
  sip(): ScriptedPhone;
}

/** @param local makes a URL of the product one that leads to it on this machine */
export function fleetPhone(t: Pick<Test, 'teardown'>, family: FleetFamily, mac: string, local: (url: string) => string): FleetPhone {
  let settings: FleetSettings | null = null;
  let phone: ScriptedPhone | null = null;
  let wire = '';
  let folder = '';
  const files = new Map<string, string>();
  const obeyed = new Set<string>();
  const named = (text: string): string => text.replace('{mac}', mac).replace('{MAC}', mac.toUpperCase());
  const agent = family.httpAgent.replace(family.mac, mac).replace(family.mac.toUpperCase(), mac.toUpperCase());
  const known = (): FleetSettings => {
    if (settings === null) throw new Error('the phone has no configuration');
    return settings;
  };
  const sip = (): ScriptedPhone => {
    if (phone === null) throw new Error('the phone is not registered');
    return phone;
  };
  const ask = (method: 'GET' | 'PUT', name: string): Promise<FileReply> =>
    askFile(local(`${folder}${named(name)}`), { method, headers: { 'user-agent': agent }, ...(method === 'PUT' ? { body: 'reg.1.auth.password="of somebody else"' } : {}) });
  const keep = (name: string, reply: FileReply): void => {
    if (reply.status !== 200 || reply.body === '') return;
    files.set(name, reply.body);
    if (name !== family.configuration) return;
    settings = readConfiguration(family, reply.body);
  };
  const certificate = async (): Promise<string> => {
    const { certificate: url } = known();
    if (url === '') return '';
    const reply = await askFile(local(url), { headers: { 'user-agent': agent } });
    if (reply.status !== 200) throw new Error(`no certificate: ${reply.status}`);
    return reply.body;
  };

  const one: FleetPhone = {
    family,
    get settings() { return known(); },
    get files() { return files; },
    async boot(at, order = 'usual') {
      folder = at;
      const otherwise: string[] = [];
      for (const [method, name, status] of order === 'usual' ? family.steps : family.steps.toReversed()) {
        const reply = await ask(method, name);
        if (reply.status !== status) otherwise.push(`${method} ${named(name)}: ${reply.status}, not ${status}`);
        keep(name, reply);
      }
      folder = known().folder;
      return otherwise;
    },
    fetch: (name) => ask('GET', name),
    async look() {
      for (const [method, name] of family.steps.filter((step) => step[0] === 'GET' && step[2] === 200)) keep(name, await ask(method, name));
    },
    async register() {
      const { user, password, domain, host, port, transport } = known();
      // It opens anew when it was told of another server or account, as after a restart.
      const wanted = JSON.stringify([user, password, domain, host, port, transport]);
      if (phone === null || wire !== wanted) {
        // Before it goes another way, it takes back where it was.
        if (phone !== null) await phone.register({ expires: 0 });
        const ca = await certificate();
        phone = await scriptedPhone(t, {
          edge: { address: host, port }, userName: user, password, domain, transport: transport === 'udp' ? 'udp' : 'tcp', ...(transport === 'tls' ? { tls: { ca } } : {}),
        });
        wire = wanted;
      }
      return phone.register({ headers: [['User-Agent', family.sipAgent]] });
    },
    async obey() {
      const { peer } = sip();
      const { notify: events } = family;
      if (events === null) throw new Error('the phone knows no NOTIFY');
      // No retransmission of one that was taken.
      let notify = await peer.waitFor((message) => isRequest('NOTIFY')(message) && !obeyed.has(message.header('Call-ID') ?? ''), 'a NOTIFY', DEADLINE_MS);
      obeyed.add(notify.header('Call-ID') ?? '');
      if (family.challenges) {
        await peer.respond(notify, 401, 'Unauthorized', {
          toTag: 'c', contact: null, headers: [['WWW-Authenticate', `Digest realm="${mac}", nonce="n-${mac}", algorithm=MD5, qop="auth"`]],
        });
        const callId = notify.header('Call-ID');
        notify = await peer.waitFor((message) => isRequest('NOTIFY')(message) && message.header('Call-ID') === callId && message.header('Authorization') !== undefined, 'the NOTIFY with credentials', DEADLINE_MS);
        if (!proves(notify, known())) {
          await peer.respond(notify, 403, 'Forbidden', { toTag: 'c', contact: null });
          throw new Error('the credentials are not of the account of this phone');
        }
      }
      const event = notify.header('Event') ?? '';
      if (event !== events.reload && event !== events.restart) {
        await peer.respond(notify, 489, 'Bad Event', { toTag: 'c', contact: null });
        throw new Error(`the phone does not know the event ${event}`);
      }
      await peer.respond(notify, 200, 'OK', { toTag: 'c', contact: null });
      await one.look();
      if (event === events.restart) {
        const otherwise = await one.boot(folder);
        if (otherwise.length > 0) throw new Error(otherwise.join('; '));
        await one.register();
      }
      return event;
    },
    told: () => new Set((phone?.peer.seen ?? []).filter(isRequest('NOTIFY')).map((message) => message.header('Call-ID'))).size,
    async code(dial, digits) {
      const rtp = await RtpPhone.open();
      try {
        const call = await sip().dial(dial, { body: rtp.sdp() });
        const success = await call.response(200);
        await call.ack(success);
        for (const digit of digits) rtp.press(mediaPort(success.body), digit);
        await call.hungUp();
      } finally {
        rtp.close();
      }
    },
    dial: (number) => sip().dial(number),
    sip,
  };
  return one;
}

/** RFC 7616 §3.4.1, reckoned by the phone's own hand. */
function proves(notify: PeerMessage, { auth, password }: FleetSettings): boolean {
  const credentials = notify.header('Authorization') ?? '';
  const field = (name: string): string => new RegExp(`\\b${name}="?([^",]*)`).exec(credentials)?.[1] ?? '';
  const hash = (text: string): string => createHash('md5').update(text).digest('hex');
  const ha1 = hash(`${auth}:${field('realm')}:${password}`);
  return field('username') === auth
    && field('response') === hash(`${ha1}:${field('nonce')}:${field('nc')}:${field('cnonce')}:auth:${hash(`NOTIFY:${field('uri')}`)}`);
}
