import { z } from 'zod';
import { activationCodeStatus, readableActivationCode } from '../../domain/identity/activation-code.js';
import { nameOf } from '../../domain/identity/user.js';
import { activateWithCode, issueActivationCodes, issueUserActivationCode } from '../../usecases/admin/activation-codes.js';
import { answer, created, failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal, noPermission } from '../problem.js';
import { route, type Route } from '../route.js';
import { macAddress, requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'Common areas';
const MOST_AREAS = 100;

const code = z.object({
  common_area_id: z.string(), display_name: z.string(), extension_number: z.int(),
  activation_code: z.string().describe('Ten digits, told once, when it is made.'), activation_code_expiration: z.string(),
});

export const activationCodeRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/common_areas/activation_code', operationId: 'Generateactivationcodesforcommonareas',
    summary: 'Make activation codes for common areas', tag: TAG, access: 'common_area:write', subject: 'noted',
    body: z.object({ common_area_ids: z.array(requiredLine(64)).min(1).max(MOST_AREAS) }),
    answer: {
      status: 201, description: 'One for each, good for one phone and seven days, typed after the code for activation (*93) or given to a softphone; earlier ones of the same common areas are good for nothing any more.',
      schema: z.object({ common_areas_activation_codes: z.array(code) }),
    },
    handle: async ({ deps, actor, body }) => answer(await issueActivationCodes(deps, actor, body.common_area_ids), (issued) => created({
      common_areas_activation_codes: issued.map(({ area, code: clear, expiresAt }) => ({
        common_area_id: area.commonArea.id, display_name: area.commonArea.displayName, extension_number: Number(area.extension.number),
        activation_code: readableActivationCode(clear), activation_code_expiration: apiTime(expiresAt),
      })),
    })),
  }),
  route({
    method: 'GET', path: '/v2/phone/common_areas/activation_codes', operationId: 'listActivationCodes', summary: 'List activation codes', tag: TAG,
    access: 'common_area:read', subject: 'list', query: z.object(pageQuery(100)),
    answer: {
      status: 200, description: 'The newest of each common area. The code itself is kept as a hash and not shown: "".',
      schema: z.object({
        ...pageFields,
        common_areas_activation_codes: z.array(code.extend({
          status: z.enum(['unused', 'used', 'expired']), site: z.object({ site_id: z.string(), name: z.string() }),
        })),
      }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.activationCodes.page(actor.accountId, page.page, sites ?? undefined);
      return json({
        ...paging(found, query),
        common_areas_activation_codes: found.items.map((kept) => {
          const area = kept.commonAreaId === null ? undefined : deps.directory.commonArea(kept.commonAreaId);
          const extension = area === undefined ? undefined : deps.directory.extension(area.extensionId);
          const site = area === undefined ? undefined : deps.directory.site(area.siteId);
          return {
            common_area_id: kept.commonAreaId ?? '', display_name: area?.displayName ?? '', extension_number: Number(extension?.number ?? 0), activation_code: '',
            activation_code_expiration: apiTime(kept.expiresAt), status: activationCodeStatus(kept, deps.clock.now()),
            site: { site_id: site?.id ?? '', name: site?.name ?? '' },
          };
        }),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/users/{userId}/activation_code', operationId: 'issueUserActivationCode',
    summary: 'Make an activation code for a phone user', tag: 'Users', access: 'device:write', body: z.strictObject({}), bodyOptional: true,
    answer: {
      status: 201, description: 'Good for one phone that is nobody\'s and seven days: it is dialled there, then the code is typed. An earlier one is good for nothing any more.',
      schema: z.object({
        user_id: z.string(), display_name: z.string(), extension_number: z.int(), activation_code: z.string().describe('Ten digits, told once.'),
        activation_code_expiration: z.string(), dial: z.string().describe('What is dialled before it; "" = the account has no code for it.'),
      }),
    },
    handle: async ({ deps, actor, params }) => answer(await issueUserActivationCode(deps, actor, params.userId), ({ user, code: clear, expiresAt }) => created({
      user_id: user.user.id, display_name: nameOf(user.user), extension_number: Number(user.extension.number),
      activation_code: readableActivationCode(clear), activation_code_expiration: apiTime(expiresAt),
      dial: deps.directory.account(actor.accountId)?.policy.featureCodes.phoneActivation ?? '',
    })),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/common_areas/activate', operationId: 'activateCommonAreaPhone', summary: 'Make a phone of a common area by its activation code', tag: TAG,
    access: 'device:write', subject: 'noted',
    body: z.strictObject({
      activation_code: requiredLine(64).describe('Blanks and dashes do not count.'), display_name: requiredLine(255), mac_address: macAddress,
    }),
    answer: {
      status: 201, description: 'The phone and its SIP account; the code is used up.',
      schema: z.object({
        device_id: z.string(), display_name: z.string(), common_area_id: z.string(),
        sip_account: z.object({ sip_domain: z.string(), outbound_proxy: z.string(), user_name: z.string(), authorization_id: z.string(), password: z.string() }),
      }),
    },
    async handle({ deps, actor, permissions, body }) {
      // It tells a SIP password.
      if (!permissions.has('device_secret:read')) return failed(noPermission('device_secret:read'));
      const outcome = await activateWithCode(deps, actor, { code: body.activation_code, displayName: body.display_name, macAddress: body.mac_address });
      const reach = deps.sipReach();
      return answer(outcome, ({ device, password }) => {
        const [extensionId] = device.assignees;
        const owner = extensionId === undefined ? undefined : deps.directory.extension(extensionId)?.owner;
        return created({
          device_id: device.id, display_name: device.displayName, common_area_id: owner?.id ?? '',
          sip_account: { sip_domain: reach.domain, outbound_proxy: reach.outboundProxy, user_name: device.userName, authorization_id: device.userName, password },
        });
      });
    },
  }),
];
