import type { Alert, AlertSetting, AlertSubject } from '../../domain/alerts/alert.js';
import { ALERT_RULES } from '../../domain/alerts/alert.js';
import { asId, type AlertId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { MailPost } from '../../ports/mailer.js';
import type { IdSource } from '../../ports/runtime.js';
import { queueMail } from '../mail/queue-mail.js';
import { postEvent } from './post-event.js';

/** Subjects that an alert keeps by name; the others are counted. */
const MOST_SUBJECTS = 100;

export interface AlertDeps {
  readonly ids: IdSource;
  readonly mail: MailPost;
}

/** A new alert of a setting; a `moment` is over at once. */
export function newAlert(
  { ids }: AlertDeps, setting: AlertSetting, at: number, about: { readonly subjects: readonly AlertSubject[]; readonly text: string; readonly moment: boolean },
): Alert {
  return {
    id: asId<AlertId>(ids.next()), accountId: setting.accountId, settingId: setting.id, settingName: setting.name, rule: setting.rule, openedAt: at,
    closedAt: about.moment ? at : null, subjects: about.subjects.slice(0, MOST_SUBJECTS), subjectCount: about.subjects.length, text: about.text, notifiedAt: null,
  };
}

/** Its subjects and those that came since. */
export function grown(alert: Alert, subjects: readonly AlertSubject[], text: string): Alert {
  const known = new Set(alert.subjects.map(({ id }) => id));
  const all = [...alert.subjects, ...subjects.filter(({ id }) => !known.has(id))];
  return { ...alert, subjects: all.slice(0, MOST_SUBJECTS), subjectCount: Math.max(alert.subjectCount, all.length), text };
}

const SEQUENCE = { 'alert.opened': 1, 'alert.closed': 2 } as const;

/** Tells webhooks that an alert opened or closed, in the transaction of `stores`. */
export async function postAlert(deps: AlertDeps, stores: Stores, type: keyof typeof SEQUENCE, alert: Alert, at: number): Promise<void> {
  await postEvent(stores, deps.ids, {
    accountId: alert.accountId, type, subjectId: alert.id, sequence: SEQUENCE[type], at,
    payload: {
      alert: {
        id: alert.id, alert_setting_id: alert.settingId, alert_setting_name: alert.settingName, rule: alert.rule, rule_name: ruleName(alert.rule), text: alert.text,
        opened_at: new Date(alert.openedAt).toISOString(), closed_at: alert.closedAt === null ? '' : new Date(alert.closedAt).toISOString(),
        subjects: alert.subjects, subject_count: alert.subjectCount,
      },
    },
  });
}

/** Writes one mail to each recipient of the setting about these alerts, in the transaction of `stores`. */
export async function mailAlerts(
  deps: AlertDeps, stores: Stores, setting: AlertSetting, alerts: readonly Alert[], at: number, more: readonly string[] = [],
): Promise<void> {
  const lines = [
    ...alerts.flatMap((alert) => [
      `${new Date(alert.openedAt).toISOString()} ${alert.text}`,
      ...alert.subjects.map(({ name }) => `- ${name}`),
      ...(alert.subjectCount > alert.subjects.length ? [`- and ${alert.subjectCount - alert.subjects.length} more`] : []),
    ]),
    ...more,
  ];
  for (const to of setting.emailRecipients) {
    await queueMail(deps, { stores, accountId: setting.accountId, at, newId: () => deps.ids.next() }, {
      to, language: 'en', template: 'notice', data: { subject: `Alert: ${setting.name} (${ruleName(setting.rule)})`, lines },
    });
  }
}

export function ruleName(rule: Alert['rule']): string {
  return ALERT_RULES.find((row) => row.rule === rule)?.name ?? '';
}
