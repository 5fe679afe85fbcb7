import type { DeviceId, FirmwareRuleId, ProvisionTemplateId, SiteId } from '../ids.js';
import type { DeviceScope } from './configuration-generation.js';
import type { PhoneFamily } from './phone-families.js';
import { recognisePhone } from './phone-families-recognise.js';
import { PHONE_BRANDS, PROVISIONED_BRANDS } from './phone-models.js';

/** Which phones of an account are asked to read their configuration again. */
export type ResyncScope =
  | { readonly kind: 'account' }
  | { readonly kind: 'devices'; readonly deviceIds: readonly DeviceId[] }
  | { readonly kind: 'site'; readonly siteId: SiteId }
  /** Those that use the provision template, whoever chose it. */
  | { readonly kind: 'template'; readonly templateId: ProvisionTemplateId }
  /** Of one make; of one model of it where `model` is not ''. */
  | { readonly kind: 'family'; readonly family: PhoneFamily; readonly model: string }
  /** Of the rule's models and place, and in its share. */
  | { readonly kind: 'firmware-rule'; readonly ruleId: FirmwareRuleId; readonly siteId: SiteId | null; readonly type: string; readonly models: readonly string[] };

export type ResyncScopeKind = ResyncScope['kind'];

/** As phones are looked for: by what is known of every device, without regard to case. */
export type PhoneSelection =
  | DeviceScope
  | { readonly kind: 'devices'; readonly deviceIds: readonly string[] }
  /** Types and models in small letters; null = all models, all sites. */
  | { readonly kind: 'types'; readonly types: readonly string[]; readonly models: readonly string[] | null; readonly siteId: string | null };

/** How the phones of a scope are found. */
export function selectionOf(scope: ResyncScope): PhoneSelection {
  switch (scope.kind) {
    case 'account':
    case 'devices':
    case 'site':
    case 'template':
      return scope;
    case 'family':
      return { kind: 'types', types: typesOf(scope.family), models: scope.model === '' ? null : [scope.model.toLowerCase()], siteId: null };
    case 'firmware-rule':
      return { kind: 'types', types: [scope.type.toLowerCase()], models: scope.models.map((model) => model.toLowerCase()), siteId: scope.siteId };
  }
}

/** Types, in small letters, under which phones of a family are kept. */
function typesOf(family: PhoneFamily): readonly string[] {
  return PROVISIONED_BRANDS.filter((brand) => recognisePhone({ type: brand, model: '' }, null).family === family)
    .flatMap((brand) => [brand.toLowerCase(), ...PHONE_BRANDS[brand].aliases]);
}
