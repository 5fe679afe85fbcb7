import { campaignPhoneStep } from '../../domain/device/resync-campaign-phone.js';
import { campaignStep, type ResyncCampaign } from '../../domain/device/resync-campaign.js';
import type { Stores, UnitOfWork } from '../../ports/admin-stores.js';
import type { Clock, Log } from '../../ports/runtime.js';
import { LOOK_MS } from './begin-campaign.js';

export interface RunCampaignsDeps {
  readonly stores: Pick<Stores, 'resyncCampaigns'>;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly log: Log;
}

/** A campaign whose process died is looked at by another node after this. */
const CLAIM_MS = 15_000;
const CAMPAIGNS_A_TICK = 20;
/** Phones followed in one statement. */
const NEWS = 500;
/** Statements of one look: what is left is seen at the next. */
const ROUNDS = 20;

/**
 * Looks at the campaigns whose time has come: notes what became of phones, begins the next batch, ends those that are over. To be called
 * about once a second on any node; each campaign is one node's at a time. Returns how many it looked at.
 */
export function createRunCampaigns(deps: RunCampaignsDeps): () => Promise<number> {
  const { stores, clock, log } = deps;
  return async () => {
    const at = clock.now();
    const claimed = await stores.resyncCampaigns.claim(at, at + CLAIM_MS, CAMPAIGNS_A_TICK);
    for (const campaign of claimed) {
      await followPhones(stores, campaign).then(() => step(deps, campaign))
        .catch((error: unknown) => log.warn('campaign of re-syncs waits longer', { campaign: campaign.id, err: error }));
    }
    return claimed.length;
  };
}

/** Notes what became of the phones that were asked. */
export async function followPhones({ resyncCampaigns }: Pick<Stores, 'resyncCampaigns'>, campaign: ResyncCampaign): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const news = await resyncCampaigns.news(campaign.id, NEWS);
    if (news.length > 0) await resyncCampaigns.setPhones(news.map(({ phone, facts }) => campaignPhoneStep(phone, facts)));
    if (news.length < NEWS) return;
  }
}

/** The next batch and the campaign's own step stand or fall together. */
async function step({ uow, clock, log }: RunCampaignsDeps, campaign: ResyncCampaign): Promise<void> {
  const at = clock.now();
  const after = await uow.run<ResyncCampaign | null>(async ({ resyncCampaigns }) => {
    const looked = campaignStep(campaign, { kind: 'looked', ...await resyncCampaigns.left(campaign.id) }, at);
    const next = looked.effects.includes('begin-batch')
      ? campaignStep(looked.campaign, { kind: 'batch-begun', left: await resyncCampaigns.beginBatch(looked.campaign, at) }, at).campaign : looked.campaign;
    return await resyncCampaigns.settle(campaign, next, at + LOOK_MS) ? { end: 'commit', value: next } : { end: 'rollback', value: null };
  });
  if (after === null) return;
  if (after.state === 'running') log.debug('campaign of re-syncs was looked at', { campaign: after.id, batches: after.batches });
  else log.info('campaign of re-syncs is over', { campaign: after.id, state: after.state });
}
