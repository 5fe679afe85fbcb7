/** Makes of desk phones that take their configuration the same way; `other` is everything we know nothing of. */
export type PhoneFamily = 'yealink' | 'poly' | 'cisco-mpp' | 'grandstream' | 'snom' | 'fanvil' | 'audiocodes' | 'other';

export const PHONE_FAMILY_NAMES: readonly PhoneFamily[] = ['yealink', 'poly', 'cisco-mpp', 'grandstream', 'snom', 'fanvil', 'audiocodes', 'other'];

/** Whether a phone shows a new label without restarting; `none` where nobody has verified that it does. */
export type LabelRefresh = 'live' | 'none';

/** Phones of a family that show a new label live. All conditions must hold; a condition that is missing holds. */
export interface LiveLabelRule {
  /** Model as the phone or the administrator names it, e.g. `GXP2160`. */
  readonly model?: RegExp;
  /** Lowest release, and where in the firmware's dotted numbers it stands (0 = first). */
  readonly release?: { readonly position: number; readonly least: number };
  /** Where it is known from. */
  readonly source: string;
}

/** What is known of restarts after a re-sync. */
export interface RestartRule {
  readonly expected: 'no' | 'perhaps' | 'unknown';
  readonly text: string;
  /** Changed lines of its file that are known to restart it; null = none are known. */
  readonly settings: RegExp | null;
}

export interface PhoneFamilyFacts {
  /** Maker as administrators write it. */
  readonly maker: RegExp | null;
  /** Models that are of another kind in spite of the maker. */
  readonly notModel: RegExp | null;
  /** SIP User-Agent; the groups `model` and `firmware` are what can be read of it. */
  readonly userAgents: readonly RegExp[];
  /** Event of the NOTIFY after which the phone reads its configuration, never one that always restarts it; null = none known. */
  readonly resyncEvent: string | null;
  /** Event of the NOTIFY after which the phone restarts; where the family has no other one, a setting of the phone decides. Null = none known. */
  readonly restartEvent: string | null;
  /** Whether the phone answers such a NOTIFY with a digest challenge for the account's own name and password. */
  readonly challenges: 'by-default' | 'by-setting' | 'never' | 'unknown';
  /** What must be set on the phone for the event to be obeyed without a restart. */
  readonly phoneSettings: readonly string[];
  /** Whether a phone that reads another configuration restarts for it. */
  readonly restarts: RestartRule;
  /** The phones of the family whose labels change live; the others are `none`. */
  readonly liveLabels: readonly LiveLabelRule[];
  readonly sources: readonly string[];
}

const FIRMWARE = '(?<firmware>\\d+(?:\\.\\w+)*)';

