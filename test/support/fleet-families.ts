/**
 * Desk phones of each family as their makers' documents and other projects describe them: which files they ask for, in which order, by
 * which names, how they name themselves, what they read in their own file, and how they take a NOTIFY.
 */
import { readPhoneFile, type ReadSettings } from './phone-file-reader.js';
import type { Grammar } from '../../src/domain/provisioning/phone-model.js';

/** Method, name and what the reference says comes of it; `{mac}` in small letters, `{MAC}` in capitals. */
export type FleetStep = readonly [method: 'GET' | 'PUT', name: string, status: number];

/** What a phone understands of its file. */
export interface FleetSettings {
  readonly user: string;
  readonly auth: string;
  readonly password: string;
  readonly domain: string;
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly label: string;
  /** What the key dials; '' = there is none. */
  readonly guestKey: string;
  readonly signOutKey: string;
  /** Numbers on the other keys. */
  readonly keys: readonly string[];
  /** Where it finds its files from now on. */
  readonly folder: string;
  /** Certificate to trust; '' = none. */
  readonly certificate: string;
}

export interface FleetFamily {
  readonly type: string;
  readonly model: string;
  /** Of its maker's range. */
  readonly mac: string;
  /** Of HTTP; `{mac}` and `{MAC}` as the maker writes them. */
  readonly httpAgent: string;
  readonly sipAgent: string;
  readonly steps: readonly FleetStep[];
  readonly configuration: string;
  readonly grammar: Grammar;
  readonly read: (settings: ReadSettings) => FleetSettings;
  /** Events after which it reads its configuration, and after which it restarts; null = it knows none. */
  readonly notify: { readonly reload: string; readonly restart: string } | null;
  /** Whether it wants to see the account's password before it obeys. */
  readonly challenges: boolean;
  /** Whether a new label is shown without a restart, so that it is told of each. */
  readonly live: boolean;
  /** How it reaches a server whose certificate signed itself. */
  readonly transport: 'udp' | 'tls';
}

type Get = (name: string) => string;
const trimmed = (dial: string): string => dial.replace('$Tinvite$', '');
const hostPort = (text: string): { readonly host: string; readonly port: number } => {
  const [host = '', port = ''] = text.split(':');
  return { host, port: Number(port) };
};
const word = (words: Readonly<Record<string, FleetSettings['transport']>>, text: string): FleetSettings['transport'] => {
  const found = words[text];
  if (found === undefined) throw new Error(`a phone does not know the transport ${text}`);
  return found;
};
/** By the whole name; a name that is not there is a fault, since every slot must be set. */
const named = (settings: ReadSettings): Get => (name) => {
  const found = settings.find(([key]) => key === name);
  if (found === undefined) throw new Error(`${name} is not set`);
  return found[1];
};
/** By the end of the path, the first of them. */
const ending = (settings: ReadSettings, before: (name: string) => string): Get => (name) => {
  const found = settings.find(([key]) => key.endsWith(before(name)));
  if (found === undefined) throw new Error(`${name} is not set`);
  return found[1];
};
const all = (settings: ReadSettings, pattern: RegExp): readonly string[] => settings.filter(([key, value]) => pattern.test(key) && value !== '').map(([, value]) => value);

function yealink(settings: ReadSettings): FleetSettings {
  const get = named(settings);
  const softKey = (n: number): string => (get(`softkey.${n}.enable`) === '1' && get(`softkey.${n}.use.idle`) === '1' ? trimmed(get(`softkey.${n}.action`)) : '');
  return {
    user: get('account.1.user_name'), auth: get('account.1.auth_name'), password: get('account.1.password'), domain: get('account.1.sip_server.1.address'),
    host: get('account.1.outbound_proxy.1.address'), port: Number(get('account.1.outbound_proxy.1.port')), label: get('account.1.label'),
    transport: word({ '0': 'udp', '1': 'tcp', '2': 'tls' }, get('account.1.sip_server.1.transport_type')),
    guestKey: softKey(1), signOutKey: softKey(2), keys: all(settings, /^linekey\.\d+\.value$/), folder: get('static.auto_provision.server.url'),
    certificate: get('static.trusted_certificates.url'),
  };
}

