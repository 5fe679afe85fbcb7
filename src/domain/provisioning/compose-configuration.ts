import type { Device } from '../device/device.js';
import type { LabelRefresh } from '../device/phone-families.js';
import type { Account } from '../identity/account.js';
import type { Site } from '../identity/site.js';
import { emergencyNumbers } from '../numbering/emergency.js';
import { isRepresentable } from './grammar-text.js';
import { placeKeys, type WantedKey } from './place-keys.js';
import type {
  DtmfMode, FirmwareTarget, PhoneCodec, PhoneConfiguration, PhoneLanguage, PhoneState, ProvisioningSource, SipAccount, SrtpMode,
} from './phone-configuration.js';
import { can, type Capability, type PhoneModel, type UnsupportedSetting } from './phone-model.js';
import { chooseTransport, type PhoneServer, type SipTransportWish, type TransportChoice } from './sip-transport.js';
import { PHONE_WORDS } from './phone-words.js';
import type { TimeZoneRules } from './time-zone-rules.js';

/** Whoever has the phone: a person or a common area. */
export interface Holder {
  readonly kind: 'user' | 'common-area';
  readonly name: string;
  /** As dialled at the phone's site; '' = none. */
  readonly extension: string;
  /** Wanted keys by slot. */
  readonly keys: readonly WantedKey[];
  /** '' = none. */
  readonly voicemailNumber: string;
  /** null = the site's. */
  readonly language: PhoneLanguage | null;
}

/** Desk-phone settings after inheritance: the values that hold for this device. */
export interface DeskPhoneSettings {
  readonly webInterface: boolean;
  readonly adminPassword: string | null;
  readonly backgroundUrl: string | null;
  readonly timeFormat: '12h' | '24h';
  readonly ntpPrimary: string;
  readonly ntpSecondary: string;
  readonly firmware: FirmwareTarget | null;
  readonly codecs: readonly PhoneCodec[];
  readonly dtmf: DtmfMode;
  readonly srtp: SrtpMode;
  readonly transport: SipTransportWish;
}

export const DEFAULT_DESK_PHONE_SETTINGS: DeskPhoneSettings = {
  webInterface: false, adminPassword: null, backgroundUrl: null, timeFormat: '12h', ntpPrimary: '', ntpSecondary: '', firmware: null,
  codecs: ['g722', 'pcmu', 'pcma'], dtmf: 'rfc4733', srtp: 'off', transport: 'auto',
};

/** All that a configuration is made of. */
export interface PhoneFacts {
  readonly account: Pick<Account, 'sipDomain' | 'policy'>;
  /** Of the device: emergency numbers, zone and first language are the desk's, whoever sits there. */
  readonly site: Pick<Site, 'country'> & { readonly zone: TimeZoneRules; readonly language: PhoneLanguage };
  readonly device: Pick<Device, 'id' | 'macAddress' | 'userName' | 'hotDesking'> & { readonly password: string };
  /** Owner or common area; null = unassigned. */
  readonly holder: Holder | null;
  /** Who is signed in; null = nobody. */
  readonly guest: Holder | null;
  readonly settings: DeskPhoneSettings;
  readonly server: PhoneServer;
  readonly provisioning: ProvisioningSource;
  /** `none`: a changed label would restart the phone, so that it may show who sat there at its last look, and both soft keys are always there. */
  readonly labelRefresh: LabelRefresh;
}

export interface ComposedConfiguration {
  readonly configuration: PhoneConfiguration;
  /** What this model cannot do of what was asked for. */
  readonly unsupported: readonly UnsupportedSetting[];
  /** How it reaches us, and why so. */
  readonly transport: TransportChoice;
}

/**
 * What a phone of this model is to have. A guest changes label, keys, voicemail number and language, and nothing else: account,
 * emergency numbers, zone, web interface and passwords are the desk's.
 */
export function composeConfiguration(facts: PhoneFacts, model: PhoneModel): ComposedConfiguration {
  const { account, site, device, settings } = facts;
  const shown = facts.guest ?? facts.holder;
  const language = shown?.language ?? site.language;
  const name = shown?.name ?? PHONE_WORDS[language].unassigned;
  // A phone that is somebody's has nothing to activate.
  const codes = facts.holder === null ? account.policy.featureCodes : { ...account.policy.featureCodes, phoneActivation: '' };
  const transport = chooseTransport(settings.transport, facts.server, model);
  const placed = placeKeys({ model, wanted: shown?.keys ?? [], lineLabel: name, ...signKeys(facts, language), codes });
  const configuration: PhoneConfiguration = {
    deviceId: device.id,
    macAddress: device.macAddress,
    state: stateOf(facts.guest, facts.holder),
    account: sipAccount(facts, transport, labelOf(name, shown?.extension ?? '', model.labelLength), name),
    keys: placed.keys,
    softKeys: placed.softKeys,
    codes,
    emergencyNumbers: emergencyNumbers(site.country),
    voicemailNumber: shown?.voicemailNumber ?? '',
    language,
    webInterface: settings.webInterface,
    adminPassword: can(model, 'admin-password') ? settings.adminPassword : null,
    backgroundUrl: backgroundFor(model, settings.backgroundUrl),
    timeFormat: settings.timeFormat,
    zone: site.zone,
    ntp: oneNtpOrTwo(model, settings),
    firmware: can(model, 'firmware') ? settings.firmware : null,
    codecs: settings.codecs,
    dtmf: settings.dtmf,
    provisioning: facts.provisioning,
  };
  return { configuration, unsupported: [...unsupportedOf(facts, model), ...placed.unsupported], transport };
}

