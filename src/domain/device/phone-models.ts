import type { Device } from './device.js';

/** Makers as they are kept; `Softphone` and `Other` take any model, since nothing is known of theirs. */
export type PhoneBrand = 'Yealink' | 'Poly' | 'Cisco' | 'Grandstream' | 'Snom' | 'Fanvil' | 'AudioCodes' | 'Softphone' | 'Other';

export interface PhoneModel {
  /** As it is kept and shown, e.g. `T54W`. */
  readonly name: string;
  /** SIP accounts the phone can hold; null = not verified. */
  readonly accounts: number | null;
  /** Line keys of all its pages, expansion modules left out; null = not verified. */
  readonly lineKeys: number | null;
}

interface BrandFacts {
  /** Other words for the maker, in lower case. */
  readonly aliases: readonly string[];
  /** What people write in front of the model's name, in lower case, without blanks and dashes. */
  readonly prefixes: readonly string[];
  readonly models: readonly PhoneModel[];
}

/** `name:accounts/keys`, `?` = not verified. Where two sources differ the smaller number stands. */
function models(text: string): readonly PhoneModel[] {
  const count = (figure: string | undefined): number | null => (figure === undefined || figure === '' || figure === '?' ? null : Number(figure));
  return text.trim().split(/\s+/).map((entry) => {
    const [name = '', figures = ''] = entry.split(':');
    const [accounts, keys] = figures.split('/');
    return { name: name.replaceAll('_', ' '), accounts: count(accounts), lineKeys: count(keys) };
  });
}

/** Makers and the models that are known. Sources: vendors' data sheets and administrator guides. */
export const PHONE_BRANDS: Readonly<Record<PhoneBrand, BrandFacts>> = {
  Yealink: {
    aliases: [], prefixes: ['yealink', 'sip'],
    models: models(`T19P_E2:1/0 T21P_E2:2/2 T23G:3/3 T27G:6/21 T29G:16/27 T30:1/0 T30P:1/0 T31:2/2 T31G:2/2 T31P:2/2 T31W:2/2 T33G:4/12 T33P:4/12
      T34W:4/12 T40G:3/3 T40P:3/3 T41S:6/15 T41U:6/15 T42S:12/15 T42U:12/15 T43U:12/15 T44U:12/21 T44W:12/21 T46S:16/27 T46U:16/27 T48S:16/29 T48U:16/29
      T53:12/21 T53W:12/21 T54W:16/27 T57W:16/29 T58:16/27 T58W:16/27 T73U:12/40 T73W:12/40 T74U:16/50 T74W:16/50 T77U:16/56 T85W:16/60 T87W:16/84
      T88W:16/84 T88V:16/84 CP920:1/0 CP925:1/0 CP960:1/0 CP965:1/0 W60B:8/0 W70B:10/0 W75DM:20/0 W80DM:30/0 W90DM:250/0`),
  },
  Poly: {
    aliases: ['polycom', 'hp poly'], prefixes: ['polycom', 'poly'],
    models: models(`VVX_101:?/2 VVX_150:?/2 VVX_200:?/2 VVX_201:?/2 VVX_250:?/4 VVX_300:?/6 VVX_301:?/6 VVX_310:?/6 VVX_311:?/6 VVX_350:?/6 VVX_400:?/12
      VVX_401:?/12 VVX_410:?/12 VVX_411:?/12 VVX_450:?/12 VVX_500:?/12 VVX_501:?/12 VVX_600:?/16 VVX_601:?/16 VVX_1500:?/6 Edge_E100 Edge_E220 Edge_E300
      Edge_E320 Edge_E350 Edge_E400 Edge_E450 Edge_E500 Edge_E550 Trio_8300 Trio_8500 Trio_8800`),
  },
  Cisco: {
    aliases: [], prefixes: ['cisco', 'cp'],
    models: models('6821 6841 6851 6861 6871 7811:1/0 7821:2/2 7832:1/0 7841:4/4 7861:16/16 8811:10/10 8832 8841:10/10 8845:10/10 8851:10/10 8861:10/10 8865:10/10 9841 9851 9861'),
  },
  Grandstream: {
    aliases: [], prefixes: ['grandstream'],
    models: models(`GRP2601 GRP2602 GRP2603 GRP2604 GRP2612 GRP2613 GRP2614 GRP2615 GRP2616 GRP2624 GRP2634 GRP2636 GRP2650 GRP2670 GXP1610 GXP1615 GXP1620 GXP1625
      GXP1628 GXP1630 GXP1760 GXP1780 GXP1782 GXP2130 GXP2135 GXP2140 GXP2160 GXP2170 GHP610 GHP620 GHP630`),
  },
  Snom: {
    aliases: [], prefixes: ['snom'],
    models: models(`D120:?/2 D140:?/2 D150:?/2 D305:?/5 D315:?/5 D335:?/48 D345:?/48 D375:?/12 D385:?/48 D710:?/5 D712:?/5 D713:?/4 D715:?/5 D717:?/3 D725:?/18
      D735:?/32 D745:?/32 D765:?/16 D785:?/24 D810:?/4 D812:?/28 D815:?/36 D862:?/28 D865:?/36 D892:?/36 SP800:?/28`),
  },
  Fanvil: {
    aliases: [], prefixes: ['fanvil'],
    models: models(`X1S:?/2 X3:?/2 X3S:?/2 X3SG:?/2 X3U:?/3 X301:?/0 X303:?/3 X4:?/30 X4SG:?/30 X4U:?/33 X5:?/40 X5U:?/34 X6:?/60 X6U:?/65 X7C:?/60 X210:?/106
      V61:?/12 V62:?/21 V63:?/21 V64:?/21 V65:?/27 V67:?/116 H5:?/6`),
  },
  AudioCodes: {
    aliases: ['audio codes'], prefixes: ['audiocodes'],
    models: models('405 405HD 420HD 425HD 430HD 440HD 445HD 450HD C430HD C435HD C448HD C450HD C455HD'),
  },
  Softphone: { aliases: [], prefixes: [], models: [] },
  Other: { aliases: ['generic'], prefixes: [], models: [] },
};

