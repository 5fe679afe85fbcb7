import { z } from 'zod';
import { PROVISIONING_STATES } from '../../domain/device/configuration-generation.js';
import { RESTART_EXPECTATIONS } from '../../domain/device/expected-restart.js';
import { PHONE_FAMILIES } from '../../domain/device/phone-families.js';
import { CAMPAIGN_PHONE_REASONS, type CampaignPhoneReason } from '../../domain/device/resync-campaign-phone.js';
import { FILE_CHANGES } from '../../usecases/provisioning/compare-files.js';
import { previewCampaign, type CampaignPreview, type PreviewedPhone } from '../../usecases/resyncs/preview-campaign.js';
import { answer, failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { fileDiff, fileDiffView } from './provisioning-diff.js';
import { toWanted, wantedCampaign } from './resync-scope.js';

/** Each phone's files are made as for the phone itself, so pages are short. */
const LONGEST_PAGE = 50;

const reason = z.object({ code: z.string(), text: z.string() });

const phone = z.object({
  device_id: z.string(), display_name: z.string(), mac_address: z.string(), type: z.string(), model: z.string(),
  family: z.string(), firmware: z.string().describe('As the phone names it; "" = it does not.'),
  skipped: reason.nullable().describe('Why it would be left out; null = it would be asked.'),
  provisioning_status: z.enum(PROVISIONING_STATES), enrolled: z.boolean().describe('It has fetched files from here.'),
  change: z.enum([...FILE_CHANGES, 'no-files']).describe('Of its files, if it fetched now; no-files: there are none for its model.'),
  added: z.int().describe('Lines.'), removed: z.int(),
  files: z.array(fileDiff).describe('With include_diff: those that differ.'),
  restart: z.object({ expected: z.enum(RESTART_EXPECTATIONS), text: z.string() }).describe('Whether it would restart for it.'),
  event: z.string().describe('Event of its NOTIFY; "" = none is known, so it would be skipped.'),
  needs: z.array(z.string()).describe('What must be set on the phone for the event to be obeyed; its files set it.'),
  in_call: z.boolean().describe('It would be asked after the call.'),
  registered: z.boolean(), contact: z.string().describe('Where the NOTIFY would go; "" = it is not registered, and would be asked as soon as it is.'),
});

const preview = z.object({
  ...pageFields,
  asked: z.int().describe('Phones that would be asked.'),
  skipped: z.array(reason.extend({ phones: z.int() })),
  batch_size: z.int(), batches: z.int(), last_batch_after_seconds: z.int(),
  phones: z.array(phone),
});

const reasonOf = (code: CampaignPhoneReason) => ({ code, text: CAMPAIGN_PHONE_REASONS[code] });

function phoneView(one: PreviewedPhone, withDiff: boolean): z.output<typeof phone> {
  const { device, selected, comparison, contact } = one;
  const files = comparison?.files ?? [];
  const sum = (count: 'added' | 'removed'): number => files.reduce((total, file) => total + file[count], 0);
  return {
    device_id: device.id, display_name: device.displayName, mac_address: device.macAddress, type: device.type, model: device.model,
    family: one.phone.family, firmware: one.phone.firmware ?? '', skipped: one.skipped === null ? null : reasonOf(one.skipped),
    provisioning_status: selected.provisioning, enrolled: selected.enrolled, change: comparison?.change ?? 'no-files', added: sum('added'), removed: sum('removed'),
    files: withDiff ? files.filter(({ change }) => change === 'changed' || change === 'unrenderable').map(fileDiffView) : [],
    restart: one.restart, event: one.event ?? '', needs: [...PHONE_FAMILIES[one.phone.family].phoneSettings],
    in_call: one.inCall, registered: contact !== null, contact: contact?.contactUri ?? '',
  };
}

function view({ asked, skipped, batchSize, batches, lastsMs, phones }: CampaignPreview, withDiff: boolean) {
  return {
    asked, skipped: [...skipped].map(([code, count]) => ({ ...reasonOf(code), phones: count })), batch_size: batchSize, batches,
    last_batch_after_seconds: Math.round(lastsMs / 1000), phones: phones.items.map((one) => phoneView(one, withDiff)),
  };
}

export const resyncPreviewRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/resyncs/preview', operationId: 'previewResyncs', summary: 'What a campaign of re-syncs would do', tag: 'Re-sync of phones',
    access: 'device:read', load: 'heavy', query: z.object(pageQuery(LONGEST_PAGE)),
    body: wantedCampaign.extend({ include_diff: z.boolean().default(false).describe('With the lines that differ of each phone on the page.') }),
    answer: { status: 200, description: 'Phone by phone, in the order of their ids; nobody is asked.', schema: preview },
    async handle({ deps, actor, query, body }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      return answer(await previewCampaign(deps, actor, toWanted(body), page.page),
        (found) => json({ ...paging(found.phones, query), ...view(found, body.include_diff) }));
    },
  }),
];
