import { z } from 'zod';
import type { CallParty } from '../../domain/calls/call-event.js';
import type { CallHistoryEntry, PartyAbout } from '../../domain/calls/call-history.js';
import type { CallSide } from '../../domain/calls/call-side.js';
import { asId, type CallRecordId, type SiteId } from '../../domain/ids.js';
import { GOOD_MOS, NO_MEDIA_END, type CallQuality, type MediaEnd } from '../../domain/quality/call-quality.js';
import type { StreamDirection, StreamReport } from '../../domain/quality/stream-report.js';
import type { CallRecordFilter } from '../../ports/record-stores.js';
import { callNotFound } from '../../usecases/admin/call-records.js';
import type { Actor } from '../../usecases/change.js';
import { done, type Outcome } from '../../usecases/outcome.js';
import { answer, failed, json } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage, type PageParameters } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, apiTime, readSpan } from '../times.js';
import { HISTORY_DAYS, span } from './call-query.js';
import { directionFor, wholeSeconds } from './call-view.js';

const TAG = 'Dashboard';
const text = z.string();

const end = {
  codec: text.describe('As agreed when the call was answered; "" = not known.'), device_private_ip: text.describe('As the phone names itself in its Contact.'),
  device_public_ip: text.describe('Where its SIP came from.'), device_type: text, extension_number: text, headset: text, isp: text, microphone: text, phone_number: text, site_id: text,
};
const detailedEnd = { ...end, id: text, extension_type: text, display_name: text };
const common = { call_id: text.describe('The id of the call history.'), date_time: text, direction: text, duration: z.int(), mos: text.describe('Of the side that heard worse; "" = nobody measured.') };
const item = z.object({ ...common, caller: z.object(end), callee: z.object(end) });
const list = z.object({ ...pageFields, from: text, to: text, call_logs: z.array(item) });

const qos = z.object({
  date_time: text,
  qos: z.object({
    avg_loss: text, bitrate: text, jitter: text, max_loss: text.describe('Of the worst part of the time.'), mos: text, network_delay: text.describe('There and back.'),
  }),
  source: text.describe('Ours: who measured. phone: a report of the phone; bye: a header of its BYE; rtcp: its reports on their way; relay, rtpengine: what carried the sound.'),
  span: text.describe('Ours: interval, or session for all of the call.'),
});
const sideQos = z.object({ device_private_ip: text, device_public_ip: text, receiving: z.array(qos), sending: z.array(qos) });

const quality = z.enum(['all', 'good', 'bad']).default('all').describe(`good: a MOS of ${GOOD_MOS} or more. Calls that nobody measured are neither.`);
const metricsQuery = z.object({ ...span, site_id: line(64).optional(), quality_type: quality, ...pageQuery(100) });
const pastQuery = metricsQuery.extend({
  phone_number: line(32).optional().describe('Of either side, or a part of it.'), extension_number: line(32).optional().describe('Of either side, or a part of it.'),
  department: line(100).optional(), cost_center: line(100).optional(),
  directions: z.array(z.enum(['inbound', 'outbound', 'internal'])).optional(),
});

type Common = Pick<z.output<typeof metricsQuery>, 'from' | 'to' | 'site_id' | 'quality_type'> & PageParameters;

const mosText = (mos: number | null | undefined): string => (mos === null || mos === undefined ? '' : mos.toFixed(2));

function endView(party: CallParty, about: PartyAbout, { codec, publicIp, privateIp }: MediaEnd) {
  return {
    codec, device_private_ip: privateIp, device_public_ip: publicIp, device_type: about.deviceType, extension_number: party.extensionNumber,
    headset: '', isp: '', microphone: '', phone_number: party.number, site_id: party.siteId ?? '',
  };
}

function detailedEndView(party: CallParty, about: PartyAbout, ends: MediaEnd) {
  const type = party.extensionNumber === '' ? '' : party.userId === null ? 'common_area' : 'user';
  return { ...endView(party, about, ends), id: party.userId ?? party.extensionId ?? '', extension_type: type, display_name: party.name };
}

function commonView(record: CallHistoryEntry, sound: CallQuality | undefined) {
  return {
    call_id: record.id, date_time: apiTime(record.startedAt), direction: directionFor(record, null),
    duration: wholeSeconds(record.answeredAt, record.endedAt), mos: mosText(sound?.mos),
  };
}

const endOf = (sound: CallQuality | undefined, side: CallSide): MediaEnd => sound?.ends[side] ?? NO_MEDIA_END;

