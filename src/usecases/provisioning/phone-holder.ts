import type { Device } from '../../domain/device/device.js';
import { wholeLineKeys, type LineKey } from '../../domain/device/line-keys.js';
import type { ExtensionId } from '../../domain/ids.js';
import { nameOf } from '../../domain/identity/user.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Holder } from '../../domain/provisioning/compose-configuration.js';
import { PHONE_LANGUAGES, type PhoneLanguage } from '../../domain/provisioning/phone-configuration.js';
import { wantedKeys, type KeyTarget } from '../../domain/provisioning/wanted-keys.js';
import type { Stores } from '../../ports/admin-stores.js';

type HolderStores = Pick<Stores, 'extensions' | 'phoneUsers' | 'commonAreas' | 'lineKeys' | 'sites'>;

/** Whoever has the extension, as the phone shows them; null when nobody has it any more. */
export async function phoneHolder(stores: HolderStores, device: Pick<Device, 'accountId' | 'siteId'>, extensionId: ExtensionId): Promise<Holder | null> {
  const { accountId } = device;
  const extension = await stores.extensions.get(accountId, extensionId);
  if (extension === null) return null;
  const owner = await ownerOf(stores, extension);
  if (owner === null) return null;
  const kept = wholeLineKeys(extension, await stores.lineKeys.of(extensionId));
  const targets = new Map(await Promise.all(kept.map(async (key) => [key.id, await keyTarget(stores, device, key)] as const)));
  return {
    ...owner, extension: await dialled(stores, device, extension), keys: wantedKeys(kept, ({ id }) => targets.get(id) ?? null), voicemailNumber: '',
  };
}

/** The language of a text such as `de` or `en-US`; null where phones have no prompts of ours in it. */
export function phoneLanguage(text: string | null): PhoneLanguage | null {
  const [first = ''] = (text ?? '').toLowerCase().split('-');
  return PHONE_LANGUAGES.find((one) => one === first) ?? null;
}

async function ownerOf(stores: HolderStores, { accountId, owner }: Extension): Promise<Pick<Holder, 'kind' | 'name' | 'language'> | null> {
  if (owner.kind === 'common_area') {
    const found = await stores.commonAreas.get(accountId, owner.id);
    return found && { kind: 'common-area', name: found.commonArea.displayName, language: null };
  }
  const found = await stores.phoneUsers.get(accountId, owner.id);
  return found && { kind: 'user', name: nameOf(found.user), language: phoneLanguage(found.user.language) };
}

/** Digits that reach the extension from the phone: those of another site begin with its code. */
async function dialled(stores: HolderStores, { accountId, siteId }: Pick<Device, 'accountId' | 'siteId'>, extension: Extension): Promise<string> {
  if (extension.siteId === siteId) return extension.number;
  return `${(await stores.sites.get(accountId, extension.siteId))?.siteCode ?? ''}${extension.number}`;
}

/** What a busy lamp shows; null for any other key. */
async function keyTarget(stores: HolderStores, device: Pick<Device, 'accountId' | 'siteId'>, { targetExtensionId }: LineKey): Promise<KeyTarget | null> {
  const target = targetExtensionId === null ? null : await stores.extensions.get(device.accountId, targetExtensionId);
  return target && { number: await dialled(stores, device, target), name: (await ownerOf(stores, target))?.name ?? '' };
}
