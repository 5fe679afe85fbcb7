import { licencePackageRoutes } from './cordboard/licence-packages.js';
import { mailRoutes } from './cordboard/mail.js';
import { PERMISSIONS } from '../usecases/admin/roles.js';
import { accountPolicyRoutes } from './cordboard/account-policy.js';
import { accountPromptRoutes } from './cordboard/account-prompts.js';
import { apiClientRoutes } from './cordboard/api-clients.js';
import { allowedHostRoutes } from './cordboard/allowed-hosts.js';
import { alertRoutes } from './cordboard/alerts.js';
import { forwardRoutes } from './cordboard/forwards.js';
import { fraudRoutes } from './cordboard/fraud-guards.js';
import { usageRoutes } from './cordboard/reports.js';
import { reportRoutes } from './zoom-phone/reports.js';
import { chargeRoutes } from './cordboard/charges.js';
import { rateDeckRoutes } from './cordboard/rate-decks.js';
import { auditRoutes } from './cordboard/audit-log.js';
import { callExportRoutes } from './cordboard/call-export.js';
import { liveCallRoutes } from './cordboard/calls.js';
import { exportRoutes } from './cordboard/exports.js';
import { importRoutes } from './cordboard/imports.js';
import { deviceExchangeRoutes } from './cordboard/device-exchange.js';
import { deviceAuthorityRoutes } from './cordboard/device-authorities.js';
import { deviceLockRoutes } from './cordboard/device-lock.js';
import { deviceProvisioningRoutes } from './cordboard/device-provisioning.js';
import { provisioningDiffRoutes } from './cordboard/provisioning-diff.js';
import { provisioningPreviewRoutes } from './cordboard/provisioning-preview.js';
import { provisioningAccessRoutes } from './cordboard/provisioning-access.js';
import { deviceSetUpRoutes } from './cordboard/device-set-up.js';
import { setUpPageRoutes } from './set-up/routes.js';
import { deskPhoneSettingRoutes } from './cordboard/desk-phone-settings.js';
import { firmwareImageRoutes } from './cordboard/firmware-images.js';
import { featureCodeRoutes } from './cordboard/feature-codes.js';
import { deviceResyncRoutes } from './cordboard/device-resync.js';
import { resyncPreviewRoutes } from './cordboard/resync-preview.js';
import { resyncRoutes } from './cordboard/resyncs.js';
import { deskAddressRoutes } from './cordboard/desk-addresses.js';
import { hotDeskPeopleRoutes } from './cordboard/hot-desk-people.js';
import { hotDeskSessionRoutes } from './cordboard/hot-desk-sessions.js';
import { hotDeskSettingRoutes } from './cordboard/hot-desk-settings.js';
import { seatRoutes } from './cordboard/plans.js';
import { policyRoutes } from './cordboard/policy.js';
import { redirectServiceRoutes } from './cordboard/redirect-services.js';
import { registrationRoutes } from './cordboard/registrations.js';
import { signInLockRoutes } from './cordboard/sign-in-locks.js';
import { warningRoutes } from './cordboard/warnings.js';
import { webhookDeliveryRoutes } from './cordboard/webhook-deliveries.js';
import { webhookRoutes } from './cordboard/webhooks.js';
import { sipGroupRoutes } from './zoom-phone/sip-groups.js';
import { routingRuleRoutes } from './zoom-phone/routing-rules.js';
import { sipProtectionRoutes } from './cordboard/sip-protection.js';
import { trunkRoutes } from './cordboard/trunks.js';
import { oauthRoutes } from './oauth/token.js';
import type { Route } from './route.js';
import { meRoutes } from './cordboard/me.js';
import { signInRoutes } from './cordboard/sign-in.js';
import { documentationRoutes } from './system/documentation.js';
import { probeRoutes } from './system/probes.js';
import { accountUserRoutes } from './zoom-phone/account-users.js';
import { alertSettingRoutes } from './zoom-phone/alert-settings.js';
import { blockedListRoutes } from './zoom-phone/blocked-list.js';
import { peeringNumberRoutes } from './zoom-phone/peering-numbers.js';
import { callHandlingRoutes } from './zoom-phone/call-handling.js';
import { callHistoryRoutes } from './zoom-phone/call-history.js';
import { callLogRoutes } from './zoom-phone/call-logs.js';
import { callMetricRoutes } from './zoom-phone/call-metrics.js';
import { emergencyMetricRoutes } from './zoom-phone/emergency-metrics.js';
import { commonAreaSettingRoutes } from './zoom-phone/common-area-settings.js';
import { commonAreaRoutes } from './zoom-phone/common-areas.js';
import { activationCodeRoutes } from './zoom-phone/activation-codes.js';
import { deviceActionRoutes } from './zoom-phone/device-actions.js';
import { deviceLineKeyRoutes } from './zoom-phone/device-line-keys.js';
import { firmwareRoutes } from './zoom-phone/firmware-rules.js';
import { lineKeyRoutes } from './zoom-phone/line-keys.js';
import { provisionTemplateRoutes } from './zoom-phone/provision-templates.js';
import { deviceRoutes } from './zoom-phone/phone-devices.js';
import { emergencyAddressRoutes } from './zoom-phone/emergency-addresses.js';
import { emergencyLocationRoutes } from './zoom-phone/emergency-locations.js';
import { externalContactRoutes } from './zoom-phone/external-contacts.js';
import { inboundBlockedRoutes } from './zoom-phone/inbound-blocked-list.js';
import { outboundCallingRoutes } from './zoom-phone/outbound-calling.js';
import { heldNumberRoutes } from './zoom-phone/held-numbers.js';
import { numberSupplyRoutes } from './zoom-phone/number-supply.js';
import { outboundCallerIdRoutes } from './zoom-phone/outbound-caller-ids.js';
import { phoneNumberRoutes } from './zoom-phone/phone-numbers.js';
import { settingTemplateRoutes } from './zoom-phone/setting-templates.js';
import { placeSettingRoutes } from './cordboard/place-settings.js';
import { planRoutes } from './zoom-phone/phone-plans.js';
import { operationLogRoutes } from './zoom-phone/operation-logs.js';
import { phoneRoleRoutes } from './zoom-phone/phone-roles.js';
import { roleTargetRoutes } from './zoom-phone/role-targets.js';
import { settingRoutes } from './zoom-phone/settings.js';
import { siteSettingRoutes } from './zoom-phone/site-settings.js';
import { siteRoutes } from './zoom-phone/sites.js';
import { userCallingPlanRoutes } from './zoom-phone/user-calling-plans.js';
import { userSettingTypeRoutes } from './zoom-phone/user-setting-types.js';
import { userOriginRoutes } from './cordboard/user-settings.js';
import { userSettingRoutes } from './zoom-phone/user-settings.js';
import { phoneUserBatchRoutes } from './zoom-phone/users-batch.js';
import { phoneUserRoutes } from './zoom-phone/users.js';
import { scimBulkRoutes } from './scim/bulk.js';
import { scimDiscoveryRoutes } from './scim/discovery.js';
import { scimGroupRoutes } from './scim/groups.js';
import { scimUserRoutes } from './scim/users.js';
import { scimGroupMappingRoutes } from './cordboard/scim-group-mappings.js';
import { scimReconciliationRoutes } from './cordboard/scim-reconciliation.js';
import { scimTokenRoutes } from './cordboard/scim-tokens.js';