async function listMetrics({ stores, clock }: HttpDeps, actor: Actor, query: Common, more: Partial<CallRecordFilter>) {
  const page = readPage(query);
  if (page.kind === 'refused') return page;
  const at = readSpan(query, clock.now(), HISTORY_DAYS);
  if (at.kind === 'refused') return at;
  const found = await stores.callRecords.page(actor.accountId, {
    from: at.from, to: at.to, ...more,
    ...given({ siteIds: query.site_id === undefined ? undefined : [asId<SiteId>(query.site_id)], quality: query.quality_type === 'all' ? undefined : query.quality_type }),
  }, page.page);
  const sounds = await stores.callQuality.ofCalls(actor.accountId, found.items.map(({ id }) => id));
  return done({
    ...paging(found, query), from: apiDate(at.from), to: apiDate(at.to),
    call_logs: found.items.map((record) => {
      const sound = sounds.get(record.id);
      return {
        ...commonView(record, sound), caller: endView(record.caller, record.callerAbout, endOf(sound, 'caller')),
        callee: endView(record.callee, record.calleeAbout, endOf(sound, 'callee')),
      };
    }),
  });
}

async function findMetrics({ stores }: HttpDeps, actor: Actor, callId: string): Promise<Outcome<{ readonly record: CallHistoryEntry; readonly sound: CallQuality | undefined }>> {
  const id = asId<CallRecordId>(callId);
  const record = await stores.callRecords.get(actor.accountId, id);
  return record === null ? callNotFound(callId) : done({ record, sound: (await stores.callQuality.ofCalls(actor.accountId, [id])).get(id) });
}

function qosView(reports: readonly StreamReport[], side: CallSide, { publicIp, privateIp }: MediaEnd) {
  const of = (direction: StreamDirection) => reports.filter((report) => report.side === side && report.direction === direction).map((report) => ({
    date_time: apiTime(report.at),
    qos: {
      avg_loss: withUnit(report.lossPercent, '%'), bitrate: withUnit(report.bitrateKbps, ' kbps'), jitter: withUnit(report.jitterMs, ' ms'),
      max_loss: withUnit(report.maxLossPercent, '%'), mos: mosText(report.mos), network_delay: withUnit(report.roundTripMs, ' ms'),
    },
    source: report.source, span: report.span,
  }));
  return { device_private_ip: privateIp, device_public_ip: publicIp, receiving: of('receiving'), sending: of('sending') };
}

function withUnit(value: number | null, unit: string): string {
  return value === null ? '' : `${value}${unit}`;
}

export const callMetricRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/metrics/call_logs', operationId: 'listCallLogsMetrics', summary: 'List how calls sounded', tag: TAG,
    access: 'call_history:read', load: 'heavy', query: metricsQuery,
    answer: { status: 200, description: 'Calls, newest first.', schema: list },
    async handle({ deps, actor, query }) {
      return answer(await listMetrics(deps, actor, query, {}), json);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/metrics/call_logs/{call_id}', operationId: 'getCallLogMetricsDetails', summary: 'Get how a call sounded', tag: TAG,
    access: 'call_history:read',
    answer: { status: 200, description: 'The call, its ends and its MOS.', schema: z.object({ ...common, caller: z.object(detailedEnd), callee: z.object(detailedEnd) }) },
    async handle({ deps, actor, params }) {
      return answer(await findMetrics(deps, actor, params.call_id), ({ record, sound }) => json({
        ...commonView(record, sound), caller: detailedEndView(record.caller, record.callerAbout, endOf(sound, 'caller')),
        callee: detailedEndView(record.callee, record.calleeAbout, endOf(sound, 'callee')),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/metrics/call_logs/{callId}/qos', operationId: 'getCallQoS', summary: 'List what was measured of a call', tag: TAG,
    access: 'call_history:read',
    answer: {
      status: 200, description: 'Every measurement of both sides, in the order in which they were told; "" for what was not measured.',
      schema: z.object({ call_id: text, caller_qos: sideQos, callee_qos: sideQos }),
    },
    async handle({ deps, actor, params }) {
      const found = await findMetrics(deps, actor, params.callId);
      if (found.kind === 'refused') return failed(fromRefusal(found));
      const { record, sound } = found.value;
      const reports = await deps.stores.callQuality.reports(actor.accountId, record.id);
      return json({
        call_id: record.id, caller_qos: qosView(reports, 'caller', endOf(sound, 'caller')), callee_qos: qosView(reports, 'callee', endOf(sound, 'callee')),
      });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/metrics/past_calls', operationId: 'listPastCallMetrics', summary: 'List how past calls sounded', tag: TAG,
    access: 'call_history:read', load: 'heavy', query: pastQuery,
    answer: { status: 200, description: 'Calls, newest first.', schema: list },
    async handle({ deps, actor, query }) {
      const number = query.phone_number ?? query.extension_number;
      const more = given({ number, department: query.department, costCenter: query.cost_center, directions: query.directions });
      return answer(await listMetrics(deps, actor, query, more), json);
    },
  }),
];