function poly(settings: ReadSettings): FleetSettings {
  const get = ending(settings, (name) => `@${name}`);
  const [user = '', domain = ''] = get('reg.1.address').split('@');
  const softKey = (n: number): string => (get(`softkey.${n}.enable`) === '1' ? trimmed(get(`softkey.${n}.action`)) : '');
  if (get('device.set') !== '1' || get('device.prov.serverName.set') !== '1') throw new Error('a Poly passes over device settings that are not said to be set');
  return {
    user, domain, auth: get('reg.1.auth.userId'), password: get('reg.1.auth.password'), host: get('reg.1.outboundProxy.address'), port: Number(get('reg.1.outboundProxy.port')),
    transport: word({ UDPOnly: 'udp', TCPOnly: 'tcp', TLS: 'tls' }, get('reg.1.outboundProxy.transport')), label: get('reg.1.label'),
    guestKey: softKey(1), signOutKey: softKey(2), keys: all(settings, /@attendant\.resourceList\.\d+\.address$/), folder: get('device.prov.serverName'), certificate: '',
  };
}

function cisco(settings: ReadSettings): FleetSettings {
  const get = ending(settings, (name) => `/${name}[1]`);
  const list = get('Idle_Key_List');
  const softKey = (n: number): string => (list.includes(`psk${n}|`) ? /ext=([^@;]+)@\$PROXY/.exec(get(`PSK_${n}`))?.[1] ?? '' : '');
  if (get('Programmable_Softkey_Enable') !== 'Yes' || get('Resync_From_SIP') !== 'Yes') throw new Error('a Cisco would show no soft key, or take no NOTIFY');
  return {
    user: get('User_ID_1_'), auth: get('Auth_ID_1_'), password: get('Password_1_'), domain: hostPort(get('Proxy_1_')).host, ...hostPort(get('Outbound_Proxy_1_')),
    transport: word({ UDP: 'udp', TCP: 'tcp', TLS: 'tls' }, get('SIP_Transport_1_')), label: get('Station_Display_Name'), guestKey: softKey(1), signOutKey: softKey(2),
    keys: all(settings, /\/Extended_Function_\d+_\[1\]$/), folder: get('Profile_Rule').replace('$MA.xml', ''), certificate: get('Custom_CA_Rule'),
  };
}

function grandstream(settings: ReadSettings): FleetSettings {
  const items = settings.flatMap(([path, value]): [string, string][] => (path.endsWith('@name') ? [[value, settings.find(([other]) => other === path.replace('@name', ''))?.[1] ?? '']] : []));
  const get = named(items);
  const softKey = (n: number): string => (get(`pks.scSoftkey.${n}.keyMode`) === 'SpeedDial' && get('softkey.idleLayout.state.inIdle').includes(`Custom${n}`) ? get(`pks.scSoftkey.${n}.value`) : '');
  return {
    user: get('account.1.sip.userid'), auth: get('account.1.sip.subscriber.userid'), password: get('account.1.sip.subscriber.password'),
    domain: hostPort(get('account.1.sip.server.1.address')).host, ...hostPort(get('account.1.sip.outboundProxy.1.address')), label: get('account.1.name'),
    transport: word({ UDP: 'udp', TCP: 'tcp', TlsOrTcp: 'tls' }, get('account.1.sip.transport')), guestKey: softKey(1), signOutKey: softKey(2),
    keys: all(items, /^pks\.vpk\.\d+\.value$/), folder: `https://${get('provisioning.config.serverPath')}`, certificate: '',
  };
}

function snom(settings: ReadSettings): FleetSettings {
  const get = ending(settings, (name) => `/${name}[1]`);
  const [, host = '', port = '', transport = ''] = /^sip:([^:]+):(\d+);transport=(\w+)$/.exec(get('user_outbound')) ?? [];
  const dials = all(settings, /\/(?:gui_fkey\d|fkey)\[\d+\]$/).flatMap((body) => (body.startsWith('speed ') ? [body.slice(6)] : []));
  return {
    user: get('user_name'), auth: get('user_pname'), password: get('user_pass'), domain: get('user_host'), host, port: Number(port), transport: word({ udp: 'udp', tcp: 'tcp', tls: 'tls' }, transport),
    label: get('user_idle_text'), guestKey: dials.find((one) => one === '*91') ?? '', signOutKey: dials.find((one) => one === '*92') ?? '',
    keys: all(settings, /\/fkey\[\d+\]$/), folder: get('setting_server').replace('{mac}.xml', ''), certificate: '',
  };
}

