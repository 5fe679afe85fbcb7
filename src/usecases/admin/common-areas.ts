import { asId, type CommonAreaId, type ExtensionId } from '../../domain/ids.js';
import type { CommonArea } from '../../domain/identity/common-area.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { CommonAreaView } from '../../ports/admin-stores.js';
import { change, type Actor, type Draft } from '../change.js';
import type { EndingDeps } from '../hotdesk/session-step.js';
import { chooseIn } from '../numbers/choose-caller-id.js';
import { chooseAddress } from '../emergency/holder-addresses.js';
import { forgetForwardsTo } from '../forwarding/call-handling.js';
import { forgetNumbersOf } from '../numbers/release-numbers.js';
import { done, type Outcome } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { releaseDevices } from './assign-device.js';
import { chooseNumber } from './extension-number.js';
import { applyTemplateIn, prepareTemplate } from './apply-template.js';
import { forgetSettings } from './forget-settings.js';
import { lockedInternational, startsInternational } from './international-switch.js';
import { moveExtension } from './move-extension.js';
import { commonAreaNotFound } from './not-found.js';
import { siteById } from './resolve.js';
import { readEntitlements, takeSeats } from './seats.js';

export interface NewCommonArea {
  readonly displayName: string;
  /** '0', '' or null asks for the next free one. */
  readonly extensionNumber: string | null;
  readonly siteId?: string;
  readonly callingPlans: readonly string[];
  readonly country: string | null;
  readonly timeZone: string | null;
  /** A setting template to copy onto it; '' = none. */
  readonly templateId?: string;
}

/** Adds an extension without a person. */
export async function createCommonArea(
  deps: AdminDeps, actor: Actor, wanted: NewCommonArea,
): Promise<Outcome<CommonArea>> {
  const template = (wanted.templateId ?? '') === '' ? null : await prepareTemplate(deps, actor, wanted.templateId ?? '', 'common_area');
  if (template?.kind === 'refused') return template;
  return change(deps, actor, async (draft) => {
    const account = await accountOf(draft);
    if (account.kind === 'refused') return account;
    const site = await siteById(draft.stores, draft.accountId, wanted.siteId);
    if (site.kind === 'refused') return site;
    const plans = readEntitlements(wanted.callingPlans, 'calling_plans');
    if (plans.kind === 'refused') return plans;
    const number = await chooseNumber(
      { stores: draft.stores, account: account.account, site: site.site }, wanted.extensionNumber,
    );
    if (number.kind === 'refused') return number;
    const { callingPlans, packages } = plans.entitlements;
    const full = await takeSeats(draft, [...callingPlans, ...packages], 'calling_plans');
    if (full) return full;
    const id = asId<CommonAreaId>(draft.newId());
    const extension: Extension = {
      id: asId<ExtensionId>(draft.newId()), accountId: draft.accountId, siteId: site.site.id, number: number.number,
      owner: { kind: 'common_area', id },
    };
    const area: CommonArea = {
      id, accountId: draft.accountId, siteId: site.site.id, extensionId: extension.id, displayName: wanted.displayName,
      status: 'active', callingPlans, packages, internationalCalling: await startsInternational(draft, site.site.id), areaCode: '',
      country: wanted.country, timeZone: wanted.timeZone, department: '', costCenter: '', createdAt: draft.at,
    };
    await draft.stores.extensions.insert(extension);
    await draft.stores.commonAreas.insert(area);
    draft.note({
      aggregate: 'extension', id: extension.id, change: 'created', action: 'add-extension', before: null,
      after: extension,
    });
    draft.note({
      aggregate: 'common_area', id, change: 'created', action: 'create-common-area', before: null, after: area,
    });
    const unfit = template === null ? null : await applyTemplateIn(draft, template.value, { kind: 'common_area', id });
    return unfit ?? done(area);
  });
}

