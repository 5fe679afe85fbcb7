import { backgroundImageProblem, LONGEST_HOST, LONGEST_IMAGE_URL, ntpServerProblem } from '../../device/desk-phone-settings.js';
import { settingRow } from '../setting-row.js';
import { enrolWindowProblem, ENROL_WINDOW } from '../../provisioning/provisioning-access.js';
import { FLAG, oneOf, orNull, text, whole } from '../setting-value.js';

/** Longer than any sealed password. */
const LONGEST_SEALED = 1000;
const scopes = ['account', 'site', 'device'] as const;

/** What desk phones are set to, besides accounts and keys. A phone shows a change after its next re-sync. */
export const DESK_PHONE_ROWS = {
  /** The phone's own web pages: off unless somebody switches them on. */
  'desk-phone-web-interface': settingRow({ scopes, type: FLAG, default: false, effect: 'stored' }),
  /** Of those pages, sealed by the SecretBox for the account; null = the phone keeps its factory password. */
  'desk-phone-admin-password': settingRow({ scopes, type: orNull(text(LONGEST_SEALED)), default: null, effect: 'stored' }),
  'desk-phone-background-image': settingRow({ scopes, type: text(LONGEST_IMAGE_URL), default: '', effect: 'stored', rule: backgroundImageProblem }),
  'desk-phone-time-format': settingRow({ scopes, type: oneOf('12h', '24h'), default: '12h', effect: 'stored' }),
  /** '' = the phone's own choice. The secondary one is asked where the primary is silent or none. */
  'desk-phone-ntp-primary': settingRow({ scopes, type: text(LONGEST_HOST), default: '', effect: 'stored', rule: ntpServerProblem }),
  'desk-phone-ntp-secondary': settingRow({ scopes, type: text(LONGEST_HOST), default: '', effect: 'stored', rule: ntpServerProblem }),
  /** Minutes that adding a device lets its phone enrol; 0 = a window is opened by hand. */
  'desk-phone-enrol-window': settingRow({
    scopes: ['account', 'site'], type: whole(0, ENROL_WINDOW.longest), default: ENROL_WINDOW.usual, effect: 'live', rule: enrolWindowProblem,
  }),
  /** For devices without a template of their own; '' = none. */
  'desk-phone-provision-template': settingRow({ scopes: ['account', 'site'], type: text(64), default: '', effect: 'stored' }),
} as const;
