import type { WantedEntitlements } from '../../domain/entitlements/entitlements.js';
import type { JsonObject } from '../../domain/scim/person.js';

/** A person as an identity provider wants them to be: the whole, but for what `entitlements` leaves out. */
export interface WantedPerson {
  readonly userName: string;
  readonly externalId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly displayName: string;
  readonly jobTitle: string;
  readonly timeZone: string;
  readonly language: string;
  readonly department: string;
  readonly costCenter: string;
  readonly employeeId: string;
  readonly company: string;
  /** Id of the manager's user; '' = none. */
  readonly managerId: string;
  readonly active: boolean;
  /** Everything that is kept and shown as it came. */
  readonly attributes: JsonObject;
  readonly entitlements: WantedEntitlements;
  /** What was asked and nothing here can do. */
  readonly unknown: readonly { readonly name: string; readonly value: string }[];
}
