import { asId, type FirmwareRuleId, type SiteId } from '../../domain/ids.js';
import { isImageUrl } from '../../domain/device/desk-phone-settings.js';
import { isFirmwareVersion, type FirmwareRule } from '../../domain/device/firmware-rules.js';
import { PROVISIONED_BRANDS, PHONE_BRANDS, readPhone } from '../../domain/device/phone-models.js';
import { USUAL_PLAN } from '../../domain/device/resync-campaign.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { beginCampaign } from '../resyncs/begin-campaign.js';

/** `now`: phones of the model are asked to read their configuration again, after their calls; `later`: at their next re-sync. */
export type WhenToUpdate = 'now' | 'later';

export interface FirmwareRuleFields {
  readonly version: string;
  readonly deviceType: string;
  readonly deviceModel: string;
  /** '' = phones are told nothing. */
  readonly imageUrl: string;
  /** 0 to 100. */
  readonly percent: number;
}

/** What a caller asks for; what is not said stays, of a new rule at no image and 100 %. */
export type FirmwareRuleWish = Omit<FirmwareRuleFields, 'imageUrl' | 'percent'> & { readonly imageUrl: string | undefined; readonly percent: number | undefined };

/** Adds a rule for one model, in the account (site null) or at a site; there is one rule for each model and place. */
export async function addFirmwareRule(
  deps: ChangeDeps, actor: Actor, siteId: string | null, wanted: FirmwareRuleWish, when: WhenToUpdate,
): Promise<Outcome<FirmwareRule>> {
  return change(deps, actor, async (draft) => {
    if (siteId !== null && await draft.stores.sites.get(draft.accountId, asId<SiteId>(siteId)) === null) {
      return refused('invalid', 'site_id', 'There is no site with this id. GET /v2/phone/sites lists them.', siteId);
    }
    const rule = { id: asId<FirmwareRuleId>(draft.newId()), accountId: draft.accountId, siteId: siteId === null ? null : asId<SiteId>(siteId), createdAt: draft.at };
    const fields = await judged(draft, rule, { ...wanted, imageUrl: wanted.imageUrl ?? '', percent: wanted.percent ?? 100 });
    if (fields.kind === 'refused') return fields;
    const after: FirmwareRule = { ...rule, ...fields.fields };
    await draft.stores.firmwareRules.insert(after);
    draft.note({ aggregate: 'firmware_rule', id: after.id, change: 'created', action: 'add-firmware-rule', before: null, after });
    return told(draft, after, when);
  });
}

export async function updateFirmwareRule(
  deps: ChangeDeps, actor: Actor, id: string, wanted: FirmwareRuleWish, when: WhenToUpdate,
): Promise<Outcome<FirmwareRule>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.firmwareRules.get(draft.accountId, asId<FirmwareRuleId>(id));
    if (before === null) return firmwareRuleNotFound(id);
    const fields = await judged(draft, before, { ...wanted, imageUrl: wanted.imageUrl ?? before.imageUrl, percent: wanted.percent ?? before.percent });
    if (fields.kind === 'refused') return fields;
    const after = { ...before, ...fields.fields };
    await draft.stores.firmwareRules.update(before.id, fields.fields);
    draft.note({ aggregate: 'firmware_rule', id: before.id, change: 'updated', action: 'update-firmware-rule', before, after });
    return told(draft, after, when);
  });
}

/** Phones keep the firmware that they have. */
export async function removeFirmwareRule(deps: ChangeDeps, actor: Actor, id: string, when: WhenToUpdate): Promise<Outcome<FirmwareRule>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.firmwareRules.get(draft.accountId, asId<FirmwareRuleId>(id));
    if (before === null) return firmwareRuleNotFound(id);
    await draft.stores.firmwareRules.delete(before.id);
    draft.note({ aggregate: 'firmware_rule', id: before.id, change: 'deleted', action: 'remove-firmware-rule', before, after: null });
    return told(draft, before, when);
  });
}

export const firmwareRuleNotFound = (id: string): Refused => refused('not-found', 'ruleId', 'There is no firmware update rule with this id.', id);

async function judged(
  draft: Draft, rule: Pick<FirmwareRule, 'id' | 'siteId'>, { version, deviceType, deviceModel, imageUrl, percent }: FirmwareRuleFields,
): Promise<{ readonly kind: 'fields'; readonly fields: FirmwareRuleFields } | Refused> {
  const phone = readPhone(deviceType, deviceModel);
  if (phone.kind === 'unknown') return refused('invalid', `device_${phone.field}`, phone.text, phone.field === 'type' ? deviceType : deviceModel);
  const known = PHONE_BRANDS[phone.type].models.some(({ name }) => name === phone.model);
  if (!PROVISIONED_BRANDS.includes(phone.type)) return refused('invalid', 'device_type', `Firmware is known of ${PROVISIONED_BRANDS.join(', ')} alone.`, deviceType);
  if (!known) return refused('invalid', 'device_model', 'Firmware is a model\'s own. Name the model.', deviceModel);
  if (!isFirmwareVersion(version)) return refused('invalid', 'version', 'Give the release as its maker writes it, e.g. 96.86.0.70.', version);
  if (imageUrl !== '' && !isImageUrl(imageUrl)) {
    return refused('invalid', 'image_url', 'Give an https URL without name and password in it, or "" to tell phones nothing.', imageUrl);
  }
  const twin = (await draft.stores.firmwareRules.all(draft.accountId))
    .find((other) => other.id !== rule.id && other.siteId === rule.siteId && other.deviceType === phone.type && other.deviceModel === phone.model);
  if (twin !== undefined) return refused('conflict', 'device_model', `Rule ${twin.id} holds for this model there. Change that one.`, phone.model);
  return { kind: 'fields', fields: { version, deviceType: phone.type, deviceModel: phone.model, imageUrl, percent } };
}

async function told(draft: Draft, rule: FirmwareRule, when: WhenToUpdate): Promise<Outcome<FirmwareRule>> {
  if (when === 'later') return done(rule);
  const { id: ruleId, siteId, deviceType: type, deviceModel: model } = rule;
  const begun = await beginCampaign(draft, {
    origin: 'firmware-rule', scope: { kind: 'firmware-rule', ruleId, siteId, type, model }, onlyPending: false, restart: false, plan: USUAL_PLAN, share: rule,
  });
  return begun.kind === 'refused' ? begun : done(rule);
}
