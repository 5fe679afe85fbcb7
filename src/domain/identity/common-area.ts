import type { AccountId, CommonAreaId, ExtensionId, SiteId } from '../ids.js';
import type { CallingPlanCode, LicenceCode } from '../licensing/plans.js';

/** An extension without a person: a lobby, a meeting room, a shared desk. */
export interface CommonArea {
  readonly id: CommonAreaId;
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  readonly extensionId: ExtensionId;
  readonly displayName: string;
  readonly status: 'active' | 'deactivated';
  readonly callingPlans: readonly CallingPlanCode[];
  readonly packages: readonly LicenceCode[];
  readonly internationalCalling: boolean;
  readonly areaCode: string;
  /** ISO 3166-1 alpha-2, null = the site's. */
  readonly country: string | null;
  readonly timeZone: string | null;
  readonly department: string;
  readonly costCenter: string;
  readonly createdAt: number;
}
