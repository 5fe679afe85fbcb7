import type { SafetyStores } from '../../ports/safety-stores.js';
import { createAlertSettingStore } from './alert-setting-store.js';
import { createAlertStore } from './alert-store.js';
import type { Queries } from './database.js';
import { createDevicePresenceStore, createEmergencyNoticeStore } from './device-presence-store.js';
import { createEmergencyAddressStore } from './emergency-address-store.js';
import { createExternalContactStore } from './external-contact-store.js';
import { createServiceLocationStore } from './service-location-store.js';

export function createSafetyStores(queries: Queries): SafetyStores {
  return {
    emergencyAddresses: createEmergencyAddressStore(queries),
    serviceLocations: createServiceLocationStore(queries),
    externalContacts: createExternalContactStore(queries),
    alertSettings: createAlertSettingStore(queries),
    alerts: createAlertStore(queries),
    devicePresence: createDevicePresenceStore(queries),
    emergencyNotices: createEmergencyNoticeStore(queries),
  };
}
