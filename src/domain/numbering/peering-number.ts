import type { PhoneNumber } from './phone-number.js';

/** A number that a carrier made over to the account, on one of its trunks. */
export interface PeeringNumber {
  /** Its `sipGroupId` is the trunk. */
  readonly number: PhoneNumber;
  /** As the carrier bills it; '' = nothing said. */
  readonly billingReference: string;
  readonly serviceInfo: string;
}
