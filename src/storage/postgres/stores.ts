import type { Stores } from '../../ports/admin-stores.js';
import { createAccountPromptStore } from './account-prompt-store.js';
import { createAccountStore } from './account-store.js';
import { createApiClientStore } from './api-client-store.js';
import { createAuditStore } from './audit-store.js';
import { createBlockedNumberStore } from './blocked-number-store.js';
import { createCallerIdStore } from './caller-id-store.js';
import { createCallQualityStore } from './call-quality-store.js';
import { createCallRuleClearing } from './call-rule-clearing.js';
import { createCallRecordStore } from './call-record-store.js';
import { createExchangeReader } from './exchange-reader.js';
import { createExchangeWriter } from './exchange-writer.js';
import { createForwardStores } from './forward-store.js';
import { createFraudStores } from './fraud-store.js';
import { createImportStore } from './import-store.js';
import { createChargeStores } from './charge-store.js';
import { createCommonAreaStore } from './common-area-store.js';
import type { PostgresDatabase, Queries } from './database.js';
import { createDeviceResyncStore } from './device-resync-store.js';
import { createEntitlementStores } from './entitlement-store.js';
import { createExtensionStore } from './extension-store.js';
import { createIdempotentRequestStore } from './idempotent-request-store.js';
import { createHotDeskSessionStore } from './hot-desk-session-store.js';
import { createLicencePackageStore } from './licence-package-store.js';
import { createMailStore } from './mail-store.js';
import { createPhoneNumberStore } from './phone-number-store.js';
import { createOutboundCountryStore, createOutboundExceptionStore } from './outbound-rule-store.js';
import { createPhoneStores } from './phone-stores.js';
import { createPhoneUserStore } from './phone-user-store.js';
import { createPinStore } from './pin-store.js';
import { createProvisioningStores } from './provisioning-store.js';
import { createFirmwareStores } from './provisioning-trust-store.js';
import { createResyncStores } from './resync-stores.js';
import { createRedirectStores } from './redirect-store.js';
import { createRevokedTokenStore } from './revoked-token-store.js';
import { createSignInCodeStore, createUserSessionStore } from './sign-in-stores.js';
import { createRoleStore } from './role-store.js';
import { createSafetyStores } from './safety-stores.js';
import { createScimStores } from './scim-stores.js';
import { createSeatStore } from './seat-store.js';
import { createSettingTemplateStore } from './setting-template-store.js';
import { createSiteMemberStore } from './site-member-store.js';
import { createSettingStore } from './setting-store.js';
import { createSignInLockStore } from './sign-in-lock-store.js';
import { createSiteStore } from './site-store.js';
import { createRoutingRuleStore } from './routing-rule-store.js';
import { createTrunkStore } from './trunk-store.js';
import { createUserMemberStore } from './user-member-store.js';
import { createUserStore } from './user-store.js';
import { createWebhookDeliveryStore } from './webhook-delivery-store.js';
import { createWebhookStore } from './webhook-store.js';

/** Every store over one place where SQL can be sent. */
export function storesOver(queries: Queries): Stores {
  return {
    accounts: createAccountStore(queries),
    sites: createSiteStore(queries),
    users: createUserStore(queries),
    phoneUsers: createPhoneUserStore(queries),
    commonAreas: createCommonAreaStore(queries),
    extensions: createExtensionStore(queries),
    ...createPhoneStores(queries),
    ...createProvisioningStores(queries),
    ...createRedirectStores(queries),
    ...createFirmwareStores(queries),
    ...createResyncStores(queries),
    seats: createSeatStore(queries),
    apiClients: createApiClientStore(queries),
    revokedTokens: createRevokedTokenStore(queries),
    userSessions: createUserSessionStore(queries),
    signInCodes: createSignInCodeStore(queries),
    roles: createRoleStore(queries),
    idempotentRequests: createIdempotentRequestStore(queries),
    blockedNumbers: createBlockedNumberStore(queries),
    outboundCountries: createOutboundCountryStore(queries),
    outboundExceptions: createOutboundExceptionStore(queries),
    callRules: createCallRuleClearing(queries),
    callRecords: createCallRecordStore(queries),
    callQuality: createCallQualityStore(queries),
    audit: createAuditStore(queries),
    hotDeskSessions: createHotDeskSessionStore(queries),
    pins: createPinStore(queries),
    signInLocks: createSignInLockStore(queries),
    settings: createSettingStore(queries),
    webhooks: createWebhookStore(queries),
    webhookDeliveries: createWebhookDeliveryStore(queries),
    deviceResyncs: createDeviceResyncStore(queries),
    licencePackages: createLicencePackageStore(queries),
    userMembers: createUserMemberStore(queries),
    mails: createMailStore(queries),
    accountPrompts: createAccountPromptStore(queries),
    phoneNumbers: createPhoneNumberStore(queries),
    callerIds: createCallerIdStore(queries),
    siteMembers: createSiteMemberStore(queries),
    settingTemplates: createSettingTemplateStore(queries),
    ...createSafetyStores(queries),
    trunks: createTrunkStore(queries),
    routingRules: createRoutingRuleStore(queries),
    ...createChargeStores(queries),
    ...createFraudStores(queries),
    imports: createImportStore(queries),
    exchange: { ...createExchangeReader(queries), ...createExchangeWriter(queries) },
    ...createForwardStores(queries),
    ...createScimStores(queries),
    ...createEntitlementStores(queries),
  };
}

/**
 * Stores for reading outside a transaction. Each call is a statement or a few of its own; what must change together, or be
 * read under a lock, goes through the unit of work. Inside one, these throw instead of waiting for ever.
 */
export function createStores(db: PostgresDatabase): Stores {
  return storesOver(db.queries);
}
