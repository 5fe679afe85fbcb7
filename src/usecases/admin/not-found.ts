import { refused, type Refused } from '../outcome.js';

/** One sentence for each noun that a path or a body may name in vain. */
export const accountNotFound = (id: string): Refused => refused(
  'not-found', 'account_id', 'There is no such account.', id,
);
export const userNotFound = (id: string): Refused =>
  refused('not-found', 'userId', 'There is no user with this id or e-mail address.', id);
export const phoneUserNotFound = (id: string): Refused =>
  refused('not-found', 'userId', 'There is no phone user with this id or e-mail address.', id);
export const commonAreaNotFound = (id: string): Refused =>
  refused('not-found', 'commonAreaId', 'There is no common area with this id.', id);
export const deviceNotFound = (id: string): Refused => refused(
  'not-found', 'deviceId', 'There is no device with this id.', id,
);
export const siteNotFound = (id: string): Refused => refused(
  'not-found', 'siteId', 'There is no site with this id.', id,
);
export const blockedNumberNotFound = (id: string, field = 'blockedListId'): Refused =>
  refused('not-found', field, 'There is no entry with this id on the blocked list.', id);
export const extensionNotFound = (id: string): Refused =>
  refused('not-found', 'extensionId', 'There is no extension with this id.', id);
export const exceptionRuleNotFound = (id: string): Refused =>
  refused('not-found', 'exceptionRuleId', 'There is no exception rule with this id here.', id);
export const phoneNumberNotFound = (id: string): Refused =>
  refused('not-found', 'phoneNumberId', 'The account has no number with this id.', id);