/** Makers whose phones read their configuration from us. */
export const PROVISIONED_BRANDS: readonly PhoneBrand[] = ['Yealink', 'Poly', 'Cisco', 'Grandstream', 'Snom', 'Fanvil', 'AudioCodes'];

const brands = Object.entries(PHONE_BRANDS) as readonly (readonly [PhoneBrand, BrandFacts])[];

export type PhoneVerdict =
  | { readonly kind: 'known'; readonly type: PhoneBrand; readonly model: string }
  | { readonly kind: 'unknown'; readonly field: 'type' | 'model'; readonly text: string };

/**
 * The names under which a phone is kept. The model may be left out, or be `other` for one that is not listed; a known maker's other
 * words are refused with the list, since a mistyped model would get the wrong configuration.
 */
export function readPhone(type: string, model: string): PhoneVerdict {
  const brand = brandOf(type);
  if (brand === null) {
    const names = brands.map(([name]) => name).join(', ');
    return { kind: 'unknown', field: 'type', text: `This maker is not known. Give one of ${names}; Other takes every SIP phone.` };
  }
  const known = PHONE_BRANDS[brand].models;
  if (known.length === 0 || model === '') return { kind: 'known', type: brand, model };
  if (model.toLowerCase() === 'other') return { kind: 'known', type: brand, model: 'other' };
  const found = modelOf(brand, model);
  if (found !== null) return { kind: 'known', type: brand, model: found.name };
  const names = known.map(({ name }) => name).join(', ');
  return { kind: 'unknown', field: 'model', text: `${brand} has no model of this name here. Give one of ${names}, or other.` };
}

/** Accounts and keys of a device's model; both null for one that is not listed. */
export function capacityOf({ type, model }: Pick<Device, 'type' | 'model'>): Pick<PhoneModel, 'accounts' | 'lineKeys'> {
  const brand = brandOf(type);
  return (brand === null ? null : modelOf(brand, model)) ?? { accounts: null, lineKeys: null };
}

/** Whether the phone reads its configuration from us; any other is set up by hand. */
export function isProvisioned({ type }: Pick<Device, 'type'>): boolean {
  const brand = brandOf(type);
  return brand !== null && PROVISIONED_BRANDS.includes(brand);
}

export function brandOf(type: string): PhoneBrand | null {
  const wanted = type.trim().toLowerCase();
  return brands.find(([name, { aliases }]) => name.toLowerCase() === wanted || aliases.includes(wanted))?.[0] ?? null;
}

/** Cisco's phones that take our configuration carry `-3PCC` behind the model, others nothing. */
const SUFFIX = /3pcc$/;

function modelOf(brand: PhoneBrand, text: string): PhoneModel | null {
  const { models: known, prefixes } = PHONE_BRANDS[brand];
  let wanted = plain(text).replace(SUFFIX, '');
  for (const prefix of prefixes) if (wanted.startsWith(prefix)) wanted = wanted.slice(prefix.length);
  return known.find(({ name }) => plain(name) === wanted) ?? null;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
