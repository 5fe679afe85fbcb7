import { z } from 'zod';
import type { WantedEntitlements } from '../../domain/entitlements/entitlements.js';
import { asId, type GroupMappingId } from '../../domain/ids.js';
import type { GroupMapping } from '../../ports/entitlement-stores.js';
import { addGroupMapping, removeGroupMapping, updateGroupMapping } from '../../usecases/scim/group-mappings.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'SCIM';
const PATH = '/v2/cordboard/scim/group_mappings';

const gives = {
  phone: z.boolean().optional().describe('true: members without a phone get one, with the next free extension of the site.'),
  site: line(128).optional().describe('Code or name: where that phone is; missing = the main site.'),
  calling_plans: z.array(requiredLine(100)).max(20).optional().describe('Names or codes of plans, licences and add-ons.'),
  package: line(100).optional().describe('Name or id of a package.'),
  role: line(100).optional().describe('Name or id of a phone role that identity providers may grant.'),
  template: line(100).optional().describe('Name of a setting template, copied onto phones that the mapping makes.'),
};
const body = z.strictObject({ group_name: requiredLine(256).describe('Name of the group, whatever its case; it may come later.'), ...gives });
const mappingView = z.object({ id: z.string(), group_name: z.string(), ...gives, created_at: z.string() });

function entitlementsOf(wanted: Partial<z.output<typeof body>>): WantedEntitlements {
  return given({
    extensionNumber: wanted.phone === true ? '0' : undefined, site: wanted.site || undefined, callingPlans: wanted.calling_plans,
    licencePackage: wanted.package || undefined, role: wanted.role || undefined, template: wanted.template || undefined,
  });
}

function view({ id, groupName, entitlements, createdAt }: GroupMapping) {
  return {
    id, group_name: groupName, ...given({
      phone: entitlements.extensionNumber === undefined ? undefined : true, site: entitlements.site, calling_plans: entitlements.callingPlans,
      package: entitlements.licencePackage, role: entitlements.role, template: entitlements.template,
    }), created_at: apiTime(createdAt),
  };
}

/** What members of an identity provider's groups get. */
export const scimGroupMappingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'listGroupMappings', summary: 'What members of groups get', tag: TAG, access: 'scim:read',
    answer: { status: 200, description: 'Every mapping, by name.', schema: z.object({ total_records: z.int(), group_mappings: z.array(mappingView) }) },
    async handle({ deps, actor }) {
      const mappings = await deps.stores.groupMappings.all(actor.accountId);
      return json({ total_records: mappings.length, group_mappings: mappings.map(view) });
    },
  }),
  route({
    method: 'POST', path: PATH, operationId: 'addGroupMapping', summary: 'Say what members of a group get', tag: TAG, access: 'scim:write', body, load: 'heavy',
    answer: { status: 201, description: 'The mapping; members get it now, the first 50 before the answer.', schema: mappingView },
    async handle({ deps, actor, body: wanted }) {
      return answer(await addGroupMapping(deps, actor, { groupName: wanted.group_name, entitlements: entitlementsOf(wanted) }), (made) => created(view(made)));
    },
  }),
  route({
    method: 'GET', path: `${PATH}/{mappingId}`, operationId: 'getGroupMapping', summary: 'One mapping', tag: TAG, access: 'scim:read',
    answer: { status: 200, description: 'The mapping.', schema: mappingView },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.groupMappings.get(actor.accountId, asId<GroupMappingId>(params.mappingId));
      return found === null ? failed(badRequest('mappingId', 'There is no mapping with this id.', 404)) : json(view(found));
    },
  }),
  route({
    method: 'PUT', path: `${PATH}/{mappingId}`, operationId: 'updateGroupMapping', summary: 'Change what members of a group get', tag: TAG,
    access: 'scim:write', body, load: 'heavy',
    answer: { status: 204, description: 'Changed; what only it gave and gives no more is taken away.', schema: null },
    async handle({ deps, actor, params, body: wanted }) {
      const mapping = { groupName: wanted.group_name, entitlements: entitlementsOf(wanted) };
      return answer(await updateGroupMapping(deps, actor, params.mappingId, mapping), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: `${PATH}/{mappingId}`, operationId: 'removeGroupMapping', summary: 'Remove a mapping', tag: TAG, access: 'scim:write', load: 'heavy',
    answer: { status: 204, description: 'Removed; what only it gave goes with it, phones stay.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeGroupMapping(deps, actor, params.mappingId), () => NO_CONTENT);
    },
  }),
];
