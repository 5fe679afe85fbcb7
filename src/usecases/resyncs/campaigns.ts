import { asId, type AccountId, type ResyncCampaignId } from '../../domain/ids.js';
import { campaignStep, type CampaignPlan, type CampaignState, type ResyncCampaign } from '../../domain/device/resync-campaign.js';
import type { CampaignPhoneState } from '../../domain/device/resync-campaign-phone.js';
import type { Page, PageRequest, Stores } from '../../ports/admin-stores.js';
import type { CampaignCounts, CampaignPhoneView } from '../../ports/resync-stores.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { beginCampaign } from './begin-campaign.js';
import { resolveScope, type WantedScope } from './resolve-scope.js';
import { followPhones } from './run-campaigns.js';

export interface WantedCampaign {
  readonly scope: WantedScope;
  readonly onlyPending: boolean;
  readonly restart: boolean;
  readonly plan: CampaignPlan;
}

/** A campaign and how far it is. */
export interface CampaignView {
  readonly campaign: ResyncCampaign;
  readonly counts: CampaignCounts;
}

export interface CampaignDetail extends CampaignView {
  readonly phones: Page<CampaignPhoneView>;
}

interface ReadDeps {
  readonly stores: Pick<Stores, 'resyncCampaigns'>;
}

/** Begins a campaign by hand; its first batch is asked at once. */
export async function startCampaign(deps: ChangeDeps & ReadDeps, actor: Actor, wanted: WantedCampaign): Promise<Outcome<CampaignView>> {
  const begun = await change(deps, actor, async (draft) => {
    const scope = await resolveScope(draft.stores, draft.accountId, wanted.scope);
    return 'why' in scope ? scope : beginCampaign(draft, { ...wanted, ...scope, origin: 'by-hand' });
  });
  return begun.kind === 'refused' ? begun : done(await withCounts(deps, begun.value));
}

/** Newest first; of one state where it is named. */
export async function listCampaigns({ stores }: ReadDeps, accountId: AccountId, state: CampaignState | null, page: PageRequest): Promise<Page<CampaignView>> {
  const found = await stores.resyncCampaigns.page(accountId, state, page);
  const counts = await stores.resyncCampaigns.counts(found.items.map(({ id }) => id));
  return { ...found, items: found.items.map((campaign) => ({ campaign, counts: counts.get(campaign.id) ?? new Map() })) };
}

export async function readCampaign(
  deps: ReadDeps, accountId: AccountId, id: string, state: CampaignPhoneState | null, page: PageRequest,
): Promise<Outcome<CampaignDetail>> {
  const campaign = await deps.stores.resyncCampaigns.get(accountId, asId<ResyncCampaignId>(id));
  if (campaign === null) return campaignNotFound(id);
  return done({ ...await withCounts(deps, campaign), phones: await deps.stores.resyncCampaigns.phones(campaign.id, state, page) });
}

/** Nothing of it is sent any more that is not on its way; phones that were told keep what they read. One that has ended stays as it is. */
export async function cancelCampaign(deps: ChangeDeps & ReadDeps, actor: Actor, id: string): Promise<Outcome<CampaignView>> {
  const cancelled = await change<ResyncCampaign>(deps, actor, async (draft) => {
    const { resyncCampaigns } = draft.stores;
    const before = await resyncCampaigns.get(draft.accountId, asId<ResyncCampaignId>(id));
    if (before === null) return campaignNotFound(id);
    const { campaign, effects } = campaignStep(before, { kind: 'cancel' }, draft.at);
    if (!effects.includes('withdraw')) return done(campaign);
    // What phones did until now is told of them, not that they were cancelled.
    await followPhones(draft.stores, before);
    if (!await resyncCampaigns.settle(before, campaign, draft.at)) return refused('conflict', 'resyncId', 'Its next batch begins at this moment. Try again.', id);
    await resyncCampaigns.withdraw(campaign.id, draft.at);
    draft.audit({ aggregate: 'account', id: draft.accountId, action: 'cancel-resyncs', about: { campaign: campaign.id } });
    return done(campaign);
  });
  return cancelled.kind === 'refused' ? cancelled : done(await withCounts(deps, cancelled.value));
}

const campaignNotFound = (id: string): Refused => refused('not-found', 'resyncId', 'There is no campaign of re-syncs with this id. GET /v2/cordboard/resyncs lists them.', id);

async function withCounts({ stores }: ReadDeps, campaign: ResyncCampaign): Promise<CampaignView> {
  return { campaign, counts: (await stores.resyncCampaigns.counts([campaign.id])).get(campaign.id) ?? new Map() };
}
