import type { AccessStores } from './access-stores.js';
import type { AccountPromptStore } from './account-prompts.js';
import type { ChargeStores } from './charge-stores.js';
import type { EntitlementStores } from './entitlement-stores.js';
import type { FraudStores } from './fraud-stores.js';
import type { CallRuleStores } from './call-rule-stores.js';
import type { ForwardStores } from './forward-stores.js';
import type { FirmwareStores } from './firmware-stores.js';
import type { HotDeskStores } from './hot-desk-stores.js';
import type { ImportStores } from './import-stores.js';
import type { LicenceStores } from './licence-stores.js';
import type { MailStores } from './mail-stores.js';
import type { MemberStores } from './member-stores.js';
import type { PhoneNumberStores } from './phone-number-stores.js';
import type { PhoneStores } from './phone-stores.js';
import type { PlaceStores } from './place-stores.js';
import type { ProvisioningStores } from './provisioning-stores.js';
import type { QualityStores } from './quality-stores.js';
import type { RecordStores } from './record-stores.js';
import type { ResyncStores } from './resync-stores.js';
import type { RedirectStores } from './redirect-stores.js';
import type { SignInStores } from './sign-in-stores.js';
import type { ScimStores } from './scim-stores.js';
import type { SafetyStores } from './safety-stores.js';
import type { TrunkStores } from './trunk-stores.js';
import type { WebhookStores } from './webhook-stores.js';

/** Stores that have a file of their own: one interface a family. */
export interface FamilyStores extends
  HotDeskStores,
  WebhookStores,
  MailStores,
  PhoneNumberStores,
  PlaceStores,
  LicenceStores,
  MemberStores,
  PhoneStores,
  ProvisioningStores,
  RedirectStores,
  FirmwareStores,
  ResyncStores,
  SafetyStores,
  CallRuleStores,
  ChargeStores,
  FraudStores,
  ImportStores,
  ForwardStores,
  RecordStores,
  QualityStores,
  ScimStores,
  EntitlementStores,
  TrunkStores,
  SignInStores,
  AccessStores {
  readonly accountPrompts: AccountPromptStore;
}
