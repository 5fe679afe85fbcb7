import type { AccountId, AlertId, AlertSettingId } from '../ids.js';

/** What an alert watches: the number in the API, its module, and whether anything here makes it come true. */
export const ALERT_RULES = [
  { rule: 1, module: 1, name: 'Service level', fires: false },
  { rule: 2, module: 1, name: 'Inbound abandoned calls', fires: false },
  { rule: 3, module: 1, name: 'Inbound overflowed calls', fires: false },
  { rule: 4, module: 1, name: 'Inbound average waiting time', fires: false },
  { rule: 5, module: 1, name: 'Inbound calls to voicemail', fires: false },
  { rule: 6, module: 1, name: 'Number of waiting calls', fires: false },
  { rule: 7, module: 1, name: 'Members available (active)', fires: false },
  { rule: 8, module: 1, name: 'Members available (opted in)', fires: false },
  { rule: 9, module: 2, name: 'Status of a route group', fires: true },
  { rule: 10, module: 3, name: 'Devices go offline', fires: true },
  { rule: 11, module: 3, name: 'Devices go online', fires: true },
  { rule: 12, module: 3, name: 'Share of devices that are offline', fires: true },
  { rule: 13, module: 4, name: 'Quality of calls', fires: true },
  { rule: 14, module: 5, name: 'Emergency call', fires: true },
  // Ours, numbered far from those that others may add.
  { rule: 101, module: 100, name: 'Sign-in locks after wrong PINs', fires: true },
  { rule: 102, module: 100, name: 'Guard against fraud', fires: true },
] as const satisfies readonly { readonly rule: number; readonly module: number; readonly name: string; readonly fires: boolean }[];

export type AlertRule = (typeof ALERT_RULES)[number]['rule'];

/** Whom an alert is about, in the numbers of the API. */
export const ALERT_TARGETS = { user: 1, account: 2, callQueue: 3, site: 4, device: 5 } as const;
export type AlertTargetType = (typeof ALERT_TARGETS)[keyof typeof ALERT_TARGETS];

export interface RuleCondition {
  readonly type: number;
  readonly value: string;
}

/** Where chat messages would go; the token is kept sealed, elsewhere. */
export interface ChatChannel {
  readonly name: string;
  readonly endPoint: string;
}

export interface AlertSetting {
  readonly id: AlertSettingId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly rule: AlertRule;
  readonly targetType: AlertTargetType;
  /** Ids of what the target type says; empty = all there are. */
  readonly targetIds: readonly string[];
  readonly conditions: readonly RuleCondition[];
  /** Clock times of the main site, HH:MM:SS, between which it may open; null = always. */
  readonly timeFrame: { readonly from: string; readonly to: string } | null;
  /** Minutes between two messages of the same alert. */
  readonly frequencyMinutes: number;
  readonly emailRecipients: readonly string[];
  readonly chatChannels: readonly ChatChannel[];
  readonly active: boolean;
  readonly createdAt: number;
}

/** What an alert is about: a phone, a call, a lock. */
export interface AlertSubject {
  readonly id: string;
  readonly name: string;
}

/** One opening of an alert setting and what came of it; an emergency call or a phone coming back opens and closes at once. */
export interface Alert {
  readonly id: AlertId;
  readonly accountId: AccountId;
  readonly settingId: AlertSettingId;
  /** As they were when it opened: the setting may be changed or gone by now. */
  readonly settingName: string;
  readonly rule: AlertRule;
  readonly openedAt: number;
  /** Null while it is open. */
  readonly closedAt: number | null;
  /** Everything that made it come true while it was open, the first ones of many. */
  readonly subjects: readonly AlertSubject[];
  /** How many there were. */
  readonly subjectCount: number;
  readonly text: string;
  /** When people were last told; null = not yet. */
  readonly notifiedAt: number | null;
}