/** Everything served over HTTP, in the order of the documentation. What is not here does not exist. */
export const ROUTES: readonly Route[] = [
  ...oauthRoutes,
  ...signInRoutes,
  ...meRoutes,
  ...accountUserRoutes,
  ...phoneUserBatchRoutes,
  ...phoneUserRoutes,
  ...userCallingPlanRoutes,
  ...userSettingRoutes,
  ...userOriginRoutes,
  ...userSettingTypeRoutes,
  ...siteRoutes,
  ...siteSettingRoutes,
  ...activationCodeRoutes,
  ...commonAreaRoutes,
  ...commonAreaSettingRoutes,
  ...deviceRoutes,
  ...deviceActionRoutes,
  ...lineKeyRoutes,
  ...deviceLineKeyRoutes,
  ...provisionTemplateRoutes,
  ...firmwareRoutes,
  ...firmwareImageRoutes,
  ...allowedHostRoutes,
  ...deviceAuthorityRoutes,
  ...deviceProvisioningRoutes,
  ...provisioningPreviewRoutes,
  ...provisioningDiffRoutes,
  ...provisioningAccessRoutes,
  ...deviceSetUpRoutes,
  ...setUpPageRoutes,
  ...deskPhoneSettingRoutes,
  ...featureCodeRoutes,
  ...deviceLockRoutes,
  ...deviceResyncRoutes,
  ...resyncPreviewRoutes,
  ...resyncRoutes,
  ...phoneNumberRoutes,
  ...heldNumberRoutes,
  ...outboundCallerIdRoutes,
  ...numberSupplyRoutes,
  ...sipGroupRoutes,
  ...routingRuleRoutes,
  ...trunkRoutes,
  ...callHandlingRoutes,
  ...peeringNumberRoutes,
  ...forwardRoutes,
  ...planRoutes,
  ...seatRoutes,
  ...licencePackageRoutes,
  ...mailRoutes,
  ...callHistoryRoutes,
  ...callLogRoutes,
  ...callExportRoutes,
  ...callMetricRoutes,
  ...emergencyMetricRoutes,
  ...rateDeckRoutes,
  ...chargeRoutes,
  ...reportRoutes,
  ...usageRoutes,
  ...fraudRoutes,
  ...settingRoutes,
  ...placeSettingRoutes,
  ...settingTemplateRoutes,
  ...accountPolicyRoutes,
  ...accountPromptRoutes,
  ...outboundCallingRoutes,
  ...blockedListRoutes,
  ...emergencyAddressRoutes,
  ...deskAddressRoutes,
  ...emergencyLocationRoutes,
  ...warningRoutes,
  ...externalContactRoutes,
  ...alertSettingRoutes,
  ...alertRoutes,
  ...inboundBlockedRoutes,
  ...hotDeskSessionRoutes,
  ...hotDeskSettingRoutes,
  ...hotDeskPeopleRoutes,
  ...signInLockRoutes,
  ...deviceExchangeRoutes,
  ...exportRoutes,
  ...importRoutes,
  ...redirectServiceRoutes,
  ...webhookRoutes,
  ...webhookDeliveryRoutes,
  ...registrationRoutes,
  ...liveCallRoutes,
  ...sipProtectionRoutes,
  ...policyRoutes,
  ...phoneRoleRoutes,
  ...roleTargetRoutes,
  ...apiClientRoutes,
  ...scimTokenRoutes,
  ...scimUserRoutes,
  ...scimGroupRoutes,
  ...scimBulkRoutes,
  ...scimDiscoveryRoutes,
  ...scimGroupMappingRoutes,
  ...scimReconciliationRoutes,
  ...operationLogRoutes,
  ...auditRoutes,
  ...probeRoutes,
  ...documentationRoutes(() => ROUTES),
];

