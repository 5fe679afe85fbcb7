import type { AccountId, ExtensionId, UserId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import type { Stores } from '../../ports/admin-stores.js';

/** How files call extensions: people by their e-mail address, common areas by site code and digits. */
export async function assigneeTexts(stores: Stores, accountId: AccountId, sites: readonly Site[], ids: readonly ExtensionId[]): Promise<(id: ExtensionId) => string> {
  const extensions = new Map((await stores.exchange.extensions(accountId, [...new Set(ids)])).map((extension) => [extension.id, extension]));
  const userIds = [...extensions.values()].flatMap(({ owner }): readonly UserId[] => (owner.kind === 'user' ? [owner.id] : []));
  const emails = new Map<string, string>((await stores.exchange.users(accountId, userIds)).map(({ id, email }) => [id, email]));
  return (id) => {
    const extension = extensions.get(id);
    if (extension === undefined) return '';
    return emails.get(extension.owner.id) ?? `${sites.find((site) => site.id === extension.siteId)?.siteCode ?? ''}${extension.number}`;
  };
}
