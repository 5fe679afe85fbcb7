import type { AccountId, DeviceId, ExtensionId, SiteId } from '../ids.js';
import type { DigestAlgorithm } from '../identity/account.js';

export type HotDeskingPolicy = 'on' | 'off' | 'unsupported';

/**
 * A physical or soft phone with SIP credentials of its own and a site of its own (taken from its assignee at creation;
 * moving a person never moves a desk). `userName` is opaque and unique: the AOR is `sip:<userName>@<account domain>`.
 */
export interface Device {
  readonly id: DeviceId;
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  readonly displayName: string;
  /** Twelve lower-case hex digits. */
  readonly macAddress: string;
  /** Maker, then model, as the administrator gave them. */
  readonly type: string;
  readonly model: string;
  readonly userName: string;
  /** In order; the first is the owner, the only one allowed until shared lines exist. */
  readonly assignees: readonly ExtensionId[];
  readonly hotDesking: HotDeskingPolicy;
  /** The device lock: nobody acts on the phone until its own user unlocks it. No part of hot desking. */
  readonly locked: boolean;
  /** Overrides the account's list; null = the account's. */
  readonly digestAlgorithms: readonly DigestAlgorithm[] | null;
  readonly provisionTemplateId: string | null;
  readonly createdAt: number;
}

/** H(A1) of RFC 7616 §3.4.2 for the device's user name, the account's realm and its password, hex, per algorithm. */
export type DeviceHa1 = Readonly<Record<DigestAlgorithm, string>>;