/** Routes that need no token; a route is public only when it stands here as well as in its own entry. */
const PUBLIC: ReadonlySet<string> = new Set([
  'issueToken', 'revokeToken', 'requestSignInCode', 'signIn', 'healthz', 'readyz', 'metrics', 'openapi', 'docs', 'docsStyle', 'docsScript', 'setUpStyle', 'setUpPage', 'reopenSetUpWindow',
]);

/**
 * Refuses a table in which a route has no known permission, is public by accident, or stands twice. Throws with every
 * fault.
 */
export function checkRoutes(routes: readonly Route[]): void {
  const faults: string[] = [];
  const known: ReadonlySet<string> = new Set(PERMISSIONS);
  const places = new Set<string>();
  const operations = new Set<string>();
  for (const { method, path, operationId, access } of routes) {
    const place = `${method} ${path}`;
    if (places.has(place)) faults.push(`${place} is declared twice`);
    if (operations.has(operationId)) faults.push(`operation ${operationId} is declared twice`);
    places.add(place);
    operations.add(operationId);
    const declared = access === 'public' ? PUBLIC.has(operationId) : access === 'person' || known.has(access);
    if (!declared) faults.push(`${place} has no permission (${String(access)})`);
  }
  if (faults.length > 0) throw new Error(`the route table is wrong: ${faults.join('; ')}`);
}
