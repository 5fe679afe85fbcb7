/** Facts of phones for tests: a desk of Maria Weber at a site in Berlin, and who may sit there. */
import { join } from 'node:path';
import { packageRoot } from '../../src/config/paths.js';
import { DEFAULT_ACCOUNT_POLICY } from '../../src/domain/identity/account.js';
import { asId, type DeviceId } from '../../src/domain/ids.js';
import { DEFAULT_DESK_PHONE_SETTINGS, type Holder, type PhoneFacts } from '../../src/domain/provisioning/compose-configuration.js';
import type { TimeZoneRules } from '../../src/domain/provisioning/time-zone-rules.js';
import type { PhoneState } from '../../src/domain/provisioning/phone-configuration.js';

export const TEMPLATE_FOLDER = join(packageRoot(), 'provisioning-templates');

export const BERLIN: TimeZoneRules = {
  name: 'Europe/Berlin', offsetMinutes: 60,
  daylightSaving: {
    kind: 'weekdays', savingMinutes: 60,
    start: { month: 3, week: 5, weekday: 0, minute: 120 }, end: { month: 10, week: 5, weekday: 0, minute: 180 },
  },
};

export const OWNER: Holder = {
  kind: 'user', name: 'Maria Weber', extension: '1001', voicemailNumber: '*86', language: 'de',
  keys: [
    { slot: 2, kind: 'blf', number: '1002', label: 'Jörg Klein' },
    { slot: 3, kind: 'speed-dial', number: '+493012345678', label: 'Büro "Süd" & Co' },
  ],
};

export const GUEST: Holder = {
  kind: 'user', name: 'Ravi Patel', extension: '2002', voicemailNumber: '*87', language: 'en',
  keys: [{ slot: 2, kind: 'blf', number: '2003', label: 'Dispatch' }, { slot: 4, kind: 'blf', number: '2004', label: 'Stores' }],
};

export const LOBBY: Holder = { kind: 'common-area', name: 'Lobby', extension: '3000', voicemailNumber: '', language: null, keys: [] };

export const DEVICE_PASSWORD = 'Zk4-device_Secret.9';
export const ADMIN_PASSWORD = 'adm1n-Pass_77';
export const TOKEN = 'tok3n-AAAABBBBCCCCDDDD';

export const PHONE_FACTS: PhoneFacts = {
  account: { sipDomain: 'pbx.example.com', policy: DEFAULT_ACCOUNT_POLICY },
  site: { country: 'DE', zone: BERLIN, language: 'de' },
  device: { id: asId<DeviceId>('01jdevice00000000000000000'), macAddress: '001565a1b2c3', userName: 'd7k2m9q4', hotDesking: 'on', password: DEVICE_PASSWORD },
  holder: OWNER,
  guest: null,
  settings: {
    ...DEFAULT_DESK_PHONE_SETTINGS, adminPassword: ADMIN_PASSWORD, backgroundUrl: 'https://media.example.com/desk/background.jpg', timeFormat: '24h',
    ntpPrimary: 'ntp1.example.com', ntpSecondary: 'ntp2.example.com', codecs: ['opus', 'g722', 'pcma', 'pcmu'], srtp: 'optional',
  },
  server: { host: 'sip.example.com', port: 5060, tls: { port: 5061, certificate: 'given' }, certificateFile: null, encryptedPrompts: false },
  provisioning: { url: `https://phones.example.com/p/${TOKEN}/`, token: TOKEN, resyncSeconds: 86_400, resyncSpreadSeconds: 10_800 },
  labelRefresh: 'live',
};

/** The same desk in each of its states. */
export const STATES: Readonly<Record<PhoneState, PhoneFacts>> = {
  'owner': PHONE_FACTS,
  'guest': { ...PHONE_FACTS, guest: GUEST },
  'common-area': { ...PHONE_FACTS, holder: LOBBY },
  'unassigned': { ...PHONE_FACTS, holder: null },
};
