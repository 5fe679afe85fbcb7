import { z } from 'zod';
import { COUNTRIES_AND_REGIONS } from '../../domain/numbering/countries.js';
import { setOutboundCountries } from '../../usecases/admin/outbound-countries.js';
import { countriesInForce, outboundPlaces } from '../../usecases/admin/outbound-places.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { country, countryView } from '../schemas/fields.js';
import { numberOfRule, OUTBOUND_TAG, ruleNumber, ruleOfNumber, type OutboundLevelRoutes } from './outbound-level.js';

const countryItem = z.object({
  name: z.string(), code: z.int().describe('Calling code; several countries may share one.'), iso_code: z.string(),
  rule: ruleNumber.describe('What holds here: 1 = allowed, 2 = not allowed.'),
  enabled_carrier: z.array(z.string()).describe('Empty while there are no trunks.'),
  origin: z.enum(['account', 'site', 'extension', 'default']).describe('Which level set the rule.'),
});

const countryChange = z.object({
  iso_code: country,
  rule: z.union([ruleNumber, z.literal(0)]).optional().describe('1 allows, 2 blocks, 0 takes the own rule away: what the level above says holds.'),
  delete_existing_exception_rules: z.boolean().default(false).describe("Also removes this level's exception rules of the country."),
});

/** Countries and regions of one level: each with the rule in force there. */
export function outboundCountryRoutes({ path, whose, subject, operations }: OutboundLevelRoutes): readonly Route[] {
  return [
    route({
      method: 'GET', path: `${path}/countries_regions`, operationId: operations.getCountries,
      summary: `List which countries and regions may be called: ${whose}`, tag: OUTBOUND_TAG, access: 'outbound_calling:read',
      query: z.object(pageQuery(300)),
      answer: {
        status: 200, description: 'Every country and region with telephone numbers of its own, by ISO code.',
        schema: z.object({ ...pageFields, countries_regions: z.array(countryItem) }),
      },
      async handle({ deps, actor, params, query }) {
        const page = readPage(query);
        if (page.kind === 'refused') return failed(fromRefusal(page));
        const places = await outboundPlaces(deps.stores, actor.accountId, subject(params));
        if (places.kind === 'refused') return failed(fromRefusal(places));
        const inForce = await countriesInForce(deps.stores, actor.accountId, places.value);
        const { after, size } = page.page;
        const rest = COUNTRIES_AND_REGIONS.filter(({ isoCode }) => after === null || isoCode > after);
        const shown = rest.slice(0, size);
        const next = rest.length > shown.length ? shown.at(-1)?.isoCode ?? null : null;
        return json({
          ...paging({ next, total: COUNTRIES_AND_REGIONS.length }, query),
          countries_regions: shown.map(({ isoCode, callingCode }) => {
            const { rule, origin } = inForce(isoCode);
            return {
              name: countryView(isoCode).name, code: Number(callingCode), iso_code: isoCode, rule: numberOfRule(rule), enabled_carrier: [], origin,
            };
          }),
        });
      },
    }),
    route({
      method: 'PATCH', path: `${path}/countries_regions`, operationId: operations.setCountries,
      summary: `Allow or block countries and regions: ${whose}`, tag: OUTBOUND_TAG, access: 'outbound_calling:write',
      body: z.object({ country_regions: z.array(countryChange).min(1).max(300) }),
      answer: { status: 204, description: 'Changed; the next call is judged by it.', schema: null },
      async handle({ deps, actor, params, body }) {
        const rows = body.country_regions.map(({ iso_code, rule, delete_existing_exception_rules }) => ({
          country: iso_code.toUpperCase(), deleteExceptions: delete_existing_exception_rules,
          rule: rule === undefined ? null : rule === 0 ? 'inherit' as const : ruleOfNumber(rule),
        }));
        return answer(await setOutboundCountries(deps, actor, subject(params), rows), () => NO_CONTENT);
      },
    }),
  ];
}
