import { asId, type ResyncCampaignId } from '../../domain/ids.js';
import type { FirmwareRule } from '../../domain/device/firmware-rules.js';
import { batchSizeOf, campaignStep, USUAL_PLAN, type CampaignOrigin, type CampaignPlan, type ResyncCampaign } from '../../domain/device/resync-campaign.js';
import { selectionOf, type ResyncScope } from '../../domain/device/resync-scope.js';
import { isInShare } from '../../domain/provisioning/firmware-target.js';
import type { Draft } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

export interface CampaignWish {
  readonly origin: CampaignOrigin;
  readonly scope: ResyncScope;
  readonly onlyPending: boolean;
  readonly restart: boolean;
  readonly plan: CampaignPlan;
  /** Of a firmware rule: phones outside its share are left out; null = all. */
  readonly share: Pick<FirmwareRule, 'deviceType' | 'version' | 'percent'> | null;
}

/** Campaigns of an account that may run at once. */
export const RUNNING_CAMPAIGNS = 100;
/** From one look at a campaign to the next. */
export const LOOK_MS = 2_000;

/** Begins a campaign inside a larger change: its phones are chosen and counted now, and its first batch is asked. */
export async function beginCampaign(draft: Draft, { origin, scope, onlyPending, restart, plan, share }: CampaignWish): Promise<Outcome<ResyncCampaign>> {
  const { resyncCampaigns } = draft.stores;
  if (await resyncCampaigns.running(draft.accountId) >= RUNNING_CAMPAIGNS) {
    return refused('conflict', 'scope', `${RUNNING_CAMPAIGNS} campaigns run already. Wait, or cancel one: GET /v2/cordboard/resyncs?state=running lists them.`);
  }
  const empty: ResyncCampaign = {
    id: asId<ResyncCampaignId>(draft.newId()), accountId: draft.accountId, origin, scope, onlyPending, restart, batchSize: 1, pauseMs: plan.pauseMs, giveUpMs: plan.giveUpMs,
    state: 'running', batches: 0, nextBatchAt: draft.at, deadlineAt: null, startedAt: draft.at, startedBy: draft.actor, endedAt: null,
  };
  await resyncCampaigns.insert(empty);
  await resyncCampaigns.addPhones(empty, selectionOf(scope));
  if (share !== null && share.percent < 100) {
    const outside = (await resyncCampaigns.waiting(empty.id)).filter((deviceId) => !isInShare(share, deviceId));
    await resyncCampaigns.skip(empty.id, outside, 'outside-share');
  }
  const { waiting } = await resyncCampaigns.left(empty.id);
  const whole = { ...empty, batchSize: batchSizeOf(plan, waiting) };
  const { campaign, effects } = campaignStep(whole, { kind: 'looked', waiting, open: 0 }, draft.at);
  const begun = effects.includes('begin-batch')
    ? campaignStep(campaign, { kind: 'batch-begun', left: await resyncCampaigns.beginBatch(campaign, draft.at) }, draft.at).campaign : campaign;
  await resyncCampaigns.settle(empty, begun, draft.at + LOOK_MS);
  draft.audit({ aggregate: 'account', id: draft.accountId, action: 'begin-resyncs', about: { campaign: begun.id, origin, scope, phones: waiting, batch: begun.batchSize } });
  return done(begun);
}

/** `now`: the phones that a change makes pending are asked to read their configuration again, after their calls; `later`: they look daily. */
export type WhenToAsk = 'now' | 'later';

/** Asks the phones of a scope that are pending once the draft is done, in a campaign of its own. */
export function askConcerned(draft: Draft, when: WhenToAsk, { origin, scope, share }: Pick<CampaignWish, 'origin' | 'scope' | 'share'>): void {
  if (when === 'later') return;
  draft.afterwards(async () => {
    const begun = await beginCampaign(draft, { origin, scope, share, onlyPending: true, restart: false, plan: USUAL_PLAN });
    return begun.kind === 'refused' ? begun : null;
  });
}