function fanvil(settings: ReadSettings): FleetSettings {
  const get = ending(settings, (name) => `/${name}`);
  const line = (name: string): string => get(`line[1]/${name}[1]`);
  const shown = get('DesktopSoftkey[1]').split(';');
  const softKey = (n: number): string => (shown.includes(`dss${n}`) && get(`dssSoft[${n}]/Type[1]`) === '1' ? get(`dssSoft[${n}]/Value[1]`).replace('@1/f', '') : '');
  if (get('NotifyReboot[1]') !== '1') throw new Error('a Fanvil would take no NOTIFY');
  return {
    user: line('SipName'), auth: line('RegisterUser'), password: line('RegisterPswd'), domain: line('RegisterAddr'), host: line('ProxyAddr'), port: Number(line('ProxyPort')),
    transport: word({ '0': 'udp', '1': 'tcp', '3': 'tls' }, line('Transport')), label: line('DisplayName'), guestKey: softKey(1), signOutKey: softKey(2),
    keys: all(settings, /\/Fkey\[\d+\]\/Value\[1\]$/), folder: get('FlashServerIP[1]'), certificate: '',
  };
}

function audiocodes(settings: ReadSettings): FleetSettings {
  const get = named(settings);
  const dials = all(settings, /speed_dial_number$/);
  return {
    user: get('voip/line/0/id'), auth: get('voip/line/0/auth_name'), password: get('voip/line/0/auth_password'), domain: get('voip/signalling/sip/sip_registrar/addr'),
    host: get('voip/signalling/sip/sip_outbound_proxy/addr'), port: Number(get('voip/signalling/sip/sip_outbound_proxy/port')),
    transport: word({ UDP: 'udp', TCP: 'tcp', TLS: 'tls' }, get('voip/signalling/sip/transport_protocol')), label: get('voip/line/0/description'),
    guestKey: dials.find((one) => one === '*91') ?? '', signOutKey: dials.find((one) => one === '*92') ?? '', keys: dials,
    folder: get('provisioning/configuration/url').replace(/[^/]+$/, ''), certificate: get('security/ca_certificate/0/uri'),
  };
}

function softphone(settings: ReadSettings): FleetSettings {
  const get = named(settings);
  const keys = all(settings, /^key\.\d+\.number$/);
  return {
    user: get('user_name'), auth: get('authentication_name'), password: get('password'), domain: get('domain'), host: get('server'), port: Number(get('port')),
    transport: word({ udp: 'udp', tcp: 'tcp', tls: 'tls' }, get('transport')), label: get('label'), guestKey: keys.find((one) => one === '*91') ?? '',
    signOutKey: keys.find((one) => one === '*92') ?? '', keys, folder: get('url'), certificate: '',
  };
}

const PLAIN_SYNC = { reload: 'check-sync', restart: 'check-sync' } as const;

