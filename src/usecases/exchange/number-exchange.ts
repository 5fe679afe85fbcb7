import { NUMBER_COLUMNS, numberCells, planNumber, type NumberPlanFacts } from '../../domain/exchange/plan-number.js';
import { numberText } from '../../domain/exchange/plan-numbers.js';
import { assigneeTexts } from './assignee-texts.js';
import type { ExchangeKind } from './exchange-deps.js';
import { commonFacts } from './read-holder-facts.js';

export const NUMBER_EXCHANGE: ExchangeKind = {
  columns: NUMBER_COLUMNS,
  async planner({ stores, newId, at }, { accountId, siteId }, rows) {
    const common = await commonFacts(stores, accountId, siteId);
    const countries = [...new Set(common.sites.map(({ country }) => country))];
    const e164 = new Set(rows.flatMap(({ cells }) => countries.flatMap((country) => numberText(cells['number'] ?? '', country) ?? [])));
    const numbers = await stores.phoneNumbers.find(accountId, { ids: [], numbers: [...e164] });
    const facts: NumberPlanFacts = {
      ...common, accountId, at, newId, numbers: new Map(numbers.map((number) => [number.number, number])),
      assigneeText: await assigneeTexts(stores, accountId, common.sites, numbers.flatMap(({ extensionId }) => extensionId ?? [])),
    };
    return ({ row, cells }) => planNumber(row, cells, facts);
  },
  async exported(stores, accountId, page) {
    const found = await stores.phoneNumbers.page(accountId, {}, page);
    const common = await commonFacts(stores, accountId, null);
    const assigneeText = await assigneeTexts(stores, accountId, common.sites, found.items.flatMap(({ extensionId }) => extensionId ?? []));
    return { ...found, items: found.items.map((number) => numberCells(number, { ...common, assigneeText })) };
  },
};
