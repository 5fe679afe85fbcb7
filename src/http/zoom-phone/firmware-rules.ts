import { z } from 'zod';
import { asId, type FirmwareRuleId, type SiteId } from '../../domain/ids.js';
import { WEEKDAYS } from '../../domain/device/firmware-window.js';
import type { FirmwareRule } from '../../domain/device/firmware-rules.js';
import { addFirmwareRule, firmwareRuleNotFound, removeFirmwareRule, updateFirmwareRule, type FirmwareRuleWish, type WhenToUpdate } from '../../usecases/admin/firmware-rules.js';
import { knownFirmwares } from '../../usecases/admin/seen-firmwares.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';

const TAG = 'Firmware';

const rule = z.object({
  rule_id: z.string(), version: z.string(), device_type: z.string(), device_model: z.string(), site_id: z.string().describe('"" = the whole account.'), image_url: z.string(), percent: z.int(),
  image_file: z.string(), more_models: z.array(z.string()), from_version: z.string(), to_version: z.string(), hours: z.string(), weekdays: z.array(z.enum(WEEKDAYS)),
});
const restartType = z.int().min(1).max(2).default(1).describe('1: phones of the model are asked to read their configuration now, after their calls; 2: at their next re-sync.');
const fields = {
  version: requiredLine(50), device_type: requiredLine(50), device_model: requiredLine(50), restart_type: restartType,
  image_url: line(512).optional().describe('https URL of the image, or of the folder where phones of the maker look for it, at an allowed host; "": none. Missing: as it is.'),
  image_file: line(100).optional().describe('Name of an image of this version that was uploaded here; takes the place of image_url. With neither, phones are told nothing.'),
  more_models: z.array(requiredLine(50)).max(50).optional().describe('Other models of the maker that run the same firmware.'),
  from_version: line(50).optional().describe('Only phones that run this version or a higher one now; "": any.'),
  to_version: line(50).optional().describe('Only phones that run this version or a lower one now; "": any. Phones that do not say what they run get nothing where either is given.'),
  hours: line(11).optional().describe('When phones may be told, as 22:00-05:00 in the time zone of their site; "": all day.'),
  weekdays: z.array(z.enum(WEEKDAYS)).max(7).optional().describe('On which days; a night belongs to the day on which it begins. Empty: every day.'),
  percent: z.int().min(0).max(100).optional().describe('Share of the phones that are told, always the same ones; more of them when it grows. Missing: as it is, at first 100.'),
};

function view(found: FirmwareRule): z.output<typeof rule> {
  const { id, version, deviceType, deviceModel, siteId, imageUrl, percent } = found;
  return {
    rule_id: id, version, device_type: deviceType, device_model: deviceModel, site_id: siteId ?? '', image_url: imageUrl, percent, image_file: found.imageFile,
    more_models: [...found.moreModels], from_version: found.fromVersion, to_version: found.toVersion, hours: found.hours, weekdays: [...found.weekdays],
  };
}

const when = (restart: number): WhenToUpdate => (restart === 1 ? 'now' : 'later');
const sentFields = z.object(fields);
const wanted = ({ version, device_type: deviceType, device_model: deviceModel, ...sent }: z.output<typeof sentFields>): FirmwareRuleWish => ({
  version, deviceType, deviceModel, imageUrl: sent.image_url, imageFile: sent.image_file, moreModels: sent.more_models, fromVersion: sent.from_version,
  toVersion: sent.to_version, percent: sent.percent, hours: sent.hours, weekdays: sent.weekdays,
});

/** Phones run it, or only a rule asks for it. */
const STATUS = { running: 1, wanted: 2 } as const;

