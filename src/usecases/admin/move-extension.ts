import type { Account } from '../../domain/identity/account.js';
import type { Site } from '../../domain/identity/site.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Draft } from '../change.js';
import { moveNumbersWith } from '../numbers/release-numbers.js';
import { done, type Outcome } from '../outcome.js';
import { chooseNumber } from './extension-number.js';

/**
 * Changes an extension's number, its site, or both; the number is checked again wherever it lands, and direct
 * numbers move along. */
export async function moveExtension(
  draft: Draft, account: Account, extension: Extension, site: Site, wanted: string | undefined,
): Promise<Outcome<Extension>> {
  if (site.id === extension.siteId && (wanted === undefined || wanted === extension.number)) return done(extension);
  const number = await chooseNumber(
    { stores: draft.stores, account, site, except: extension }, wanted ?? extension.number,
  );
  if (number.kind === 'refused') return number;
  const after = { ...extension, number: number.number, siteId: site.id };
  await draft.stores.extensions.update(extension.id, { number: after.number, siteId: after.siteId });
  if (after.siteId !== extension.siteId) await moveNumbersWith(draft, after, after.siteId);
  draft.note({
    aggregate: 'extension', id: extension.id, change: 'updated', action: 'move-extension', before: extension, after,
  });
  return done(after);
}
