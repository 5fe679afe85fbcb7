import type { AccountId, RoutingRuleId, SiteId, TrunkId, TrunkRouteId } from '../../domain/ids.js';
import type { TrunkAuthentication, TrunkBorder, TrunkGateway, TrunkLimits, TrunkMedia } from '../../domain/trunk/trunk.js';
import type { Json } from './column-types.js';

export interface TrunksTable {
  readonly id: TrunkId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly enabled: boolean;
  readonly country: string;
  readonly authentication: Json<TrunkAuthentication>;
  readonly sealed_password: string;
  readonly gateways: Json<readonly TrunkGateway[]>;
  readonly border: Json<TrunkBorder>;
  readonly media: Json<TrunkMedia>;
  readonly limits: Json<TrunkLimits>;
  readonly session_expires_seconds: number;
  readonly probe_seconds: number;
  readonly version: number;
}

export interface TrunkRoutesTable {
  readonly id: TrunkRouteId;
  readonly account_id: AccountId;
  readonly trunk_id: TrunkId;
  readonly site_id: SiteId | null;
  readonly prefix: string;
  readonly priority: number;
  readonly weight: number;
  readonly emergency: boolean;
}

export interface RoutingRulesTable {
  readonly id: RoutingRuleId;
  readonly account_id: AccountId;
  readonly site_id: SiteId | null;
  readonly name: string;
  readonly number_pattern: string;
  readonly translation: string;
  readonly trunk_id: TrunkId | null;
  readonly position: number;
}

export interface TrunkTables {
  readonly trunks: TrunksTable;
  readonly trunk_routes: TrunkRoutesTable;
  readonly routing_rules: RoutingRulesTable;
}
