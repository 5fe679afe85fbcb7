import { asId, type FirmwareRuleId, type SiteId } from '../../domain/ids.js';
import { hostOfUrl } from '../../domain/addressing/https-url.js';
import { isImageUrl } from '../../domain/device/desk-phone-settings.js';
import { compareVersions, isFirmwareVersion, modelsOf, rulesOverlap, type FirmwareRule } from '../../domain/device/firmware-rules.js';
import { isWindowHours } from '../../domain/device/firmware-window.js';
import { PROVISIONED_BRANDS, PHONE_BRANDS, brandOf, readPhone } from '../../domain/device/phone-models.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { askConcerned } from '../resyncs/begin-campaign.js';

/** `now`: phones of the model are asked to read their configuration again, after their calls; `later`: at their next re-sync. */
export type WhenToUpdate = 'now' | 'later';

export type FirmwareRuleFields = Omit<FirmwareRule, 'id' | 'accountId' | 'siteId' | 'createdAt'>;
type Named = 'version' | 'deviceType' | 'deviceModel';
type Optional = Omit<FirmwareRuleFields, Named>;

/** What a caller asks for; what is not said stays, of a new rule at `FRESH`. */
export type FirmwareRuleWish = Pick<FirmwareRuleFields, Named> & { readonly [Field in keyof Optional]?: Optional[Field] | undefined };

const FRESH: Optional = { moreModels: [], fromVersion: '', toVersion: '', imageUrl: '', imageFile: '', percent: 100, hours: '', weekdays: [] };
const MOST_MODELS = 50;

