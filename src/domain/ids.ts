/**
 * Branded identifiers: lower-case ULIDs (made by `ports/ids`), one type for each noun so that one cannot stand in for another.
 * A phone user shares the id of its account user; an extension has an id of its own.
 */
declare const brand: unique symbol;
type Branded<Noun extends string> = string & { readonly [brand]: Noun };

export type AccountId = Branded<'AccountId'>;
export type SiteId = Branded<'SiteId'>;
export type UserId = Branded<'UserId'>;
export type CommonAreaId = Branded<'CommonAreaId'>;
export type ExtensionId = Branded<'ExtensionId'>;
export type DeviceId = Branded<'DeviceId'>;
export type ApiClientId = Branded<'ApiClientId'>;
export type UserSessionId = Branded<'UserSessionId'>;
export type PhoneRoleId = Branded<'PhoneRoleId'>;
export type BlockedNumberId = Branded<'BlockedNumberId'>;
/** A telephone number of the account's pool. */
export type PhoneNumberId = Branded<'PhoneNumberId'>;
/** A number permitted as caller ID to others than its owner. */
export type CustomizedNumberId = Branded<'CustomizedNumberId'>;
/** A number outside among what rings for an extension. */
export type ForwardingNumberId = Branded<'ForwardingNumberId'>;
export type OutboundExceptionId = Branded<'OutboundExceptionId'>;
/** One call attempt of one caller, whatever number of legs it grows; the id of its call record. */
export type CallRecordId = Branded<'CallRecordId'>;
/** One sitting of one guest at one phone. */
export type HotDeskSessionId = Branded<'HotDeskSessionId'>;
export type SettingTemplateId = Branded<'SettingTemplateId'>;
/** A bundle of licence, plan and add-ons that one name assigns. */
export type LicencePackageId = Branded<'LicencePackageId'>;
export type WebhookId = Branded<'WebhookId'>;
export type ProvisionTemplateId = Branded<'ProvisionTemplateId'>;
export type FirmwareRuleId = Branded<'FirmwareRuleId'>;
export type FirmwareImageId = Branded<'FirmwareImageId'>;
/** Who signs the certificates that a maker puts into phones. */
export type DeviceAuthorityId = Branded<'DeviceAuthorityId'>;
/** Many phones asked to read their configuration again. */
export type ResyncCampaignId = Branded<'ResyncCampaignId'>;
/** A file of changes, planned and applied as one. */
export type ImportId = Branded<'ImportId'>;
export type LineKeyId = Branded<'LineKeyId'>;
export type EmergencyAddressId = Branded<'EmergencyAddressId'>;
/** A place inside a site that its network tells. */
export type ServiceLocationId = Branded<'ServiceLocationId'>;
export type ExternalContactId = Branded<'ExternalContactId'>;
/** A SIP peer that reaches the telephone network. */
export type TrunkId = Branded<'TrunkId'>;
/** One address of a trunk's peer. */
export type TrunkGatewayId = Branded<'TrunkGatewayId'>;
export type TrunkRouteId = Branded<'TrunkRouteId'>;
/** A pattern of numbers that leads to a trunk. */
export type RoutingRuleId = Branded<'RoutingRuleId'>;
/** A guard on calls to the telephone network, and one thing it found. */
export type FraudGuardId = Branded<'FraudGuardId'>;
export type FraudIncidentId = Branded<'FraudIncidentId'>;
/** Prices of calls. */
export type RateDeckId = Branded<'RateDeckId'>;
export type AlertSettingId = Branded<'AlertSettingId'>;
export type AlertId = Branded<'AlertId'>;
/** Groups that an identity provider keeps here. */
export type ScimGroupId = Branded<'ScimGroupId'>;
export type GroupMappingId = Branded<'GroupMappingId'>;
export type ScimTokenId = Branded<'ScimTokenId'>;
/** One thing that was asked for a person. */
export type EntitlementWishId = Branded<'EntitlementWishId'>;
export type EventId = Branded<'EventId'>;

/** Reads text from a row, a token or a path as an id of the wanted noun; the caller has checked the shape. */
export function asId<T extends Branded<string>>(text: string): T {
  return text as T;
}
