import { z } from 'zod';
import { PHONE_FAMILY_NAMES } from '../../domain/device/phone-families.js';
import { PLAN_LIMITS, USUAL_PLAN } from '../../domain/device/resync-campaign.js';
import type { ResyncScope } from '../../domain/device/resync-scope.js';
import type { WantedCampaign } from '../../usecases/resyncs/campaigns.js';
import { line, requiredLine } from '../schemas/fields.js';

const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
const LONGEST_LIST = 1000;

const scope = z.strictObject({
  account: z.literal(true).optional().describe('All phones of the account.'),
  device_ids: z.array(requiredLine(64)).min(1).max(LONGEST_LIST).optional(),
  site_id: requiredLine(64).optional(),
  provision_template_id: requiredLine(128).optional().describe('Phones that use it, whoever chose it; by id or name.'),
  family: z.enum(PHONE_FAMILY_NAMES).exclude(['other']).optional().describe('Phones of one make.'),
  model: line(50).optional().describe('With family: of one model of it.'),
  firmware_rule_id: requiredLine(64).optional().describe("Phones of the rule's model and place that are in its share."),
}).superRefine(({ model, ...places }, context) => {
  const named = Object.values(places).filter((value) => value !== undefined).length;
  if (named !== 1) context.addIssue({ code: 'custom', message: 'Give exactly one of account, device_ids, site_id, provision_template_id, family and firmware_rule_id.' });
  if (model !== undefined && places.family === undefined) context.addIssue({ code: 'custom', path: ['model'], message: 'A model is of a make: give family as well.' });
});

/** What campaigns and their previews are asked for with. */
export const wantedCampaign = z.strictObject({
  scope,
  only_pending: z.boolean().default(true).describe('Phones that have fetched what they should have are left out.'),
  restart: z.boolean().default(false).describe('The phones are to restart, by the event of their make.'),
  batch: z.strictObject({
    size: z.int().min(1).max(PLAN_LIMITS.phones).optional().describe('Phones.'), percent: z.int().min(1).max(100).optional().describe('Of the phones that are asked.'),
  }).refine(({ size, percent }) => size === undefined || percent === undefined, 'Give size or percent, not both.').default({ size: 100 }),
  pause_seconds: z.int().min(0).max(PLAN_LIMITS.pauseMinutes * 60).default(USUAL_PLAN.pauseMs / SECOND_MS).describe('From the begin of one batch to the next.'),
  give_up_minutes: z.int().min(PLAN_LIMITS.giveUpMinutes.least).max(PLAN_LIMITS.giveUpMinutes.most).default(USUAL_PLAN.giveUpMs / MINUTE_MS)
    .describe('How long the phones of the last batch are waited for; then it is over, whoever is missing.'),
});

export function toWanted(body: z.output<typeof wantedCampaign>): WantedCampaign {
  const { account, device_ids: deviceIds, site_id: siteId, provision_template_id: templateId, family, model, firmware_rule_id: firmwareRuleId } = body.scope;
  const { size, percent } = body.batch;
  return {
    scope: { account, deviceIds, siteId, templateId, family, model, firmwareRuleId }, onlyPending: body.only_pending, restart: body.restart,
    plan: {
      batch: percent === undefined ? { phones: size ?? 100 } : { percent }, pauseMs: body.pause_seconds * SECOND_MS, giveUpMs: body.give_up_minutes * MINUTE_MS,
    },
  };
}

/** A scope as it was asked for; what it does not name is missing. */
export const shownScope = z.object({
  kind: z.enum(['account', 'devices', 'site', 'template', 'family', 'firmware-rule']), device_ids: z.array(z.string()).optional(), site_id: z.string().optional(),
  provision_template_id: z.string().optional(), family: z.string().optional(), model: z.string().optional(), firmware_rule_id: z.string().optional(),
});

export function scopeView(found: ResyncScope): z.output<typeof shownScope> {
  switch (found.kind) {
    case 'account':
      return { kind: found.kind };
    case 'devices':
      return { kind: found.kind, device_ids: [...found.deviceIds] };
    case 'site':
      return { kind: found.kind, site_id: found.siteId };
    case 'template':
      return { kind: found.kind, provision_template_id: found.templateId };
    case 'family':
      return { kind: found.kind, family: found.family, model: found.model };
    case 'firmware-rule':
      return { kind: found.kind, firmware_rule_id: found.ruleId };
  }
}
