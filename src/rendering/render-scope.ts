import { digitMap, digitMapTimeOuts } from '../domain/provisioning/digit-map.js';
import { cleanText } from '../domain/provisioning/grammar-text.js';
import { PHONE_CODECS, type PhoneConfiguration, type PhoneKey, type SoftKey } from '../domain/provisioning/phone-configuration.js';
import type { Grammar, PhoneModel } from '../domain/provisioning/phone-model.js';
import type { FamilyManifest } from './family-manifest.js';
import { zoneScope } from './zone-scope.js';

export type Scope = Readonly<Record<string, unknown>>;

/** Longest text that is no label: a name in the From header. */
const LONGEST_NAME = 64;

/**
 * All a template may ask of a configuration, in plain texts, numbers and lists. Texts of people are cleaned for the grammar; every
 * slot of the model is there, empty ones with blanks.
 */
export function renderScope(configuration: PhoneConfiguration, model: PhoneModel, manifest: FamilyManifest, grammar: Grammar, version: () => number): Scope {
  const { account, provisioning, codes, emergencyNumbers, softKeys, macAddress } = configuration;
  const label = (text: string): string => cleanText(grammar, text, model.labelLength);
  const dialling = { codes, emergencyNumbers };
  const url = configuration.backgroundUrl ?? '';
  return {
    mac: macAddress,
    MAC: macAddress.toUpperCase(),
    model: model.model,
    code: model.code,
    get version(): string { return decimalVersion(version()); },
    state: configuration.state,
    label: label(account.label),
    name: cleanText(grammar, account.displayName, LONGEST_NAME),
    accounts: Array.from({ length: model.accounts }, (_, index) => accountScope(configuration, index, label, grammar)),
    account: accountScope(configuration, 0, label, grammar),
    keys: keyScopes(configuration.keys, label),
    // One for each key slot too, so that a list that has become shorter leaves nothing behind.
    get blf_list(): readonly Scope[] { return listOf(configuration.keys, 'blf', label); },
    get speed_dials(): readonly Scope[] { return listOf(configuration.keys, 'speed-dial', label).filter(({ number }) => number !== ''); },
    soft_keys: softKeys.map((key, index) => softKeyScope(key, index, label)),
    guest: softKeyScope(softKeys.find(({ feature }) => feature === 'guest') ?? null, 0, label),
    sign_out: softKeyScope(softKeys.find(({ feature }) => feature === 'sign-out') ?? null, 1, label),
    sign_in_code: codes.hotDeskSignIn,
    sign_out_code: codes.hotDeskSignOut,
    device_lock_code: codes.deviceLock,
    // A phone must not take # for the send key while a code has one.
    pound_sends: ![codes.hotDeskSignIn, codes.hotDeskSignOut, codes.deviceLock, codes.phoneActivation].some((code) => code.includes('#')),
    emergency_numbers: emergencyNumbers.map((number, index) => ({ n: index + 1, number })),
    emergency_list: emergencyNumbers.join(','),
    emergency_words: emergencyNumbers.join(' '),
    digit_map: manifest.digitMap === null ? '' : digitMap(manifest.digitMap, dialling),
    digit_map_time_outs: digitMapTimeOuts(dialling),
    voicemail: configuration.voicemailNumber,
    language: configuration.language,
    language_word: manifest.languages[configuration.language] ?? '',
    web: configuration.webInterface,
    admin_password: configuration.adminPassword ?? '',
    has_admin_password: configuration.adminPassword !== null,
    background: url,
    background_file: (url.split(/[?#]/)[0] ?? '').split('/').at(-1) ?? '',
    clock24: configuration.timeFormat === '24h',
    zone: zoneScope(configuration.zone),
    ntp1: configuration.ntp.primary,
    ntp2: configuration.ntp.secondary,
    has_ntp: configuration.ntp.primary !== '' || configuration.ntp.secondary !== '',
    firmware_url: configuration.firmware?.url ?? '',
    firmware_host: (configuration.firmware?.url ?? '').replace(/^[a-z]+:\/\//, ''),
    firmware_version: configuration.firmware?.version ?? '',
    codecs: configuration.codecs,
    // Three for phones that have as many fields, the last one again where there are less.
    codec_choices: [0, 1, 2].map((index) => configuration.codecs[index] ?? configuration.codecs.at(-1) ?? 'pcmu'),
    codec_words: configuration.codecs.join(','),
    // Place in the order of preference; 0 = not offered.
    codec: Object.fromEntries(PHONE_CODECS.map((codec) => [codec, configuration.codecs.indexOf(codec) + 1])),
    dtmf: configuration.dtmf,
    // Our own certificate, for the phone to trust; '' = it needs none.
    certificate_url: account.certificateFile === null ? '' : `${provisioning.url}${account.certificateFile}`,
    provisioning_url: provisioning.url,
    provisioning_host: provisioning.url.replace(/^[a-z]+:\/\//, ''),
    provisioning_user: provisioning.credentials?.userName ?? '',
    provisioning_password: provisioning.credentials?.password ?? '',
    resync_seconds: provisioning.resyncSeconds,
    resync_minutes: Math.max(1, Math.round(provisioning.resyncSeconds / 60)),
    resync_hours: Math.max(1, Math.round(provisioning.resyncSeconds / 3600)),
    resync_days: Math.max(1, Math.round(provisioning.resyncSeconds / 86_400)),
    resync_spread_seconds: provisioning.resyncSpreadSeconds,
  };
}

function accountScope(configuration: PhoneConfiguration, index: number, label: (text: string) => string, grammar: Grammar): Scope {
  const { account, voicemailNumber } = configuration;
  const numbers = { n: index + 1, index0: index };
  if (index > 0) {
    return {
      ...numbers, enabled: false, user: '', auth: '', password: '', label: '', name: '', domain: '', server: '', port: 5060, transport: 'udp', srtp: 'off',
      expires: 3600, expires_minutes: 60, voicemail: '',
    };
  }
  return {
    ...numbers, enabled: true, user: account.userName, auth: account.authenticationName, password: account.password, label: label(account.label),
    name: cleanText(grammar, account.displayName, LONGEST_NAME), domain: account.domain, server: account.server.host, port: account.server.port,
    transport: account.transport, srtp: account.srtp, expires: account.registerSeconds,
    expires_minutes: Math.max(1, Math.floor(account.registerSeconds / 60)), voicemail: voicemailNumber,
  };
}

function keyScope(key: PhoneKey, index: number, label: (text: string) => string): Scope {
  const numbers = { n: index + 1, index0: index, kind: key.kind };
  switch (key.kind) {
    case 'empty': return { ...numbers, number: '', uri: '', label: '', account: 0, account0: 0 };
    case 'line': return { ...numbers, number: '', uri: '', label: label(key.label), account: key.account, account0: key.account - 1 };
    case 'blf':
    case 'speed-dial': return { ...numbers, number: key.number, uri: uriUser(key.number), label: label(key.label), account: 1, account0: 0 };
  }
}

/** With `ordinal`: which one of its kind a key is, from 1; phones list busy lamps and speed dials apart from the keys. */
function keyScopes(keys: readonly PhoneKey[], label: (text: string) => string): readonly Scope[] {
  const seen = { 'line': 0, 'blf': 0, 'speed-dial': 0, 'empty': 0 };
  return keys.map((key, index) => ({ ...keyScope(key, index, label), ordinal: (seen[key.kind] += 1) }));
}

function listOf(keys: readonly PhoneKey[], kind: PhoneKey['kind'], label: (text: string) => string): readonly Scope[] {
  const wanted = keys.filter((key) => key.kind === kind);
  return keys.map((_, index) => keyScope(wanted[index] ?? { kind: 'empty' }, index, label));
}

/** A dialled number as the user part of a SIP URI (RFC 3261 §25.1): `#` must be escaped there. */
const uriUser = (number: string): string => number.replaceAll('#', '%23');

function softKeyScope(key: SoftKey | null, index: number, label: (text: string) => string): Scope {
  if (key === null) return { n: index + 1, shown: false, label: '', dial: '', uri: '', page: 0, feature: '' };
  return { n: index + 1, shown: true, label: label(key.label), dial: key.dial, uri: uriUser(key.dial), page: key.page, feature: key.feature };
}

/** Ten digits behind `2.`: phones that compare versions see another one whenever the content is another. */
const decimalVersion = (version: number): string => `2.${String(version % 10_000_000_000).padStart(10, '0')}`;
