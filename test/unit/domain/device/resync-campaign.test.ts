import t from 'tap';
import {
  batchSizeOf, campaignStep, CAMPAIGN_STATES, USUAL_PLAN, type CampaignEffect, type CampaignEvent, type ResyncCampaign,
} from '../../../../src/domain/device/resync-campaign.js';
import {
  CAMPAIGN_PHONE_REASONS, campaignPhoneStep, isOpen, type CampaignPhone, type CampaignPhoneFacts,
} from '../../../../src/domain/device/resync-campaign-phone.js';
import { selectionOf } from '../../../../src/domain/device/resync-scope.js';
import { AT, aCampaign } from '../../../support/sample-account.js';

const base = aCampaign('account' as never, { pauseMs: 1000, giveUpMs: 5000 });

t.test('a campaign: each state and event', async (t) => {
  const last = { nextBatchAt: null, deadlineAt: AT + 5000, batches: 1 };
  const over = { state: 'finished', nextBatchAt: null, deadlineAt: null, endedAt: AT } as const;
  const rows: readonly (readonly [rule: string, before: Partial<ResyncCampaign>, event: CampaignEvent, after: Partial<ResyncCampaign>, effects?: readonly CampaignEffect[]])[] = [
    ['the first batch begins at once', {}, { kind: 'looked', waiting: 3, open: 0 }, {}, ['begin-batch']],
    ['the next one not before its pause is over', { nextBatchAt: AT + 1 }, { kind: 'looked', waiting: 3, open: 0 }, {}],
    ['but whatever became of the one before', { nextBatchAt: AT }, { kind: 'looked', waiting: 3, open: 2 }, {}, ['begin-batch']],
    ['a batch that leaves phones', {}, { kind: 'batch-begun', left: 1 }, { batches: 1, nextBatchAt: AT + 1000 }],
    ['the last batch: from now on it gives up', {}, { kind: 'batch-begun', left: 0 }, last],
    ['phones are waited for', last, { kind: 'looked', waiting: 0, open: 1 }, {}],
    ['until the deadline', { ...last, deadlineAt: AT }, { kind: 'looked', waiting: 0, open: 1 }, over],
    ['or until nobody is missing', last, { kind: 'looked', waiting: 0, open: 0 }, over],
    ['nobody to ask', {}, { kind: 'looked', waiting: 0, open: 0 }, over],
    ['those left came by themselves: the others are waited for', { nextBatchAt: AT + 9 }, { kind: 'looked', waiting: 0, open: 1 }, { nextBatchAt: null, deadlineAt: AT + 5000 }],
    ['cancelled', {}, { kind: 'cancel' }, { ...over, state: 'cancelled' }, ['withdraw']],
  ];
  for (const [rule, before, event, after, effects = []] of rows) {
    const campaign = { ...base, ...before };
    t.same(campaignStep(campaign, event, AT), { campaign: { ...campaign, ...after }, effects }, rule);
  }
  for (const state of CAMPAIGN_STATES.filter((one) => one !== 'running')) {
    for (const event of [{ kind: 'looked', waiting: 1, open: 1 }, { kind: 'batch-begun', left: 1 }, { kind: 'cancel' }] as const) {
      const ended = { ...base, state, endedAt: AT - 1 };
      t.same(campaignStep(ended, event, AT), { campaign: ended, effects: [] }, `${state} stays at ${event.kind}`);
    }
  }
});

t.test('size of a batch', async (t) => {
  for (const [batch, phones, size] of [[{ phones: 7 }, 100, 7], [{ percent: 10 }, 101, 11], [{ percent: 1 }, 3, 1], [{ percent: 100 }, 3, 3], [{ percent: 50 }, 0, 1]] as const) {
    t.equal(batchSizeOf({ ...USUAL_PLAN, batch }, phones), size, JSON.stringify(batch));
  }
});