/** What holds for each family. Interop: phones disagree about the Event value, some restart for another family's. */
export const PHONE_FAMILIES: Readonly<Record<PhoneFamily, PhoneFamilyFacts>> = {
  'yealink': {
    maker: /yealink/i,
    notModel: null,
    userAgents: [new RegExp(`^yealink (?:SIP-)?(?<model>[\\w-]+)(?: ${FIRMWARE})?`, 'i')],
    resyncEvent: 'check-sync;reboot=false',
    restartEvent: 'check-sync;reboot=true',
    challenges: 'never',
    phoneSettings: ['sip.notify_reboot_enable = 0', 'sip.trust_ctrl = 1'],
    restarts: { expected: 'no', text: 'Accounts, keys and labels apply without a restart with sip.notify_reboot_enable = 0.', settings: null },
    // Firmware is product.branch.feature.build: accounts and keys apply live in every branch from 81 on.
    liveLabels: [{ release: { position: 1, least: 81 }, source: 'Yealink auto provisioning guide, V81 to V86: parameters that need a restart' }],
    sources: ['Yealink auto provisioning guide: sip.notify_reboot_enable', 'FreePBX issue-tracker #672'],
  },
  'poly': {
    maker: /poly/i,
    notModel: null,
    userAgents: [
      new RegExp(`^Poly(?:com)?\\w*-(?<model>[A-Za-z]\\w*)-UA/${FIRMWARE}`, 'i'),
      new RegExp(`^Poly\\w*[ -](?<model>[A-Za-z]\\w*)[/ ]${FIRMWARE}`, 'i'),
      /^Poly/i,
    ],
    resyncEvent: 'check-sync',
    restartEvent: 'check-sync',
    challenges: 'by-setting',
    phoneSettings: ['voIpProt.SIP.specialEvent.checkSync.alwaysReboot = 0'],
    restarts: { expected: 'perhaps', text: 'Settings below reg. restart it; most others do not.', settings: /\breg\.\d+\./ },
    // A change of reg.* (the label is reg.N.label) restarts the phone.
    liveLabels: [],
    sources: ['Poly UC Software administrator guide 6.x: specialEvent.checkSync, requestValidation'],
  },
  'cisco-mpp': {
    maker: /cisco/i,
    notModel: /SPA|ATA/i,
    userAgents: [new RegExp(`^Cisco-(?:CP-)?(?<model>\\w+)-3PCC/${FIRMWARE}`, 'i'), /^Cisco-(?:CP-)?(?<model>\w+)-3PCC/i],
    resyncEvent: 'resync',
    restartEvent: 'reboot',
    challenges: 'by-default',
    phoneSettings: ['Resync_From_SIP = Yes', 'Auth_Resync-Reboot_N_ = Yes'],
    restarts: { expected: 'perhaps', text: 'It restarts by itself where a changed setting needs it; which do is not verified.', settings: null },
    liveLabels: [],
    sources: ['Cisco IP Phone 6800/7800/8800 multiplatform provisioning guide 12.x: Resync_From_SIP, Auth_Resync-Reboot'],
  },
  'grandstream': {
    maker: /grandstream/i,
    notModel: null,
    userAgents: [new RegExp(`^Grandstream (?<model>[A-Z]+\\d\\w*)(?: ${FIRMWARE})?`, 'i')],
    resyncEvent: 'resync',
    restartEvent: 'check-sync;reboot=true',
    challenges: 'by-setting',
    phoneSettings: [],
    restarts: { expected: 'perhaps', text: 'resync itself does not restart it (tried by others on GXP2130 and GXP2160); which settings do is not verified.', settings: null },
    liveLabels: [{ model: /^GXP21[36]0$/i, source: 'fusionpbx pull request #3014, tried on GXP2130 and GXP2160' }],
    sources: ['fusionpbx pull request #3014'],
  },
  'snom': {
    maker: /snom/i,
    notModel: null,
    userAgents: [new RegExp(`^(?:Mozilla/\\S+ \\(compatible; )?snom(?<model>[A-Z]?\\d+)(?:-SIP)?[/ ]${FIRMWARE}`, 'i'), /^snom(?<model>[A-Z]?\d+)/i],
    resyncEvent: 'check-sync;reboot=false',
    restartEvent: 'check-sync;reboot=true',
    challenges: 'by-setting',
    phoneSettings: ['checksync_action = sync'],
    restarts: { expected: 'perhaps', text: 'It restarts by itself where a changed setting needs it; which do is not verified.', settings: null },
    // The phone restarts by itself where a changed setting needs it; which do is not verified.
    liveLabels: [],
    sources: ['Snom service hub: check-sync, auto_reboot_on_setting_change', 'Asterisk pjsip_notify.conf.sample'],
  },
  'fanvil': {
    maker: /fanvil/i,
    notModel: null,
    userAgents: [new RegExp(`^Fanvil (?<model>[\\w-]+)(?: ${FIRMWARE})?`, 'i')],
    resyncEvent: 'check-sync',
    restartEvent: 'check-sync;reboot=true',
    challenges: 'never',
    phoneSettings: ['NotifyReboot = 1'],
    restarts: { expected: 'unknown', text: 'Whether a changed setting restarts it is not verified.', settings: null },
    liveLabels: [],
    sources: ['Fanvil auto provision notes: NotifyReboot'],
  },
  'audiocodes': {
    maker: /audio ?codes/i,
    notModel: null,
    userAgents: [
      new RegExp(`^AUDC-IPPhone/${FIRMWARE} \\((?<model>[\\w]+)`, 'i'),
      new RegExp(`^AUDC/${FIRMWARE} AUDC-IPPhone-(?<model>[A-Z]?\\d+[A-Z]*)`, 'i'),
      /^(?:AUDC|AudioCodes)/i,
    ],
    resyncEvent: 'check-sync',
    restartEvent: 'check-sync',
    challenges: 'unknown',
    phoneSettings: ['voip/services/notify/check_sync/force_reboot_enabled = 0'],
    restarts: { expected: 'perhaps', text: 'It does not with check_sync/force_reboot_enabled = 0, which it is told; which settings do by themselves is not verified.', settings: null },
    liveLabels: [],
    sources: ['AudioCodes 400HD administrator manual 3.4.3: check_sync/force_reboot_enabled'],
  },
  'other': {
    maker: null, notModel: null, userAgents: [], resyncEvent: null, restartEvent: null, challenges: 'unknown', phoneSettings: [],
    restarts: { expected: 'unknown', text: 'Nothing is known of this make of phone.', settings: null }, liveLabels: [], sources: [],
  },
};