function stateOf(guest: Holder | null, holder: Holder | null): PhoneState {
  if (guest !== null) return 'guest';
  if (holder === null) return 'unassigned';
  return holder.kind === 'user' ? 'owner' : 'common-area';
}

/** `Name (extension)`; what does not fit is taken from the name. */
function labelOf(name: string, extension: string, longest: number): string {
  const behind = extension === '' ? '' : ` (${extension})`;
  return `${[...name].slice(0, Math.max(1, longest - behind.length)).join('').trimEnd()}${behind}`;
}

function sipAccount(facts: PhoneFacts, { transport, port, certificateFile }: TransportChoice, label: string, name: string): SipAccount {
  const { device, server, settings } = facts;
  const { registrationMaxSeconds, streamRegistrationMaxSeconds } = facts.account.policy;
  return {
    label,
    displayName: name,
    userName: device.userName,
    authenticationName: device.userName,
    password: device.password,
    domain: facts.account.sipDomain,
    server: { host: server.host, port },
    transport,
    srtp: settings.srtp,
    // What the registrar grants, so that phones renew in time by whichever of the two they go.
    registerSeconds: transport === 'udp' ? registrationMaxSeconds : streamRegistrationMaxSeconds,
    certificateFile,
  };
}

/** Which of the two keys the phone shows; hot desking off = neither. */
function signKeys({ device, guest, labelRefresh }: PhoneFacts, language: PhoneLanguage): { readonly guestKey: string | null; readonly signOutKey: string | null } {
  const { guest: guestWord, signOut } = PHONE_WORDS[language];
  if (device.hotDesking !== 'on') return { guestKey: null, signOutKey: null };
  if (labelRefresh === 'none') return { guestKey: guestWord, signOutKey: signOut };
  return guest === null ? { guestKey: guestWord, signOutKey: null } : { guestKey: null, signOutKey: signOut };
}

/** Phones with one server field get the second one where the first is unset. */
export function oneNtpOrTwo(model: PhoneModel, { ntpPrimary, ntpSecondary }: Pick<DeskPhoneSettings, 'ntpPrimary' | 'ntpSecondary'>): { readonly primary: string; readonly secondary: string } {
  if (can(model, 'second-ntp')) return { primary: ntpPrimary, secondary: ntpSecondary };
  return { primary: ntpPrimary === '' ? ntpSecondary : ntpPrimary, secondary: '' };
}

function backgroundFor(model: PhoneModel, url: string | null): string | null {
  return url !== null && model.background !== null && can(model, 'background') && endsInOneOf(url, model.background.formats)
    && isRepresentable(model.grammar, url) ? url : null;
}

function endsInOneOf(url: string, formats: readonly string[]): boolean {
  const path = (url.split(/[?#]/)[0] ?? '').toLowerCase();
  return formats.some((format) => path.endsWith(`.${format}`));
}

function unsupportedOf({ settings, device, site }: PhoneFacts, model: PhoneModel): readonly UnsupportedSetting[] {
  const name = `${model.maker} ${model.model}`;
  const missing = (asked: boolean, setting: Capability, text: string): readonly UnsupportedSetting[] =>
    (asked && !can(model, setting) ? [{ setting, text: `${name}: ${text}` }] : []);
  const url = settings.backgroundUrl;
  const formats = model.background?.formats ?? [];
  return [
    ...missing(settings.adminPassword !== null, 'admin-password', 'the admin password cannot be set by configuration; set it at the phone.'),
    ...missing(settings.ntpSecondary !== '' && settings.ntpPrimary !== '', 'second-ntp',
      'has one NTP server only; give a primary host name that resolves to several addresses.'),
    ...missing(url !== null, 'background', 'shows no background image.'),
    ...(url !== null && can(model, 'background') && !endsInOneOf(url, formats)
      ? [{ setting: 'background' as const, text: `${name}: takes background images that end in ${formats.map((one) => `.${one}`).join(', ') || 'nothing we know'}.` }] : []),
    ...(url !== null && can(model, 'background') && !isRepresentable(model.grammar, url)
      ? [{ setting: 'background' as const, text: `${name}: would read characters of the image's URL as something else; use letters, digits and - . _ / in it.` }] : []),
    ...missing(settings.firmware !== null, 'firmware', 'takes no firmware by configuration.'),
    ...missing(!settings.webInterface, 'web-interface', 'the web interface cannot be switched off by configuration.'),
    ...missing(settings.timeFormat !== DEFAULT_DESK_PHONE_SETTINGS.timeFormat, 'time-format', 'shows the time as it is set at the phone.'),
    ...missing(settings.codecs.join() !== DEFAULT_DESK_PHONE_SETTINGS.codecs.join(), 'codecs', 'codecs cannot be set by configuration.'),
    ...missing(settings.dtmf !== DEFAULT_DESK_PHONE_SETTINGS.dtmf, 'dtmf-mode', 'how it tells keys pressed in a call is set at the phone.'),
    ...missing(settings.srtp !== 'off', 'srtp', 'encryption of sound cannot be set by configuration.'),
    ...missing(site.zone.daylightSaving.kind !== 'none', 'daylight-saving-rules', 'takes daylight saving from its own zone data, which may be older than ours.'),
    ...missing(device.hotDesking === 'on', 'home-soft-key', 'has no soft key for Guest; it stands on a line key, or people dial the code.'),
  ];
}