/** Adds a rule for models, in the account (site null) or at a site; two rules of a place never hold for the same phone. */
export async function addFirmwareRule(
  deps: ChangeDeps, actor: Actor, siteId: string | null, wanted: FirmwareRuleWish, when: WhenToUpdate,
): Promise<Outcome<FirmwareRule>> {
  return change(deps, actor, async (draft) => {
    if (siteId !== null && await draft.stores.sites.get(draft.accountId, asId<SiteId>(siteId)) === null) {
      return refused('invalid', 'site_id', 'There is no site with this id. GET /v2/phone/sites lists them.', siteId);
    }
    const rule = { ...FRESH, id: asId<FirmwareRuleId>(draft.newId()), accountId: draft.accountId, siteId: siteId === null ? null : asId<SiteId>(siteId), createdAt: draft.at };
    const fields = await judged(draft, rule, fieldsOf(FRESH, wanted));
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
    const fields = await judged(draft, before, fieldsOf(before, wanted));
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

/** Naming another source of the image takes the place of the one before. */
function fieldsOf(before: Optional, wanted: FirmwareRuleWish): FirmwareRuleFields {
  const { moreModels, fromVersion, toVersion, percent, hours, weekdays, imageUrl, imageFile } = before;
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const source = {
    imageUrl: (wanted.imageFile ?? '') === '' ? imageUrl : '', imageFile: (wanted.imageUrl ?? '') === '' ? imageFile : '',
  };
  return { moreModels, fromVersion, toVersion, percent, hours, weekdays, ...source, version: wanted.version, deviceType: wanted.deviceType, deviceModel: wanted.deviceModel, ...given };
}

type Judged<Fields> = { readonly kind: 'fields'; readonly fields: Fields } | Refused;

async function judged(draft: Draft, rule: Pick<FirmwareRule, 'id' | 'accountId' | 'siteId' | 'createdAt'>, wanted: FirmwareRuleFields): Promise<Judged<FirmwareRuleFields>> {
  const phones = judgedPhones(wanted);
  if (phones.kind === 'refused') return phones;
  const fields = { ...wanted, ...phones.fields };
  const problem = versionProblem(fields) ?? windowProblem(fields) ?? await imageProblem(draft, fields);
  if (problem !== null) return problem;
  const after: FirmwareRule = { ...fields, id: rule.id, accountId: rule.accountId, siteId: rule.siteId, createdAt: rule.createdAt };
  const twin = (await draft.stores.firmwareRules.all(draft.accountId)).find((other) => other.id !== rule.id && rulesOverlap(other, after));
  if (twin !== undefined) {
    return refused('conflict', 'device_model', `Rule ${twin.id} holds for such a phone there. Change that one, or give the rules versions that do not overlap.`, fields.deviceModel);
  }
  return { kind: 'fields', fields };
}

function judgedPhones({ deviceType, deviceModel, moreModels }: FirmwareRuleFields): Judged<Pick<FirmwareRuleFields, 'deviceType' | 'deviceModel' | 'moreModels'>> {
  if (moreModels.length > MOST_MODELS) return refused('invalid', 'more_models', `Name at most ${MOST_MODELS} more models.`);
  const names: string[] = [];
  let maker = deviceType;
  for (const [at, model] of [deviceModel, ...moreModels].entries()) {
    const field = at === 0 ? 'device_model' : 'more_models';
    const phone = readPhone(deviceType, model);
    if (phone.kind === 'unknown') return refused('invalid', phone.field === 'type' ? 'device_type' : field, phone.text, phone.field === 'type' ? deviceType : model);
    const known = PHONE_BRANDS[phone.type].models.some(({ name }) => name === phone.model);
    if (!PROVISIONED_BRANDS.includes(phone.type)) return refused('invalid', 'device_type', `Firmware is known of ${PROVISIONED_BRANDS.join(', ')} alone.`, deviceType);
    if (!known) return refused('invalid', field, 'Firmware is a model\'s own. Name the model.', model);
    maker = phone.type;
    if (!names.includes(phone.model)) names.push(phone.model);
  }
  const [first = '', ...rest] = names;
  return { kind: 'fields', fields: { deviceType: maker, deviceModel: first, moreModels: rest } };
}

function versionProblem({ version, fromVersion, toVersion }: FirmwareRuleFields): Refused | null {
  for (const [field, text] of [['version', version], ['from_version', fromVersion], ['to_version', toVersion]] as const) {
    if (!isFirmwareVersion(text) && (field === 'version' || text !== '')) return refused('invalid', field, 'Give the release as its maker writes it, e.g. 96.86.0.70.', text);
  }
  return fromVersion !== '' && toVersion !== '' && compareVersions(fromVersion, toVersion) > 0
    ? refused('invalid', 'to_version', `This is below from_version (${fromVersion}). Exchange the two.`, toVersion) : null;
}

function windowProblem({ hours }: FirmwareRuleFields): Refused | null {
  return isWindowHours(hours) ? null : refused('invalid', 'hours', 'Give two different times of the day as 22:00-05:00, or "" for all day.', hours);
}

async function imageProblem({ stores, accountId }: Draft, { imageUrl, imageFile, deviceType, version }: FirmwareRuleFields): Promise<Refused | null> {
  if (imageUrl !== '' && imageFile !== '') return refused('invalid', 'image_file', 'Give image_url or image_file, not both.', imageFile);
  if (imageUrl !== '') {
    if (!isImageUrl(imageUrl)) return refused('invalid', 'image_url', 'Give an https URL without name and password in it, or "" to tell phones nothing.', imageUrl);
    const host = hostOfUrl(imageUrl) ?? '';
    return (await stores.allowedHosts.all(accountId)).some((one) => one.host === host) ? null
      : refused('invalid', 'image_url', `Phones may not be sent to ${host}. A super admin can allow it: POST /v2/cordboard/provisioning/allowed_hosts.`, imageUrl);
  }
  const vendor = brandOf(deviceType);
  if (imageFile === '' || vendor === null || await stores.firmwareImages.get(accountId, vendor, version, imageFile) !== null) return null;
  return refused('invalid', 'image_file', `There is no such image of ${vendor} ${version}. Upload it first: PUT /v2/cordboard/firmware/${vendor}/${version}/${imageFile}.`, imageFile);
}

function told(draft: Draft, rule: FirmwareRule, when: WhenToUpdate): Outcome<FirmwareRule> {
  const { id: ruleId, siteId, deviceType: type } = rule;
  askConcerned(draft, when, { origin: 'firmware-rule', scope: { kind: 'firmware-rule', ruleId, siteId, type, models: modelsOf(rule) }, share: rule });
  return done(rule);
}
