import { z } from 'zod';
import { CAMPAIGN_ORIGINS, CAMPAIGN_STATES } from '../../domain/device/resync-campaign.js';
import { CAMPAIGN_PHONE_REASONS, CAMPAIGN_PHONE_STATES } from '../../domain/device/resync-campaign-phone.js';
import type { CampaignPhoneView } from '../../ports/resync-stores.js';
import { cancelCampaign, listCampaigns, readCampaign, startCampaign, type CampaignView } from '../../usecases/resyncs/campaigns.js';
import { answer, created, failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';
import { scopeView, shownScope, toWanted, wantedCampaign } from './resync-scope.js';

const TAG = 'Re-sync of phones';
const MINUTE_MS = 60_000;

const reason = z.object({ code: z.string(), text: z.string().describe('What is the matter, and what to do.') });

const campaign = z.object({
  id: z.string(), origin: z.enum(CAMPAIGN_ORIGINS).describe('sync: POST /v2/phone/devices/sync; firmware-rule: a rule that asks phones at once.'),
  scope: shownScope, only_pending: z.boolean(), restart: z.boolean(),
  state: z.enum(CAMPAIGN_STATES),
  batch_size: z.int(), pause_seconds: z.int(), give_up_minutes: z.int(),
  batches_begun: z.int(), batches: z.int().describe('All of them, as far as can be told now.'),
  next_batch_at: z.string().describe('"" = the last one has begun.'), deadline_at: z.string().describe('When it ends whoever is missing; "" while batches are left.'),
  started_at: z.string(), started_by: z.string(), ended_at: z.string(),
  counts: z.object({
    phones: z.int().describe('All, the skipped ones included.'),
    waiting: z.int().describe('Their batch has not begun.'), asked: z.int().describe('Their NOTIFY is due or on its way.'), unreachable: z.int().describe('Not registered.'),
    told: z.int().describe('They took the NOTIFY, and have not fetched yet.'), unanswered: z.int(), refused: z.int(),
    delivered: z.int().describe('They have fetched what they should have.'), skipped: z.int(), cancelled: z.int(),
  }),
});

const phone = z.object({
  device_id: z.string(), display_name: z.string(), mac_address: z.string(), type: z.string(), model: z.string(),
  batch: z.int().describe('0 = not begun.'), state: z.enum(CAMPAIGN_PHONE_STATES), reason,
  asked_at: z.string(), told_at: z.string(), delivered_at: z.string(),
  last_status: z.int().nullable().describe('SIP status of its last answer; 408 = none came; null = it was not told anything yet.'),
});

function view({ campaign: found, counts }: CampaignView): z.output<typeof campaign> {
  const of = (state: (typeof CAMPAIGN_PHONE_STATES)[number]): number => counts.get(state) ?? 0;
  return {
    id: found.id, origin: found.origin, scope: scopeView(found.scope), only_pending: found.onlyPending, restart: found.restart, state: found.state,
    batch_size: found.batchSize, pause_seconds: Math.round(found.pauseMs / 1000), give_up_minutes: Math.round(found.giveUpMs / MINUTE_MS),
    batches_begun: found.batches, batches: found.batches + Math.ceil(of('waiting') / found.batchSize),
    next_batch_at: apiTime(found.nextBatchAt), deadline_at: apiTime(found.deadlineAt),
    started_at: apiTime(found.startedAt), started_by: found.startedBy, ended_at: apiTime(found.endedAt),
    counts: {
      phones: [...counts.values()].reduce((sum, phones) => sum + phones, 0), waiting: of('waiting'), asked: of('asked'), unreachable: of('unreachable'), told: of('told'),
      unanswered: of('unanswered'), refused: of('refused'), delivered: of('delivered'), skipped: of('skipped'), cancelled: of('cancelled'),
    },
  };
}

function phoneView({ phone: one, device }: CampaignPhoneView): z.output<typeof phone> {
  return {
    device_id: one.deviceId, display_name: device?.displayName ?? '', mac_address: device?.macAddress ?? '', type: device?.type ?? '', model: device?.model ?? '',
    batch: one.batch ?? 0, state: one.state, reason: { code: one.reason, text: CAMPAIGN_PHONE_REASONS[one.reason].replace('{deviceId}', one.deviceId) },
    asked_at: apiTime(one.askedAt), told_at: apiTime(one.toldAt), delivered_at: apiTime(one.deliveredAt), last_status: one.lastStatus,
  };
}

export const resyncRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/resyncs', operationId: 'startResyncs', summary: 'Ask many phones to read their configuration again, batch by batch', tag: TAG,
    access: 'device:write', body: wantedCampaign,
    answer: { status: 201, description: 'Begun: each phone is asked by NOTIFY at its newest registration, after its calls; only a fetch counts as delivered.', schema: campaign },
    handle: async ({ deps, actor, body }) => answer(await startCampaign(deps, actor, toWanted(body)), (begun) => created(view(begun))),
  }),
  route({
    method: 'GET', path: '/v2/cordboard/resyncs', operationId: 'listResyncs', summary: 'List campaigns of re-syncs', tag: TAG, access: 'device:read',
    query: z.object({ state: z.enum(CAMPAIGN_STATES).optional(), ...pageQuery(100) }),
    answer: { status: 200, description: 'Newest first.', schema: z.object({ ...pageFields, resyncs: z.array(campaign) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await listCampaigns(deps, actor.accountId, query.state ?? null, page.page);
      return json({ ...paging(found, query), resyncs: found.items.map(view) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/resyncs/{resyncId}', operationId: 'getResyncs', summary: 'How far a campaign of re-syncs is', tag: TAG, access: 'device:read',
    query: z.object({ state: z.enum(CAMPAIGN_PHONE_STATES).optional().describe('Phones in this state alone.'), ...pageQuery(300) }),
    answer: { status: 200, description: 'The campaign, and its phones in the order in which they are asked.', schema: campaign.extend({ ...pageFields, phones: z.array(phone) }) },
    async handle({ deps, actor, params, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      return answer(await readCampaign(deps, actor.accountId, params.resyncId, query.state ?? null, page.page),
        (found) => json({ ...view(found), ...paging(found.phones, query), phones: found.phones.items.map(phoneView) }));
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/resyncs/{resyncId}/cancel', operationId: 'cancelResyncs', summary: 'Cancel a campaign of re-syncs', tag: TAG,
    access: 'device:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'Nothing more is sent; what is on its way is not called back. One that has ended stays as it is.', schema: campaign },
    handle: async ({ deps, actor, params }) => answer(await cancelCampaign(deps, actor, params.resyncId), (found) => json(view(found))),
  }),
];
