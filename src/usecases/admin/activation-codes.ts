import { asId, type CommonAreaId, type ExtensionId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import {
  ACTIVATION_CODE_LENGTH, ACTIVATION_CODE_MS, activationCodeStatus, drawDigits,
} from '../../domain/identity/activation-code.js';
import type { CommonAreaView, PhoneUserView } from '../../ports/admin-stores.js';
import { activationHash } from '../activation/create-phone-activation.js';
import { change, type Actor, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { insertDevice } from './add-device.js';
import type { AdminDeps } from './admin-deps.js';
import { commonAreaNotFound, phoneUserNotFound } from './not-found.js';
import { findPhoneUser } from './resolve.js';

export interface IssuedCode {
  readonly area: CommonAreaView;
  /** In the clear: told now and never again. */
  readonly code: string;
  readonly expiresAt: number;
}

/** Makes a code for each common area; an earlier one of the same area, used or not, is good for nothing any more. */
export async function issueActivationCodes(deps: AdminDeps, actor: Actor, areaIds: readonly string[]): Promise<Outcome<readonly IssuedCode[]>> {
  return change(deps, actor, async (draft) => {
    const issued: IssuedCode[] = [];
    const problems: Refused[] = [];
    for (const [at, id] of areaIds.entries()) {
      const area = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(id));
      if (area === null) {
        problems.push({ ...commonAreaNotFound(id), why: 'invalid', problems: [{ field: `common_area_ids[${at}]`, text: 'There is no common area with this id.', value: id }] });
        continue;
      }
      if (issued.some((one) => one.area.commonArea.id === area.commonArea.id)) continue;
      const { code, expiresAt } = await issue(deps, draft, area.extension.id, area.commonArea.id);
      issued.push({ area, code, expiresAt });
    }
    return problems.length > 0 ? allOf(problems) : done(issued);
  });
}

export interface IssuedUserCode {
  readonly user: PhoneUserView;
  readonly code: string;
  readonly expiresAt: number;
}

/** Makes a code by which a phone that is nobody's becomes the user's; an earlier one is good for nothing any more. */
export async function issueUserActivationCode(deps: AdminDeps, actor: Actor, idOrEmail: string): Promise<Outcome<IssuedUserCode>> {
  return change<IssuedUserCode>(deps, actor, async (draft) => {
    const user = await findPhoneUser(draft.stores, draft.accountId, idOrEmail);
    return user === null ? phoneUserNotFound(idOrEmail) : done({ user, ...await issue(deps, draft, user.extension.id, null) });
  });
}

async function issue(
  deps: Pick<AdminDeps, 'random' | 'pinHasher'>, draft: Draft, extensionId: ExtensionId, commonAreaId: CommonAreaId | null,
): Promise<{ readonly code: string; readonly expiresAt: number }> {
  const code = drawDigits(ACTIVATION_CODE_LENGTH, (length) => deps.random.bytes(length));
  const expiresAt = draft.at + ACTIVATION_CODE_MS;
  await draft.stores.activationCodes.set({
    extensionId, commonAreaId, accountId: draft.accountId, hash: activationHash(deps.pinHasher, draft.accountId, code), expiresAt, createdAt: draft.at,
    usedAt: null, deviceId: null,
  });
  draft.note({ aggregate: 'activation_code', id: commonAreaId ?? extensionId, change: 'created', action: 'issue-activation-code', before: null, after: { expiresAt } });
  return { code, expiresAt };
}

export interface ActivatedPhone {
  readonly device: Device;
  /** Of its SIP account, in the clear. */
  readonly password: string;
}

/**
 * Makes a phone of the common area that the code stands for. The code is used up; wrong, used and expired ones look alike, since
 * nobody but the holder of a good one has a right to know.
 */
export async function activateWithCode(
  deps: AdminDeps, actor: Actor, wanted: { readonly code: string; readonly displayName: string; readonly macAddress: string },
): Promise<Outcome<ActivatedPhone>> {
  return change<ActivatedPhone>(deps, actor, async (draft) => {
    const kept = await draft.stores.activationCodes.byHash(draft.accountId, activationHash(deps.pinHasher, draft.accountId, wanted.code));
    if (kept === null || kept.commonAreaId === null || activationCodeStatus(kept, draft.at) !== 'unused') return wrongCode();
    const area = await draft.stores.commonAreas.get(draft.accountId, kept.commonAreaId);
    if (area === null) return wrongCode();
    const device = await insertDevice(deps, draft, {
      displayName: wanted.displayName, macAddress: wanted.macAddress, type: 'Softphone', model: '', assignees: [area.extension.id], provisionTemplateId: null,
    });
    if (device.kind === 'refused') return device;
    await draft.stores.activationCodes.used(kept.extensionId, device.value.id, draft.at);
    draft.note({
      aggregate: 'activation_code', id: kept.commonAreaId, change: 'updated', action: 'use-activation-code',
      before: { deviceId: null }, after: { deviceId: device.value.id },
    });
    const sealed = await draft.stores.devices.sealedPassword(device.value.id);
    return sealed === null ? wrongCode() : done({ device: device.value, password: deps.secretBox.open(sealed, device.value.id) });
  });
}

const wrongCode = (): Refused => refused('invalid', 'activation_code', 'The code is wrong, used or expired. Ask an administrator for a new one.');
