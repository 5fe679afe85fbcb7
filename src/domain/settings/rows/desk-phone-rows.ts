import { backgroundImageProblem, codecsProblem, LONGEST_HOST, LONGEST_IMAGE_URL, ntpServerProblem } from '../../device/desk-phone-settings.js';
import { DTMF_MODES, PHONE_CODECS, SRTP_MODES } from '../../provisioning/phone-configuration.js';
import { SIP_TRANSPORT_WISHES } from '../../provisioning/sip-transport.js';
import { settingRow } from '../setting-row.js';
import { enrolWindowProblem, ENROL_WINDOW } from '../../provisioning/provisioning-access.js';
import { FLAG, listOf, oneOf, orNull, text, whole } from '../setting-value.js';

/** Longer than any sealed password. */
const LONGEST_SEALED = 1000;
const scopes = ['account', 'site', 'device'] as const;

/** What desk phones are set to, besides accounts and keys. A phone shows a change after its next re-sync. */
export const DESK_PHONE_ROWS = {
  /** The phone's own web pages: off unless somebody switches them on. */
  'desk-phone-web-interface': settingRow({ scopes, type: FLAG, default: false, effect: 'live' }),
  /** Of those pages, sealed by the SecretBox for the account; null = the phone keeps its factory password. */
  'desk-phone-admin-password': settingRow({ scopes, type: orNull(text(LONGEST_SEALED)), default: null, effect: 'live' }),
  'desk-phone-background-image': settingRow({ scopes, type: text(LONGEST_IMAGE_URL), default: '', effect: 'live', rule: backgroundImageProblem }),
  'desk-phone-time-format': settingRow({ scopes, type: oneOf('12h', '24h'), default: '12h', effect: 'live' }),
  /** '' = the phone's own choice. The secondary one is asked where the primary is silent or none. */
  'desk-phone-ntp-primary': settingRow({ scopes, type: text(LONGEST_HOST), default: '', effect: 'live', rule: ntpServerProblem }),
  'desk-phone-ntp-secondary': settingRow({ scopes, type: text(LONGEST_HOST), default: '', effect: 'live', rule: ntpServerProblem }),
  /** Minutes that adding a device lets its phone enrol; 0 = a window is opened by hand. */
  'desk-phone-enrol-window': settingRow({
    scopes: ['account', 'site'], type: whole(0, ENROL_WINDOW.longest), default: ENROL_WINDOW.usual, effect: 'live', rule: enrolWindowProblem,
  }),
  /** For devices without a template of their own; '' = none. */
  'desk-phone-provision-template': settingRow({ scopes: ['account', 'site'], type: text(64), default: '', effect: 'live' }),
  /** Whether phones show a name and a password of their own for their files, once they have them. */
  'desk-phone-http-credentials': settingRow({ scopes: ['account', 'site'], type: FLAG, default: false, effect: 'live' }),
  /** Whether phones show their maker's certificate for their files. */
  'desk-phone-client-certificate': settingRow({ scopes: ['account', 'site'], type: FLAG, default: false, effect: 'live' }),
  /** `auto`: TLS where the phone can trust the certificate, else UDP. */
  'desk-phone-sip-transport': settingRow({ scopes, type: oneOf(...SIP_TRANSPORT_WISHES), default: 'auto', effect: 'live' }),
  /** Off unless set: prompts of ours are not encrypted without an rtpengine, and phones of one office often differ in it. */
  'desk-phone-srtp': settingRow({ scopes, type: oneOf(...SRTP_MODES), default: 'off', effect: 'live' }),
  /** The preferred one first. */
  'desk-phone-codecs': settingRow({ scopes, type: listOf(oneOf(...PHONE_CODECS), PHONE_CODECS.length), default: ['g722', 'pcmu', 'pcma'], effect: 'live', rule: codecsProblem }),
  /** How keys pressed in a call are told. */
  'desk-phone-dtmf': settingRow({ scopes, type: oneOf(...DTMF_MODES), default: 'rfc4733', effect: 'live' }),
} as const;
