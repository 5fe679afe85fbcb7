/** Operations of one path: method to operation id, as clients generated from the description call it. */
export type PathOperations = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string>>>;

/**
 * Every operation that scripts written for the Zoom Phone API may ask for, by family. The table is written by hand on purpose: it does
 * not follow the route table, it holds it to its word.
 */
export const API_FAMILIES: Readonly<Record<string, Readonly<Record<string, PathOperations>>>> = {
  'account users': {
    '/v2/users': { GET: 'users', POST: 'userCreate' },
    '/v2/users/email': { GET: 'userEmail' },
    '/v2/users/{userId}': { GET: 'user', DELETE: 'userDelete', PATCH: 'userUpdate' },
    '/v2/users/{userId}/status': { PUT: 'userStatus' },
  },
  'users': {
    '/v2/phone/users': { GET: 'listPhoneUsers' },
    '/v2/phone/users/batch': { PUT: 'updateUsersPropertiesInBatch', POST: 'batchAddUsers' },
    '/v2/phone/users/{userId}': { GET: 'phoneUser', PATCH: 'updateUserProfile' },
    '/v2/phone/users/{userId}/calling_plans': { PUT: 'updateCallingPlan', POST: 'assignCallingPlan' },
    '/v2/phone/users/{userId}/calling_plans/{planType}': { DELETE: 'unassignCallingPlan' },
    '/v2/phone/users/{userId}/outbound_caller_id/customized_numbers': {
      GET: 'listUserCustomizeOutboundCallerNumbers', POST: 'addUserOutboundCallerNumbers', DELETE: 'deleteUserOutboundCallerNumbers',
    },
    '/v2/phone/users/{userId}/settings': { GET: 'phoneUserSettings', PATCH: 'updateUserSettings' },
    '/v2/phone/users/{userId}/settings/{settingType}': {
      POST: 'addUserSetting', DELETE: 'deleteUserSetting', PATCH: 'updateUserSetting',
    },
  },
  'common areas': {
    '/v2/phone/common_areas': { GET: 'listCommonAreas', POST: 'addCommonArea' },
    '/v2/phone/common_areas/activation_code': { POST: 'Generateactivationcodesforcommonareas' },
    '/v2/phone/common_areas/activation_codes': { GET: 'listActivationCodes' },
    '/v2/phone/common_areas/template_id/{templateId}': { POST: 'ApplyTemplatetoCommonAreas' },
    '/v2/phone/common_areas/{commonAreaId}': {
      GET: 'getACommonArea', DELETE: 'deleteCommonArea', PATCH: 'updateCommonArea',
    },
    '/v2/phone/common_areas/{commonAreaId}/calling_plans': { POST: 'assignCallingPlansToCommonArea' },
    '/v2/phone/common_areas/{commonAreaId}/calling_plans/{type}': { DELETE: 'unassignCallingPlansFromCommonArea' },
    '/v2/phone/common_areas/{commonAreaId}/phone_numbers': { POST: 'assignPhoneNumbersToCommonArea' },
    '/v2/phone/common_areas/{commonAreaId}/phone_numbers/{phoneNumberId}': {
      DELETE: 'unassignPhoneNumbersFromCommonArea',
    },
    '/v2/phone/common_areas/{commonAreaId}/pin_code': { PATCH: 'UpdateCommonAreaPinCode' },
    '/v2/phone/common_areas/{commonAreaId}/settings': { GET: 'getCommonAreaSettings' },
    '/v2/phone/common_areas/{commonAreaId}/settings/{settingType}': {
      POST: 'AddCommonAreaSetting', DELETE: 'deleteCommonAreaSetting', PATCH: 'UpdateCommonAreaSetting',
    },
  },
  'provider exchange': {
    '/v2/phone/carrier_peering/numbers': { GET: 'listCarrierPeeringPhoneNumbers' },
    '/v2/phone/peering/numbers': {
      GET: 'listPeeringPhoneNumbers', POST: 'addPeeringPhoneNumbers', DELETE: 'deletePeeringPhoneNumbers', PATCH: 'updatePeeringPhoneNumbers',
    },
  },
  'call handling': {
    '/v2/phone/extension/{extensionId}/call_handling/settings': { GET: 'getCallHandling' },
    '/v2/phone/extension/{extensionId}/call_handling/settings/{settingType}': {
      POST: 'addCallHandling', DELETE: 'deleteCallHandling', PATCH: 'updateCallHandling',
    },
  },
  'phone devices': {
    '/v2/phone/devices': { GET: 'listPhoneDevices', POST: 'addPhoneDevice' },
    '/v2/phone/devices/sync': { POST: 'syncPhoneDevice' },
    '/v2/phone/devices/{deviceId}': { GET: 'getADevice', DELETE: 'deleteADevice', PATCH: 'updateADevice' },
    '/v2/phone/devices/{deviceId}/extensions': { POST: 'addExtensionsToADevice' },
    '/v2/phone/devices/{deviceId}/extensions/{extensionId}': { DELETE: 'deleteExtensionFromADevice' },
    '/v2/phone/devices/{deviceId}/provision_templates': { PUT: 'updateProvisionTemplateToDevice' },
    '/v2/phone/devices/{deviceId}/reboot': { POST: 'rebootPhoneDevice' },
    '/v2/phone/smartphones': { GET: 'ListSmartphones' },
  },
  'device line keys': {
    '/v2/phone/devices/{deviceId}/line_keys': {
      GET: 'listDeviceLineKeySetting', PATCH: 'batchUpdateDeviceLineKeySetting',
    },
  },
  'line keys': {
    '/v2/phone/extension/{extensionId}/line_keys': { GET: 'listLineKeySetting', PATCH: 'BatchUpdateLineKeySetting' },
    '/v2/phone/extension/{extensionId}/line_keys/{lineKeyId}': { DELETE: 'DeleteLineKey' },
  },
  'phone numbers': {
    '/v2/phone/byoc_numbers': { POST: 'addBYOCNumber' },
    '/v2/phone/numbers': { GET: 'listAccountPhoneNumbers', DELETE: 'deleteUnassignedPhoneNumbers' },
    '/v2/phone/numbers/sites/{siteId}': { PATCH: 'updateSiteForUnassignedPhoneNumbers' },
    '/v2/phone/numbers/{phoneNumberId}': { GET: 'getPhoneNumberDetails', PATCH: 'updatePhoneNumberDetails' },
    '/v2/phone/users/{userId}/phone_numbers': { POST: 'assignPhoneNumber' },
    '/v2/phone/users/{userId}/phone_numbers/{phoneNumberId}': { DELETE: 'UnassignPhoneNumber' },
  },
  'phone plans': {
    '/v2/phone/calling_plans': { GET: 'listCallingPlans' },
    '/v2/phone/plans': { GET: 'listPhonePlans' },
  },
  'sites': {
    '/v2/phone/sites': { GET: 'listPhoneSites', POST: 'createPhoneSite' },
    '/v2/phone/sites/{siteId}': { GET: 'getASite', DELETE: 'deletePhoneSite', PATCH: 'updateSiteDetails' },
    '/v2/phone/sites/{siteId}/outbound_caller_id/customized_numbers': {
      GET: 'listSiteCustomizeOutboundCallerNumbers', POST: 'addSiteOutboundCallerNumbers', DELETE: 'deleteSiteOutboundCallerNumbers',
    },
    '/v2/phone/sites/{siteId}/settings/{settingType}': {
      GET: 'getSiteSettingForType', POST: 'addSiteSetting', DELETE: 'deleteSiteSetting', PATCH: 'updateSiteSetting',
    },
  },
  'settings, numbers to port and trunks': {
    '/v2/phone/ported_numbers/orders': { GET: 'listPortedNumbers' },
    '/v2/phone/ported_numbers/orders/{orderId}': { GET: 'getPortedNumbersDetails' },
    '/v2/phone/routing_rules': { GET: 'listRoutingRule', POST: 'addRoutingRule' },
    '/v2/phone/routing_rules/{routingRuleId}': { GET: 'getRoutingRule', DELETE: 'deleteRoutingRule', PATCH: 'updateRoutingRule' },
    '/v2/phone/settings': { GET: 'phoneSetting', PATCH: 'updatePhoneSettings' },
    '/v2/phone/sip_groups': { GET: 'listSipGroups' },
    '/v2/phone/sip_trunk/trunks': { GET: 'listBYOCSIPTrunk' },
  },
  'account': {
    '/v2/phone/account_settings': { GET: 'listZoomPhoneAccountSettings' },
    '/v2/phone/outbound_caller_id/customized_numbers': {
      GET: 'listCustomizeOutboundCallerNumbers', POST: 'addOutboundCallerNumbers', DELETE: 'deleteOutboundCallerNumbers',
    },
  },
  'phone roles': {
    '/v2/phone/roles': { GET: 'ListPhoneRoles', POST: 'DuplicatePhoneRole' },
    '/v2/phone/roles/{roleId}': { GET: 'getRoleInformation', DELETE: 'DeletePhoneRole', PATCH: 'UpdatePhoneRole' },
    '/v2/phone/roles/{roleId}/targets': { GET: 'ListPhoneRoleTargets', POST: 'AddPhoneRoleTargets', DELETE: 'DeletePhoneRoleTargets' },
    '/v2/phone/roles/{roleId}/members': { GET: 'ListRoleMembers', POST: 'AddRoleMembers', DELETE: 'DelRoleMembers' },
  },
  'blocked list': {
    '/v2/phone/blocked_list': { GET: 'listBlockedList', POST: 'addAnumberToBlockedList' },
    '/v2/phone/blocked_list/{blockedListId}': {
      GET: 'getABlockedList', DELETE: 'deleteABlockedList', PATCH: 'updateBlockedList',
    },
  },
  'inbound blocked list': {
    '/v2/phone/extension/{extensionId}/inbound_blocked/rules': {
      GET: 'ListExtensionLevelInboundBlockRules', POST: 'AddExtensiontLevelInboundBlockRules', DELETE: 'DeleteExtensiontLevelInboundBlockRules',
    },
    '/v2/phone/inbound_blocked/extension_rules/statistics': {
      GET: 'ListAccountLevelInboundBlockedStatistics', DELETE: 'DeleteAccountLevelInboundBlockedStatistics',
    },
    '/v2/phone/inbound_blocked/extension_rules/statistics/blocked_for_all': {
      PATCH: 'MarkPhoneNumberAsBlockedForAllExtensions',
    },
    '/v2/phone/inbound_blocked/rules': {
      GET: 'ListAccountLevelInboundBlockRules', POST: 'AddAccountLevelInboundBlockRules', DELETE: 'DeleteAccountLevelInboundBlockRules',
    },
    '/v2/phone/inbound_blocked/rules/{blockedRuleId}': { PATCH: 'UpdateAccountLevelInboundBlockRule' },
  },
  'outbound calling': {
    '/v2/phone/common_areas/{commonAreaId}/outbound_calling/countries_regions': {
      GET: 'GetCommonAreaOutboundCallingCountriesAndRegions', PATCH: 'UpdateCommonAreaOutboundCallingCountriesOrRegions',
    },
    '/v2/phone/common_areas/{commonAreaId}/outbound_calling/exception_rules': {
      GET: 'listCommonAreaOutboundCallingExceptionRule', POST: 'AddCommonAreaOutboundCallingExceptionRule',
    },
    '/v2/phone/common_areas/{commonAreaId}/outbound_calling/exception_rules/{exceptionRuleId}': {
      DELETE: 'deleteCommonAreaOutboundCallingExceptionRule', PATCH: 'UpdateCommonAreaOutboundCallingExceptionRule',
    },
    '/v2/phone/outbound_calling/countries_regions': {
      GET: 'GetAccountOutboundCallingCountriesAndRegions', PATCH: 'UpdateAccountOutboundCallingCountriesOrRegions',
    },
    '/v2/phone/outbound_calling/exception_rules': {
      GET: 'listAccountOutboundCallingExceptionRule', POST: 'AddAccountOutboundCallingExceptionRule',
    },
    '/v2/phone/outbound_calling/exception_rules/{exceptionRuleId}': {
      DELETE: 'deleteAccountOutboundCallingExceptionRule', PATCH: 'UpdateAccountOutboundCallingExceptionRule',
    },
    '/v2/phone/sites/{siteId}/outbound_calling/countries_regions': {
      GET: 'GetSiteOutboundCallingCountriesAndRegions', PATCH: 'UpdateSiteOutboundCallingCountriesOrRegions',
    },
    '/v2/phone/sites/{siteId}/outbound_calling/exception_rules': {
      GET: 'listSiteOutboundCallingExceptionRule', POST: 'AddSiteOutboundCallingExceptionRule',
    },
    '/v2/phone/sites/{siteId}/outbound_calling/exception_rules/{exceptionRuleId}': {
      DELETE: 'deleteSiteOutboundCallingExceptionRule', PATCH: 'UpdateSiteOutboundCallingExceptionRule',
    },
    '/v2/phone/users/{userId}/outbound_calling/countries_regions': {
      GET: 'GetUserOutboundCallingCountriesAndRegions', PATCH: 'UpdateUserOutboundCallingCountriesOrRegions',
    },
    '/v2/phone/users/{userId}/outbound_calling/exception_rules': {
      GET: 'listUserOutboundCallingExceptionRule', POST: 'AddUserOutboundCallingExceptionRule',
    },
    '/v2/phone/users/{userId}/outbound_calling/exception_rules/{exceptionRuleId}': {
      DELETE: 'deleteUserOutboundCallingExceptionRule', PATCH: 'UpdateUserOutboundCallingExceptionRule',
    },
  },
  'emergency addresses': {
    '/v2/phone/emergency_addresses': { GET: 'listEmergencyAddresses', POST: 'addEmergencyAddress' },
    '/v2/phone/emergency_addresses/{emergencyAddressId}': {
      GET: 'getEmergencyAddress', DELETE: 'deleteEmergencyAddress', PATCH: 'updateEmergencyAddress',
    },
  },
  'emergency service locations': {
    '/v2/phone/batch_locations': { POST: 'batchAddLocations' },
    '/v2/phone/locations': { GET: 'listLocations', POST: 'addLocation' },
    '/v2/phone/locations/{locationId}': { GET: 'getLocation', DELETE: 'deleteLocation', PATCH: 'updateLocation' },
  },
  'call logs': {
    '/v2/phone/call_history': { GET: 'accountCallHistory' },
    '/v2/phone/call_history/{callLogId}': { GET: 'getCallPath' },
    '/v2/phone/call_history/{callLogId}/client_code': { PATCH: 'addClientCodeToCallHistory' },
    '/v2/phone/call_history_detail/{callLogId}': { GET: 'getCallHistoryDetail' },
    '/v2/phone/call_logs': { GET: 'accountCallLogs' },
    '/v2/phone/call_logs/{callLogId}': { GET: 'getCallLogDetails' },
    '/v2/phone/call_logs/{callLogId}/client_code': { PUT: 'addClientCodeToCallLog' },
    '/v2/phone/user/{userId}/ai_call_summary/{aiCallSummaryId}': { GET: 'getUserAICallSummary' },
    '/v2/phone/users/{userId}/call_history': { GET: 'phoneUserCallHistory' },
    '/v2/phone/users/{userId}/call_history/sync': { GET: 'syncUserCallHistory' },
    '/v2/phone/users/{userId}/call_history/{callLogId}': { DELETE: 'deleteUserCallHistory' },
    '/v2/phone/users/{userId}/call_logs': { GET: 'phoneUserCallLogs' },
    '/v2/phone/users/{userId}/call_logs/sync': { GET: 'syncUserCallLogs' },
    '/v2/phone/users/{userId}/call_logs/{callLogId}': { DELETE: 'deleteCallLog' },
  },
  'dashboard': {
    '/v2/phone/metrics/call_logs': { GET: 'listCallLogsMetrics' },
    '/v2/phone/metrics/call_logs/{callId}/qos': { GET: 'getCallQoS' },
    '/v2/phone/metrics/call_logs/{call_id}': { GET: 'getCallLogMetricsDetails' },
    '/v2/phone/metrics/emergency_services/default_emergency_address/users': { GET: 'listUserDefaultEmergencyAddress' },
    '/v2/phone/metrics/emergency_services/detectable_personal_location/users': { GET: 'listUserDetectablePersonalLocation' },
    '/v2/phone/metrics/emergency_services/nomadic_emergency_services/users': { GET: 'listUserNomadicEmergencyServices' },
    '/v2/phone/metrics/emergency_services/realtime_location/devices': { GET: 'listPhoneRealtimelocation' },
    '/v2/phone/metrics/emergency_services/realtime_location/users': { GET: 'listUserRealtimeLocation' },
    '/v2/phone/metrics/location_tracking': { GET: 'listTrackedLocations' },
    '/v2/phone/metrics/past_calls': { GET: 'listPastCallMetrics' },
  },
  'reports': {
    '/v2/phone/reports/call_charges': { GET: 'GetCallChargesUsageReport' },
    '/v2/phone/reports/operationlogs': { GET: 'getPSOperationLogs' },
    '/v2/phone/reports/sms_charges': { GET: 'GetSMSChargesUsageReport' },
  },
  'provision templates': {
    '/v2/phone/provision_templates': { GET: 'listAccountProvisionTemplate', POST: 'addProvisionTemplate' },
    '/v2/phone/provision_templates/{templateId}': {
      GET: 'GetProvisionTemplate', DELETE: 'deleteProvisionTemplate', PATCH: 'updateProvisionTemplate',
    },
  },
  'firmware update rules': {
    '/v2/phone/firmware_update_rules': { GET: 'ListFirmwareRules', POST: 'AddFirmwareRule' },
    '/v2/phone/firmware_update_rules/{ruleId}': {
      GET: 'GetFirmwareRuleDetail', DELETE: 'DeleteFirmwareUpdateRule', PATCH: 'UpdateFirmwareRule',
    },
    '/v2/phone/firmwares': { GET: 'ListFirmwares' },
  },
  'setting templates': {
    '/v2/phone/setting_templates': { GET: 'listSettingTemplates', POST: 'addSettingTemplate' },
    '/v2/phone/setting_templates/{templateId}': { GET: 'getSettingTemplate', PATCH: 'updateSettingTemplate' },
  },
  'external contacts': {
    '/v2/phone/external_contacts': { GET: 'listExternalContacts', POST: 'addExternalContact' },
    '/v2/phone/external_contacts/{externalContactId}': {
      GET: 'getAExternalContact', DELETE: 'deleteAExternalContact', PATCH: 'updateExternalContact',
    },
  },
  'alerts': {
    '/v2/phone/alert_settings': { GET: 'ListAlertSettingsWithPagingQuery', POST: 'AddAnAlertSetting' },
    '/v2/phone/alert_settings/{alertSettingId}': {
      GET: 'GetAlertSettingDetails', DELETE: 'DeleteAnAlertSetting', PATCH: 'UpdateAnAlertSetting',
    },
  },
};
