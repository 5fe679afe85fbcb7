import type { PhoneFamily } from '../device/phone-families.js';

/** How a file of a phone is written; each has its own escaping, parsing and merging. */
export type Grammar =
  | 'yealink-cfg' | 'audiocodes-cfg' | 'poly-xml' | 'cisco-xml' | 'grandstream-xml' | 'snom-xml' | 'fanvil-xml'
  | 'plain-ini' | 'baresip-config' | 'baresip-accounts' | 'baresip-contacts';

/** What an administrator can ask of a phone and not every model has. */
export type Capability =
  | 'web-interface' | 'admin-password' | 'background' | 'time-format' | 'second-ntp' | 'daylight-saving-rules' | 'firmware' | 'language'
  | 'trusted-certificate' | 'srtp' | 'codecs' | 'dtmf-mode' | 'emergency-numbers' | 'digit-map' | 'voicemail-key' | 'home-soft-key' | 'second-page-soft-key' | 'blf' | 'http-credentials';

/** `unverified`: the parameter is sent, but nobody has confirmed on a phone or in its maker's manual that it acts. */
export type Support = 'yes' | 'unverified' | 'no';

export interface ExpansionModule {
  readonly name: string;
  readonly modules: number;
  readonly keysEach: number;
}

export interface BackgroundFormat {
  /** File endings the phone takes, without the dot. */
  readonly formats: readonly string[];
  /** Pixels; null where nobody has told. */
  readonly width: number | null;
  readonly height: number | null;
}

/** One model of phone: facts of `provisioning-templates/<vendor>/<family>/manifest.json`. */
export interface PhoneModel {
  /** As administrators write the maker, e.g. `Yealink`. */
  readonly maker: string;
  /** `<vendor>/<family>` of the folder with its templates. */
  readonly templateFamily: string;
  readonly family: PhoneFamily;
  readonly model: string;
  /** Other names of the model, as phones and price lists have them. */
  readonly aliases: readonly string[];
  /** Number or name by which the model asks for its common file; '' = none. */
  readonly code: string;
  readonly grammar: Grammar;
  readonly macCase: 'lower' | 'upper';
  readonly accounts: number;
  /** Key slots of all pages together, which are all written so that nothing of before stays. */
  readonly keySlots: number;
  /** Key slots that are offered; less than `keySlots` where sources differ. */
  readonly usableKeys: number;
  /** Soft keys seen at once on the idle screen; 0 = none. */
  readonly idleSoftKeys: number;
  readonly expansion: ExpansionModule | null;
  readonly background: BackgroundFormat | null;
  /** Characters of a label that are seen. */
  readonly labelLength: number;
  /** What the family says, with the model's own differences. */
  readonly capabilities: Readonly<Record<Capability, Support>>;
  /** Words that a person who picks the model must read, e.g. that another firmware exists; '' = none. */
  readonly note: string;
}

/** A setting that was asked for and that this phone cannot do, or only in another way. */
export interface UnsupportedSetting {
  readonly setting: Capability | 'keys' | 'label';
  /** One sentence for the administrator. */
  readonly text: string;
}

/** Whether the model does it as far as is known; `unverified` counts as yes, since the parameter is sent. */
export function can(model: PhoneModel, capability: Capability): boolean {
  return model.capabilities[capability] !== 'no';
}