export interface CommonAreaChanges {
  readonly displayName?: string;
  readonly extensionNumber?: string;
  readonly siteId?: string;
  readonly areaCode?: string;
  readonly country?: string | null;
  readonly timeZone?: string | null;
  readonly internationalCalling?: boolean;
  readonly department?: string;
  readonly costCenter?: string;
  readonly status?: CommonArea['status'];
  /** A number it may show, `hidden`, or '' for the default. */
  readonly outboundCallerId?: string;
  /** '' = the default of the site. */
  readonly emergencyAddressId?: string;
}

/** Changes what is given; its devices stay where they stand. */
export async function updateCommonArea(
  deps: AdminDeps, actor: Actor, id: string, wanted: CommonAreaChanges,
): Promise<Outcome<CommonArea>> {
  return change(deps, actor, async (draft) => {
    const view = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(id));
    if (!view) return commonAreaNotFound(id);
    const account = await accountOf(draft);
    if (account.kind === 'refused') return account;
    const site = wanted.siteId === undefined ? { kind: 'site' as const, site: view.site } : await siteById(
      draft.stores, draft.accountId, wanted.siteId,
    );
    if (site.kind === 'refused') return site;
    const locked = await lockedInternational(draft, view.site.id, wanted.internationalCalling);
    if (locked) return locked;
    const moved = await moveExtension(draft, account.account, view.extension, site.site, wanted.extensionNumber);
    if (moved.kind === 'refused') return moved;
    const before = view.commonArea;
    const changes = {
      displayName: wanted.displayName ?? before.displayName,
      siteId: site.site.id,
      areaCode: wanted.areaCode ?? before.areaCode,
      country: wanted.country === undefined ? before.country : wanted.country,
      timeZone: wanted.timeZone === undefined ? before.timeZone : wanted.timeZone,
      internationalCalling: wanted.internationalCalling ?? before.internationalCalling,
      department: wanted.department ?? before.department,
      costCenter: wanted.costCenter ?? before.costCenter,
      status: wanted.status ?? before.status,
    };
    await draft.stores.commonAreas.update(before.id, changes);
    if (wanted.outboundCallerId !== undefined) {
      const refusal = await chooseIn(draft, moved.value, wanted.outboundCallerId);
      if (refusal) return refusal;
    }
    if (wanted.emergencyAddressId !== undefined) {
      const refusal = await chooseAddress(draft, { kind: 'common_area', id: before.id }, site.site.id, wanted.emergencyAddressId);
      if (refusal) return refusal;
    }
    const after = { ...before, ...changes };
    draft.note({
      aggregate: 'common_area', id: before.id, change: 'updated', action: 'update-common-area', before, after,
    });
    return done(after);
  });
}

/** Removes it with extension and plans; its numbers are free, its devices stay, unassigned. */
export async function removeCommonArea(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<CommonArea>> {
  return change(deps, actor, async (draft) => {
    const view = await draft.stores.commonAreas.get(draft.accountId, asId<CommonAreaId>(id));
    if (!view) return commonAreaNotFound(id);
    await removeAreaIn(deps, draft, view);
    return done(view.commonArea);
  });
}

/** The same inside a larger change. */
export async function removeAreaIn(deps: EndingDeps, draft: Draft, { commonArea, extension }: Pick<CommonAreaView, 'commonArea' | 'extension'>): Promise<void> {
  await releaseDevices(deps, draft, extension.id);
  await forgetNumbersOf(draft, extension);
  await forgetForwardsTo(draft, extension);
  await draft.stores.pins.delete({ kind: 'common_area', id: commonArea.id });
  await forgetSettings(draft, { scope: 'extension', scopeId: extension.id });
  await draft.stores.callRules.clearPlace(draft.accountId, { scope: 'extension', scopeId: extension.id });
  await draft.stores.commonAreas.delete(commonArea.id);
  await draft.stores.extensions.delete(extension.id);
  draft.note({
    aggregate: 'common_area', id: commonArea.id, change: 'deleted', action: 'remove-common-area', before: commonArea,
    after: null,
  });
  draft.note({
    aggregate: 'extension', id: extension.id, change: 'deleted', action: 'remove-extension', before: extension,
    after: null,
  });
}
