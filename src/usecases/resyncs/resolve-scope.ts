import { asId, type AccountId, type DeviceId, type FirmwareRuleId, type ProvisionTemplateId, type SiteId } from '../../domain/ids.js';
import { modelsOf } from '../../domain/device/firmware-rules.js';
import type { PhoneFamily } from '../../domain/device/phone-families.js';
import { selectionOf, type ResyncScope } from '../../domain/device/resync-scope.js';
import { isInShare } from '../../domain/provisioning/firmware-target.js';
import type { Stores } from '../../ports/admin-stores.js';
import { refused, type Refused } from '../outcome.js';
import type { CampaignWish } from './begin-campaign.js';

/** What a caller names: exactly one of them. */
export interface WantedScope {
  readonly account?: true | undefined;
  readonly deviceIds?: readonly string[] | undefined;
  readonly siteId?: string | undefined;
  /** By id or name. */
  readonly templateId?: string | undefined;
  readonly family?: PhoneFamily | undefined;
  /** Only with `family`; '' = all models. */
  readonly model?: string | undefined;
  readonly firmwareRuleId?: string | undefined;
}

export type ResolvedScope = Pick<CampaignWish, 'scope' | 'share'>;

type ScopeStores = Pick<Stores, 'sites' | 'provisionTemplates' | 'firmwareRules' | 'resyncCampaigns'>;

/** The scope that is meant; refused, by its field, where it names what is not there. */
export async function resolveScope(stores: ScopeStores, accountId: AccountId, wanted: WantedScope): Promise<ResolvedScope | Refused> {
  const whole = (scope: ResyncScope): ResolvedScope => ({ scope, share: null });
  if (wanted.deviceIds !== undefined) return devices(stores, accountId, wanted.deviceIds);
  if (wanted.siteId !== undefined) {
    const site = await stores.sites.get(accountId, asId<SiteId>(wanted.siteId));
    return site === null ? refused('invalid', 'scope.site_id', 'There is no site with this id. GET /v2/phone/sites lists them.', wanted.siteId) : whole({ kind: 'site', siteId: site.id });
  }
  if (wanted.templateId !== undefined) {
    const found = (await stores.provisionTemplates.get(accountId, asId<ProvisionTemplateId>(wanted.templateId)))?.template
      ?? await stores.provisionTemplates.byName(accountId, wanted.templateId);
    return found === null ? refused('invalid', 'scope.provision_template_id', 'There is no provision template with this id or name. GET /v2/phone/provision_templates lists them.', wanted.templateId)
      : whole({ kind: 'template', templateId: found.id });
  }
  if (wanted.firmwareRuleId !== undefined) {
    const rule = await stores.firmwareRules.get(accountId, asId<FirmwareRuleId>(wanted.firmwareRuleId));
    if (rule === null) return refused('invalid', 'scope.firmware_rule_id', 'There is no firmware update rule with this id. GET /v2/phone/firmware_update_rules lists them.', wanted.firmwareRuleId);
    return { scope: { kind: 'firmware-rule', ruleId: rule.id, siteId: rule.siteId, type: rule.deviceType, models: modelsOf(rule) }, share: rule };
  }
  return whole(wanted.family === undefined ? { kind: 'account' } : { kind: 'family', family: wanted.family, model: wanted.model ?? '' });
}

/** Phones that a firmware rule's share reaches; every phone of another scope. */
export function inShareOf({ share }: ResolvedScope): (deviceId: DeviceId) => boolean {
  return (deviceId) => share === null || isInShare(share, deviceId);
}

async function devices({ resyncCampaigns }: ScopeStores, accountId: AccountId, wanted: readonly string[]): Promise<ResolvedScope | Refused> {
  const scope: ResyncScope = { kind: 'devices', deviceIds: [...new Set(wanted)].map((id) => asId<DeviceId>(id)) };
  const there: ReadonlySet<string> = new Set((await resyncCampaigns.select(accountId, selectionOf(scope))).map(({ deviceId }) => deviceId));
  const missing = wanted.findIndex((id) => !there.has(id));
  return missing < 0 ? { scope, share: null }
    : refused('invalid', `scope.device_ids[${missing}]`, 'There is no phone with this id. GET /v2/phone/devices lists them.', wanted[missing] ?? '');
}
