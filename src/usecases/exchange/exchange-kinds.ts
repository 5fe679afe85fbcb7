import type { ImportKind } from '../../domain/exchange/import.js';
import { AREA_EXCHANGE } from './area-exchange.js';
import { DEVICE_EXCHANGE } from './device-exchange.js';
import type { ExchangeKind } from './exchange-deps.js';
import { NUMBER_EXCHANGE } from './number-exchange.js';
import { USER_EXCHANGE } from './user-exchange.js';

/** What can be exchanged as a file. */
export const EXCHANGE_KINDS: Readonly<Record<ImportKind, ExchangeKind>> = {
  users: USER_EXCHANGE, common_areas: AREA_EXCHANGE, devices: DEVICE_EXCHANGE, phone_numbers: NUMBER_EXCHANGE,
};