export const firmwareRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/firmware_update_rules', operationId: 'ListFirmwareRules', summary: 'List firmware update rules', tag: TAG, access: 'firmware_rule:read',
    query: z.object({ site_id: line(64).optional().describe("That site's rules; missing: the account's."), ...pageQuery(100) }),
    answer: { status: 200, description: 'Rules, oldest first.', schema: z.object({ ...pageFields, rules: z.array(rule) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const siteId = query.site_id === undefined || query.site_id === '' ? null : asId<SiteId>(query.site_id);
      const found = await deps.stores.firmwareRules.page(actor.accountId, siteId, page.page);
      return json({ ...paging(found, query), rules: found.items.map(view) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/firmware_update_rules', operationId: 'AddFirmwareRule', summary: 'Add a firmware update rule', tag: TAG, access: 'firmware_rule:write',
    body: z.object({ ...fields, site_id: line(64).optional().describe('Missing or "": the whole account.') }),
    answer: { status: 201, description: 'The new rule.', schema: z.object({ rule_Id: z.string(), rule_id: z.string() }) },
    async handle({ deps, actor, body }) {
      const outcome = await addFirmwareRule(deps, actor, body.site_id || null, wanted(body), when(body.restart_type));
      return answer(outcome, ({ id }) => created({ rule_Id: id, rule_id: id }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/firmware_update_rules/{ruleId}', operationId: 'GetFirmwareRuleDetail', summary: 'Get a firmware update rule', tag: TAG, access: 'firmware_rule:read',
    answer: { status: 200, description: 'The rule.', schema: rule.extend({ update_log: z.string().describe('What the maker writes of the release: "" (not known here).') }) },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.firmwareRules.get(actor.accountId, asId<FirmwareRuleId>(params.ruleId));
      return found === null ? failed(fromRefusal(firmwareRuleNotFound(params.ruleId))) : json({ ...view(found), update_log: '' });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/firmware_update_rules/{ruleId}', operationId: 'UpdateFirmwareRule', summary: 'Change a firmware update rule', tag: TAG, access: 'firmware_rule:write',
    body: sentFields,
    answer: { status: 204, description: 'Changed.', schema: null },
    handle: async ({ deps, actor, params, body }) => answer(
      await updateFirmwareRule(deps, actor, params.ruleId, wanted(body), when(body.restart_type)), () => NO_CONTENT,
    ),
  }),
  route({
    method: 'DELETE', path: '/v2/phone/firmware_update_rules/{ruleId}', operationId: 'DeleteFirmwareUpdateRule', summary: 'Remove a firmware update rule', tag: TAG, access: 'firmware_rule:write',
    query: z.object({ restart_type: restartType }),
    answer: { status: 204, description: 'Removed; phones keep the firmware they have.', schema: null },
    handle: async ({ deps, actor, params, query }) => answer(await removeFirmwareRule(deps, actor, params.ruleId, when(query.restart_type)), () => NO_CONTENT),
  }),
  route({
    method: 'GET', path: '/v2/phone/firmwares', operationId: 'ListFirmwares', summary: 'List firmware versions that are known', tag: TAG, access: 'firmware_rule:read',
    query: z.object({
      is_update: z.boolean().default(true).describe('Only versions higher than the lowest that a phone of the model runs.'),
      site_id: line(64).optional().describe("Of one site's phones and rules."),
    }),
    answer: {
      status: 200, description: 'Versions that registered phones name, and those that rules ask for; makers\' own lists are not read.',
      schema: z.object({
        firmwares: z.array(z.object({
          device_type: z.string(), device_model: z.string(),
          versions: z.array(z.object({
            version: z.string(), update_log: z.string(), expire_time: z.string().describe('"" = none.'),
            status: z.int().describe('1: phones run it; 2: only a rule asks for it.'), phones: z.int().describe('Registered phones that run it.'),
          })),
        })),
      }),
    },
    async handle({ deps, actor, query }) {
      const siteId = query.site_id === undefined || query.site_id === '' ? null : asId<SiteId>(query.site_id);
      const found = await knownFirmwares(deps, actor, { siteId, updatesOnly: query.is_update });
      return json({
        firmwares: found.map(({ type, model, versions }) => ({
          device_type: type, device_model: model,
          versions: versions.map(({ version, phones }) => ({
            version, update_log: '', expire_time: '', status: phones > 0 ? STATUS.running : STATUS.wanted, phones,
          })),
        })),
      });
    },
  }),
];
