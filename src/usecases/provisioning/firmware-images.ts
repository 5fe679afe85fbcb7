import { IMAGE_CHUNK, isImageName, type FirmwareImage } from '../../domain/device/firmware-image.js';
import { isFirmwareVersion } from '../../domain/device/firmware-rules.js';
import { brandOf, PROVISIONED_BRANDS, type PhoneBrand } from '../../domain/device/phone-models.js';
import { asId, type FirmwareImageId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { ContentHash } from '../../ports/crypto.js';
import type { PhoneFiles } from '../../ports/phone-files.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

/** What keeping images takes. */
export interface FirmwareUploads {
  readonly contentHash: () => ContentHash;
  /** Of one image, bytes. */
  readonly largestFirmware: number;
}

export interface ImageDeps extends ChangeDeps, FirmwareUploads {
  readonly stores: Stores;
  readonly phoneFiles: PhoneFiles;
}

export interface ImageName {
  readonly vendor: string;
  readonly version: string;
  readonly fileName: string;
}

/**
 * Keeps a maker's file for the account's phones, in the place of one of that name. It is written piece by piece beside the
 * configuration, and nobody sees it before it is whole.
 */
export async function uploadFirmware(deps: ImageDeps, actor: Actor, name: ImageName, content: AsyncIterable<Uint8Array>): Promise<Outcome<FirmwareImage>> {
  const named = readImageName(deps, name);
  if (named.kind === 'refused') return named;
  const { stores, clock, ids, largestFirmware } = deps;
  const begun = { ...named.name, id: asId<FirmwareImageId>(ids.next()), accountId: actor.accountId, uploadedAt: clock.now(), uploadedBy: actor.name };
  await stores.firmwareImages.begin(begun);
  try {
    const hash = deps.contentHash();
    let bytes = 0;
    let number = 0;
    for await (const piece of inPieces(content)) {
      bytes += piece.length;
      if (bytes > largestFirmware) {
        await stores.firmwareImages.delete(begun.id);
        return refused('invalid', 'body', `The image is larger than ${Math.floor(largestFirmware / 1_048_576)} MB. Send a smaller one, or raise FIRMWARE_MAX_MB.`);
      }
      hash.update(piece);
      await stores.firmwareImages.append(begun, number, piece);
      number += 1;
    }
    if (bytes === 0) {
      await stores.firmwareImages.delete(begun.id);
      return refused('invalid', 'body', 'The body is empty. Send the image as it came from its maker.');
    }
    const image: FirmwareImage = { ...begun, bytes, sha256: hash.hex() };
    return await change(deps, actor, async (draft) => {
      const before = await draft.stores.firmwareImages.get(draft.accountId, image.vendor, image.version, image.fileName);
      await draft.stores.firmwareImages.finish(image);
      draft.note({ aggregate: 'firmware_image', id: image.id, change: 'created', action: before === null ? 'upload-firmware' : 'replace-firmware', before, after: image });
      return done(image);
    });
  } catch (error) {
    // Left behind where storage itself is away: the hourly purge finds it.
    await stores.firmwareImages.delete(begun.id).catch(() => undefined);
    throw error;
  }
}

/** Removes an image that no rule needs. */
export async function removeFirmware(deps: ChangeDeps, actor: Actor, { vendor, version, fileName }: ImageName): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const maker = brandOf(vendor);
    const image = maker === null ? null : await draft.stores.firmwareImages.get(draft.accountId, maker, version, fileName);
    if (image === null) return refused('not-found', 'fileName', 'There is no such image. GET /v2/cordboard/firmware lists them.', fileName);
    const rule = await ruleOf(draft, image);
    if (rule !== null) return refused('conflict', 'fileName', `Rule ${rule} tells phones of ${image.vendor} ${image.version}. Change or remove it first.`, fileName);
    await draft.stores.firmwareImages.delete(image.id);
    draft.note({ aggregate: 'firmware_image', id: image.id, change: 'deleted', action: 'remove-firmware', before: image, after: null });
    return done(null);
  });
}

/** A rule that needs the release: phones fetch other files of it, too. */
async function ruleOf({ stores, accountId }: Draft, { vendor, version }: FirmwareImage): Promise<string | null> {
  const rules = await stores.firmwareRules.all(accountId);
  return rules.find((rule) => rule.imageFile !== '' && rule.version === version && brandOf(rule.deviceType) === vendor)?.id ?? null;
}

function readImageName(
  { phoneFiles }: ImageDeps, { vendor, version, fileName }: ImageName,
): { readonly kind: 'name'; readonly name: { readonly vendor: PhoneBrand; readonly version: string; readonly fileName: string } } | Refused {
  const maker = brandOf(vendor);
  if (maker === null || !PROVISIONED_BRANDS.includes(maker)) return refused('invalid', 'vendor', `Give one of ${PROVISIONED_BRANDS.join(', ')}.`, vendor);
  if (!isFirmwareVersion(version)) return refused('invalid', 'version', 'Give the release as its maker writes it, e.g. 96.86.0.70.', version);
  if (!isImageName(fileName)) return refused('invalid', 'fileName', 'Give a file name of letters, digits and . _ -, at most 100.', fileName);
  const asked = phoneFiles.models.some((model) => model.maker === maker && phoneFiles.isFirmwareName(model, fileName));
  return asked ? { kind: 'name', name: { vendor: maker, version, fileName } }
    : refused('invalid', 'fileName', `Phones of ${maker} ask for no firmware of this name. Keep the name that the maker gave it.`, fileName);
}

/** The content in pieces of `IMAGE_CHUNK`, the last one shorter. */
async function* inPieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(IMAGE_CHUNK);
  let filled = 0;
  for await (const part of content) {
    for (let at = 0; at < part.length;) {
      const take = Math.min(IMAGE_CHUNK - filled, part.length - at);
      piece.set(part.subarray(at, at + take), filled);
      filled += take;
      at += take;
      if (filled < IMAGE_CHUNK) continue;
      yield piece;
      piece = new Uint8Array(IMAGE_CHUNK);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
