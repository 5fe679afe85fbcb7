import type { AccountId, EmergencyAddressId, ServiceLocationId, SiteId } from '../ids.js';

/** A port of a switch, or a range of them, as LLDP names them. */
export interface NetworkSwitch {
  /** Twelve lower-case hex digits. */
  readonly macAddress: string;
  /** One port; '' = the range, or all. */
  readonly port: string;
  readonly portPrefix: string;
  readonly portRangeFrom: string;
  readonly portRangeTo: string;
}

/** A floor, a wing, a room: where a phone is, as its network tells, with an address of the site and a number to be called back at. */
export interface ServiceLocation {
  readonly id: ServiceLocationId;
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  /** The administrator's own name for it in imports, unique in the account; null = none. */
  readonly identifier: string | null;
  readonly name: string;
  /** The location it lies in; null = a top one. */
  readonly parentId: ServiceLocationId | null;
  readonly emergencyAddressId: EmergencyAddressId;
  /** Emergency location identification number (ELIN), E.164; '' = that of the location around it. */
  readonly elin: string;
  /** Id of that number in the account's numbers; '' = not one of them. */
  readonly elinPhoneNumberId: string;
  /** Twelve lower-case hex digits each. */
  readonly bssids: readonly string[];
  readonly networkSwitches: readonly NetworkSwitch[];
  /** Networks (address or CIDR) of the phones themselves, and of the router they are seen behind. */
  readonly privateNetworks: readonly string[];
  readonly publicNetworks: readonly string[];
  /** Name or id of a group of trunks; nothing follows from it yet. */
  readonly sipGroup: string;
  /** Whether the public network alone is too little to be here. */
  readonly minimumMatchCriteria: boolean;
  readonly createdAt: number;
}
