import type { AccountId, ResyncCampaignId } from '../ids.js';
import type { ResyncScope } from './resync-scope.js';

/** `running` asks phones or waits for them; the others are ends. */
export type CampaignState = 'running' | 'finished' | 'cancelled';
export const CAMPAIGN_STATES: readonly CampaignState[] = ['running', 'finished', 'cancelled'];

/** What began it. */
export type CampaignOrigin = 'by-hand' | 'sync' | 'firmware-rule' | 'settings' | 'template';
export const CAMPAIGN_ORIGINS: readonly CampaignOrigin[] = ['by-hand', 'sync', 'firmware-rule', 'settings', 'template'];

/** Many phones are asked to read their configuration again, batch by batch. Instants are epoch ms. */
export interface ResyncCampaign {
  readonly id: ResyncCampaignId;
  readonly accountId: AccountId;
  readonly origin: CampaignOrigin;
  readonly scope: ResyncScope;
  /** Phones that have fetched what they should have are left out. */
  readonly onlyPending: boolean;
  /** The phones are to restart, not only to read their configuration. */
  readonly restart: boolean;
  /** Phones of one batch. */
  readonly batchSize: number;
  /** From the begin of one batch to the next. */
  readonly pauseMs: number;
  /** How long the phones of the last batch are waited for. */
  readonly giveUpMs: number;
  readonly state: CampaignState;
  /** Batches begun. */
  readonly batches: number;
  /** Null when the last one has begun, or none will. */
  readonly nextBatchAt: number | null;
  /** When it ends whoever is missing; null while batches are left. */
  readonly deadlineAt: number | null;
  readonly startedAt: number;
  /** Who asked for it, as the audit log names them. */
  readonly startedBy: string;
  readonly endedAt: number | null;
}

/** How phones are asked; times in ms. */
export interface CampaignPlan {
  readonly batch: { readonly phones: number } | { readonly percent: number };
  readonly pauseMs: number;
  readonly giveUpMs: number;
}

/** Where nobody says anything: offices in one go, larger ones a hundred phones a minute, and phones look daily by themselves. */
export const USUAL_PLAN: CampaignPlan = { batch: { phones: 100 }, pauseMs: 60_000, giveUpMs: 86_400_000 };
/** Limits of a plan: batches of phones, minutes of a pause, minutes of waiting. */
export const PLAN_LIMITS = { phones: 10_000, pauseMinutes: 1440, giveUpMinutes: { least: 1, most: 20_160 } } as const;

/** Phones in a batch, at least one. */
export function batchSizeOf({ batch }: CampaignPlan, phones: number): number {
  return Math.max(1, 'phones' in batch ? batch.phones : Math.ceil((phones * batch.percent) / 100));
}

export type CampaignEvent =
  /** Somebody looked: phones whose batch has not begun, and those that are waited for. */
  | { readonly kind: 'looked'; readonly waiting: number; readonly open: number }
  /** A batch has begun, and so many phones are left. */
  | { readonly kind: 'batch-begun'; readonly left: number }
  | { readonly kind: 'cancel' };

/** `begin-batch`: ask the next phones, then `batch-begun`; `withdraw`: what is not on its way yet is not sent. */
export type CampaignEffect = 'begin-batch' | 'withdraw';

export interface CampaignStep {
  readonly campaign: ResyncCampaign;
  readonly effects: readonly CampaignEffect[];
}

const STEPS: Readonly<Record<CampaignState, (campaign: ResyncCampaign, event: CampaignEvent, at: number) => CampaignStep>> = {
  running: (campaign, event, at) => {
    switch (event.kind) {
      case 'looked':
        if (event.waiting > 0) return { campaign, effects: (campaign.nextBatchAt ?? at) <= at ? ['begin-batch'] : [] };
        if (event.open === 0 || (campaign.deadlineAt !== null && campaign.deadlineAt <= at)) return same(ended(campaign, 'finished', at));
        // All whose batch had not begun are gone, or came by themselves.
        return same(campaign.deadlineAt === null ? { ...campaign, nextBatchAt: null, deadlineAt: at + campaign.giveUpMs } : campaign);
      case 'batch-begun':
        return same({
          ...campaign, batches: campaign.batches + 1, nextBatchAt: event.left > 0 ? at + campaign.pauseMs : null, deadlineAt: event.left > 0 ? null : at + campaign.giveUpMs,
        });
      case 'cancel':
        return { campaign: ended(campaign, 'cancelled', at), effects: ['withdraw'] };
    }
  },
  finished: same,
  cancelled: same,
};

/** One step of a campaign at an instant; one that has ended stays as it is. */
export function campaignStep(campaign: ResyncCampaign, event: CampaignEvent, at: number): CampaignStep {
  return STEPS[campaign.state](campaign, event, at);
}

function same(campaign: ResyncCampaign): CampaignStep {
  return { campaign, effects: [] };
}

function ended(campaign: ResyncCampaign, state: CampaignState, at: number): ResyncCampaign {
  return { ...campaign, state, nextBatchAt: null, deadlineAt: null, endedAt: at };
}