t.test('a phone of a campaign', async (t) => {
  const phone: CampaignPhone = {
    campaignId: base.id, deviceId: 'd' as never, position: 1, batch: 1, state: 'asked', reason: 'due', enrolled: true, wantedGeneration: 4, askedAt: AT,
    toldAt: null, deliveredAt: null, lastStatus: null, seenAt: null,
  };
  const nothing: CampaignPhoneFacts = { there: true, resync: null, configuration: null };
  const wish = (state: 'pending' | 'sent' | 'confirmed' | 'failed' | 'not-needed', more: object = {}): CampaignPhoneFacts =>
    ({ ...nothing, resync: { state, waitsFor: null, lastStatus: null, at: AT + 7, ...more } });
  const fetched = (deliveredGeneration: number, deliveredAt: number, from = wish('confirmed')): CampaignPhoneFacts =>
    ({ ...from, configuration: { deliveredGeneration, deliveredAt, requestedGeneration: 0, requestedAt: null } });
  const requested = (requestedGeneration: number): CampaignPhoneFacts =>
    ({ ...wish('pending'), configuration: { deliveredGeneration: 0, deliveredAt: null, requestedGeneration, requestedAt: AT + 3 } });
  const rows: readonly (readonly [rule: string, before: Partial<CampaignPhone>, facts: CampaignPhoneFacts, state: CampaignPhone['state'], reason: CampaignPhone['reason'], more?: Partial<CampaignPhone>])[] = [
    ['due', {}, wish('pending'), 'asked', 'due'],
    ['in a call', {}, wish('pending', { waitsFor: 'call-end' }), 'asked', 'in-call'],
    ['between tries', {}, wish('pending', { waitsFor: 'retry', lastStatus: 503 }), 'asked', 'retrying', { lastStatus: 503 }],
    ['not registered', {}, wish('pending', { waitsFor: 'registration' }), 'unreachable', 'not-registered'],
    ['registered again', { state: 'unreachable' }, wish('pending'), 'asked', 'due'],
    ['on its way', {}, wish('sent'), 'asked', 'on-its-way'],
    ['took it', {}, wish('confirmed', { lastStatus: 200 }), 'told', 'not-fetched', { toldAt: AT + 7, lastStatus: 200 }],
    ['took it and reads nothing from here', { enrolled: false }, wish('confirmed'), 'told', 'not-enrolled', { toldAt: AT + 7 }],
    ['no answer', {}, wish('failed', { lastStatus: 408 }), 'unanswered', 'no-answer', { lastStatus: 408 }],
    ['refused', {}, wish('failed', { lastStatus: 489 }), 'refused', 'refused-notify', { lastStatus: 489 }],
    ['nothing known of its make', {}, wish('not-needed'), 'skipped', 'no-event'],
    ['removed', {}, { ...wish('pending'), there: false }, 'skipped', 'removed'],
    ['fetched', { state: 'told' }, fetched(4, AT), 'delivered', 'fetched', { deliveredAt: AT }],
    ['fetched more', {}, fetched(5, AT + 1), 'delivered', 'fetched', { deliveredAt: AT + 1 }],
    ['fetched without an answer', { state: 'unanswered' }, fetched(4, AT, wish('failed')), 'delivered', 'fetched', { deliveredAt: AT }],
    ['fetched before it was asked', {}, fetched(4, AT - 1), 'told', 'not-fetched', { toldAt: AT + 7 }],
    ['fetched too little', {}, fetched(3, AT + 1), 'told', 'not-fetched', { toldAt: AT + 7 }],
    ['a later wish of another does not untell it', { state: 'told', reason: 'not-fetched', toldAt: AT + 1 }, wish('pending'), 'told', 'not-fetched', { toldAt: AT + 1 }],
    ['took it, and a later wish came at once', {}, requested(4), 'told', 'not-fetched', { toldAt: AT + 3 }],
    ['took one of before', {}, requested(3), 'asked', 'due'],
    ['no news', {}, nothing, 'asked', 'due', { seenAt: null }],
  ];
  for (const [rule, before, facts, state, reason, more = {}] of rows) {
    t.same(campaignPhoneStep({ ...phone, ...before }, facts), { ...phone, ...before, state, reason, seenAt: rule === 'removed' ? null : AT + 7, ...more }, rule);
  }
  for (const state of ['waiting', 'delivered', 'skipped', 'cancelled'] as const) {
    t.same(campaignPhoneStep({ ...phone, state }, fetched(9, AT + 9)), { ...phone, state }, `${state} stays`);
  }
  t.notOk(isOpen({ state: 'told', enrolled: false }), 'nobody sees what a phone does that reads nothing of ours');
  for (const [reason, text] of Object.entries(CAMPAIGN_PHONE_REASONS)) t.match(text, /^[A-Z].*\.$|\.$/, reason);
});

t.test('phones of a make are found by all its words', async (t) => {
  t.same(selectionOf({ kind: 'family', family: 'poly', model: '' }), { kind: 'types', types: ['poly', 'polycom', 'hp poly'], models: null, siteId: null });
  t.same(selectionOf({ kind: 'family', family: 'cisco-mpp', model: '8841' }), { kind: 'types', types: ['cisco'], models: ['8841'], siteId: null });
  t.same(selectionOf({ kind: 'family', family: 'other', model: '' }), { kind: 'types', types: [], models: null, siteId: null });
});