export const FLEET: readonly FleetFamily[] = [
  {
    type: 'Yealink', model: 'T54W', mac: '805ec0010203', httpAgent: 'Yealink SIP-T54W 96.86.0.70 80:5e:c0:01:02:03', sipAgent: 'Yealink SIP-T54W 96.86.0.70',
    steps: [
      ['GET', '{mac}.boot', 404], ['GET', 'y000000000000.boot', 404], ['GET', 'y000000000096.cfg', 200], ['GET', '{mac}.cfg', 200], ['GET', '{mac}-local.cfg', 404],
      ['PUT', '{mac}-local.cfg', 200], ['GET', '{mac}-contact.xml', 404],
    ],
    configuration: '{mac}.cfg', grammar: 'yealink-cfg', read: yealink, notify: { reload: 'check-sync;reboot=false', restart: 'check-sync;reboot=true' }, challenges: false,
    live: true, transport: 'tls',
  },
  {
    type: 'Poly', model: 'VVX 450', mac: '64167f010203', httpAgent: 'FileTransport PolycomVVX-VVX_450-UA/6.4.3.5156 (SN:64167f010203) Type/Application',
    sipAgent: 'PolycomVVX-VVX_450-UA/6.4.3.5156',
    steps: [
      ['GET', '{mac}.cfg', 200], ['GET', '{mac}-cordboard.cfg', 200], ['GET', '{mac}-phone.cfg', 404], ['GET', '{mac}-web.cfg', 404], ['GET', '{mac}-directory.xml', 200],
      ['GET', '{mac}-license.cfg', 404], ['GET', '3111-48450-001.sip.ld', 404], ['PUT', '{mac}-boot.log', 200], ['PUT', '{mac}-app.log', 200], ['PUT', '{mac}-phone.cfg', 200],
    ],
    configuration: '{mac}-cordboard.cfg', grammar: 'poly-xml', read: poly, notify: PLAIN_SYNC, challenges: false, live: false, transport: 'udp',
  },
  {
    type: 'Cisco', model: '8841', mac: '00562b010203', httpAgent: 'Cisco-CP-8841-3PCC/12.0.1 (00562b010203)', sipAgent: 'Cisco-CP-8841-3PCC/12.0.1',
    steps: [['GET', '8841-3PCC.xml', 200], ['GET', '{mac}.xml', 200]],
    configuration: '{mac}.xml', grammar: 'cisco-xml', read: cisco, notify: { reload: 'resync', restart: 'reboot' }, challenges: true, live: false, transport: 'tls',
  },
  {
    type: 'Grandstream', model: 'GRP2614', mac: 'c074ad010203', httpAgent: 'Grandstream Model HW GRP2614 [V2.2A] SW 1.0.5.15 DevId c074ad010203', sipAgent: 'Grandstream GRP2614 1.0.5.15',
    steps: [['GET', 'cfg{mac}', 404], ['GET', 'cfg{mac}.bin', 404], ['GET', 'cfg{mac}.xml', 200], ['GET', 'cfggrp2614.xml', 200], ['GET', 'cfg.xml', 200], ['GET', 'grp2614fw.bin', 404]],
    configuration: 'cfg{mac}.xml', grammar: 'grandstream-xml', read: grandstream, notify: { reload: 'resync', restart: 'check-sync;reboot=true' }, challenges: false, live: false,
    transport: 'udp',
  },
  {
    type: 'Snom', model: 'D785', mac: '000413010203', httpAgent: 'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 1.1.3-s 000413010203 SXM:0 UXM:0)', sipAgent: 'snomD785/10.1.33.33',
    steps: [['GET', 'snomD785.htm', 200], ['GET', 'snomD785-{MAC}.htm', 200], ['GET', '{MAC}.xml', 200], ['GET', 'snomD785-firmware.xml', 404]],
    configuration: '{MAC}.xml', grammar: 'snom-xml', read: snom, notify: { reload: 'check-sync;reboot=false', restart: 'check-sync;reboot=true' }, challenges: false, live: false,
    transport: 'udp',
  },
  {
    type: 'Fanvil', model: 'X5U', mac: '0c383e010203', httpAgent: 'Fanvil X5U 2.12.16.17 0c383e010203', sipAgent: 'Fanvil X5U 2.12.16.17 0c383e010203',
    steps: [['GET', 'F0V00X5U0000.cfg', 200], ['GET', '{mac}.cfg', 200]],
    configuration: '{mac}.cfg', grammar: 'fanvil-xml', read: fanvil, notify: { reload: 'check-sync', restart: 'check-sync;reboot=true' }, challenges: false, live: false, transport: 'udp',
  },
  {
    type: 'AudioCodes', model: '445HD', mac: '00908f010203', httpAgent: 'AUDC-IPPhone/3.4.6.604 (445HD-Rev0; 00908F010203)', sipAgent: 'AUDC-IPPhone/3.4.6.604 (445HD-Rev0; 00908F010203)',
    steps: [['GET', '{MAC}.cfg', 200], ['GET', '445HD.img', 404]],
    configuration: '{MAC}.cfg', grammar: 'audiocodes-cfg', read: audiocodes, notify: PLAIN_SYNC, challenges: false, live: false, transport: 'udp',
  },
  {
    type: 'Softphone', model: 'baresip', mac: '020000010203', httpAgent: 'curl/8.5.0', sipAgent: 'baresip v1.0.0 (x86_64/linux)',
    steps: [['GET', 'phone.ini', 200], ['GET', 'accounts', 200], ['GET', 'config', 200], ['GET', 'contacts', 200]],
    configuration: 'phone.ini', grammar: 'plain-ini', read: softphone, notify: null, challenges: false, live: false, transport: 'udp',
  },
];

/** The configuration as the phone reads it. */
export function readConfiguration({ grammar, read }: FleetFamily, body: string): FleetSettings {
  return read(readPhoneFile(grammar, body));
}
