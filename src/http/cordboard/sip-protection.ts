import { isIP } from 'node:net';
import { z } from 'zod';
import type { BannedSource, SipProtection } from '../../ports/call-control.js';
import { banSource, liftBan, listBannedSources, readProtection } from '../../usecases/admin/banned-sources.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'SIP protection';
const LONGEST_BAN_S = 31_536_000;
const DRACHTIO = 'With a drachtio-server 409: it protects itself by its own configuration.';

const protection = z.object({
  level: z.enum(['normal', 'refuse-new', 'refreshes-only'])
    .describe('refuse-new turns new registrations and calls away in part; refreshes-only all but refreshes. Emergency calls and dialogs go on.'),
  refused_share: z.number().describe('0 to 1, of new work.'),
  event_loop_delay_ms: z.number().describe('90th percentile over a quarter of a second.'),
  application_answer_ms: z.number(), application_pending: z.int(),
  live_sources: z.int().describe('Addresses with a live registration.'), banned_sources: z.int(),
  limits: z.object({
    source_messages_per_second: z.int(), user_requests_per_second: z.int(), unknown_users: z.int(), unknown_user_window_seconds: z.int(),
    ban_seconds: z.int(), longest_ban_seconds: z.int(), event_loop_delay_ms: z.int(), application_answer_ms: z.int(),
    application_pending: z.int(),
  }),
  trusted_sources: z.array(z.string()).describe('The setting TRUSTED_SOURCES; changed there, not here.'),
  emergency_numbers: z.array(z.string()).describe('Never shed: those of the countries of all sites.'),
  counters: z.record(z.string(), z.int()).describe('Since the start.'),
});

const bannedSource = z.object({
  address: z.string(), reason: z.enum(['flood', 'unknown-users', 'by-hand']), banned_at: z.string(), expires_at: z.string(),
  expires_in: z.int(), times: z.int().describe('How many in a row: each lasts twice as long as the one before.'),
});

function protectionView(report: SipProtection) {
  const { load, limits } = report;
  return {
    level: report.level, refused_share: Math.round(report.refusedShare * 100) / 100,
    event_loop_delay_ms: Math.round(load.loopDelayMs * 10) / 10, application_answer_ms: Math.round(load.answerMs), application_pending: load.pending,
    live_sources: report.liveSources, banned_sources: report.bannedSources,
    limits: {
      source_messages_per_second: limits.sourceMessagesPerSecond, user_requests_per_second: limits.userRequestsPerSecond,
      unknown_users: limits.unknownUsers, unknown_user_window_seconds: limits.unknownUserWindowMs / 1000,
      ban_seconds: limits.banSeconds, longest_ban_seconds: limits.longestBanSeconds, event_loop_delay_ms: limits.loopDelayMs,
      application_answer_ms: limits.answerMs, application_pending: limits.pendingRequests,
    },
    trusted_sources: report.trustedSources, emergency_numbers: report.emergencyUsers, counters: report.counters,
  };
}

function banView(ban: BannedSource, now: number) {
  return {
    address: ban.address, reason: ban.reason, banned_at: apiTime(ban.since), expires_at: apiTime(ban.until),
    expires_in: Math.max(0, Math.round((ban.until - now) / 1000)), times: ban.times,
  };
}

/** As the sockets write it: lower case, IPv4 in IPv6 as IPv4. */
function plainAddress(text: string): string {
  const lower = text.toLowerCase();
  const mapped = lower.startsWith('::ffff:') ? lower.slice(7) : '';
  if (isIP(mapped) === 4) return mapped;
  return isIP(lower) === 6 && !lower.includes('%') ? new URL(`http://[${lower}]`).hostname.slice(1, -1) : lower;
}

export const sipProtectionRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/sip_protection', operationId: 'getSipProtection',
    summary: 'Show how the SIP edge protects itself', tag: TAG, access: 'sip_protection:read',
    answer: { status: 200, description: `Load, limits and counters of this node. ${DRACHTIO}`, schema: protection },
    async handle({ deps }) {
      return answer(await readProtection(deps), (report) => json(protectionView(report)));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/banned_sources', operationId: 'listBannedSources',
    summary: 'List banned addresses', tag: TAG, access: 'sip_protection:read',
    query: z.object(pageQuery(300)),
    answer: {
      status: 200, description: `Bans in force on this node, by address. ${DRACHTIO}`,
      schema: z.object({ ...pageFields, banned_sources: z.array(bannedSource) }),
    },
    async handle({ deps, query }) {
      const asked = readPage(query);
      if (asked.kind === 'refused') return failed(fromRefusal(asked));
      const { after, size } = asked.page;
      return answer(await listBannedSources(deps), (all) => {
        const rest = after === null ? all : all.filter((ban) => ban.address > after);
        const items = rest.slice(0, size);
        const next = rest.length > size ? (items.at(-1)?.address ?? null) : null;
        return json({
          ...paging({ next, total: all.length }, query), banned_sources: items.map((ban) => banView(ban, deps.clock.now())),
        });
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/banned_sources', operationId: 'banSource',
    summary: 'Ban an address', tag: TAG, access: 'sip_protection:write',
    body: z.strictObject({
      address: z.string().max(64).refine((text) => isIP(text) !== 0, 'Give one IP address, such as 192.0.2.7 or 2001:db8::7.'),
      duration: z.int().min(1).max(LONGEST_BAN_S).default(3600).describe('Seconds.'),
      despite_bindings: z.boolean().default(false)
        .describe('Also when phones are registered from there. Their emergency calls and running calls go on.'),
    }),
    answer: { status: 201, description: `Banned on this node until it ends, is lifted or the program restarts. ${DRACHTIO}`, schema: bannedSource },
    async handle({ deps, actor, body }) {
      const wish = { address: plainAddress(body.address), seconds: body.duration, despiteBindings: body.despite_bindings };
      return answer(await banSource(deps, actor, wish), (ban) => created(banView(ban, deps.clock.now())));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/banned_sources/{address}', operationId: 'liftBan',
    summary: 'Lift a ban', tag: TAG, access: 'sip_protection:write',
    answer: { status: 204, description: `Lifted; what was counted against the address is forgotten. ${DRACHTIO}`, schema: null },
    async handle({ deps, actor, params }) {
      return answer(await liftBan(deps, actor, plainAddress(params.address)), () => NO_CONTENT);
    },
  }),
];
