import type { PhoneStores } from '../../ports/phone-stores.js';
import { createActivationCodeStore } from './activation-code-store.js';
import type { Queries } from './database.js';
import { createDeviceConfigurationStore } from './device-configuration-store.js';
import { createDeviceStore } from './device-store.js';
import { createFirmwareRuleStore } from './firmware-rule-store.js';
import { createLineKeyStore } from './line-key-store.js';
import { createProvisionTemplateStore } from './provision-template-store.js';

/** The stores of desk phones and what is configured on them. */
export function createPhoneStores(queries: Queries): PhoneStores {
  return {
    devices: createDeviceStore(queries),
    deviceConfigurations: createDeviceConfigurationStore(queries),
    provisionTemplates: createProvisionTemplateStore(queries),
    firmwareRules: createFirmwareRuleStore(queries),
    lineKeys: createLineKeyStore(queries),
    activationCodes: createActivationCodeStore(queries),
  };
}
