import type { Device } from './device.js';
import { PHONE_FAMILIES, type LabelRefresh, type LiveLabelRule, type PhoneFamily, type PhoneFamilyFacts } from './phone-families.js';

/** What is known of a phone: by what it says itself, else by what the administrator wrote. */
export interface KnownPhone {
  readonly family: PhoneFamily;
  /** As named by the phone, else by the administrator; '' = unknown. */
  readonly model: string;
  /** Dotted numbers; null = unknown, since only the phone itself tells. */
  readonly firmware: string | null;
}

/** Longer texts are no phone's. */
const LONGEST_USER_AGENT = 256;

/**
 * Recognises a phone. A User-Agent of a family we know wins over the administrator's words: it is the phone that is there.
 * @param userAgent of the live binding; null without one
 */
export function recognisePhone(device: Pick<Device, 'type' | 'model'>, userAgent: string | null): KnownPhone {
  return byUserAgent(device, userAgent) ?? byWords(device);
}

/** Whether the phone shows a new label without a restart; `none` for whatever is not known to. */
export function labelRefreshOf({ family, model, firmware }: KnownPhone): LabelRefresh {
  return PHONE_FAMILIES[family].liveLabels.some((rule) => holds(rule, model, firmware)) ? 'live' : 'none';
}

const families = Object.entries(PHONE_FAMILIES) as readonly (readonly [PhoneFamily, PhoneFamilyFacts])[];

function byUserAgent(device: Pick<Device, 'model'>, userAgent: string | null): KnownPhone | null {
  if (userAgent === null || userAgent.length > LONGEST_USER_AGENT) return null;
  for (const [family, facts] of families) {
    for (const pattern of facts.userAgents) {
      const match = pattern.exec(userAgent);
      if (match === null) continue;
      const { model, firmware } = match.groups ?? {};
      return { family, model: model?.replace(/_/g, ' ') ?? device.model, firmware: firmware ?? null };
    }
  }
  return null;
}

function byWords({ type, model }: Pick<Device, 'type' | 'model'>): KnownPhone {
  const found = families.find(([, facts]) => facts.maker?.test(type) === true && facts.notModel?.test(`${type} ${model}`) !== true);
  return { family: found?.[0] ?? 'other', model, firmware: null };
}

function holds({ model: named, release }: LiveLabelRule, model: string, firmware: string | null): boolean {
  if (named !== undefined && !named.test(model)) return false;
  if (release === undefined) return true;
  const number = Number(firmware?.split('.')[release.position] ?? Number.NaN);
  return number >= release.least;
}
