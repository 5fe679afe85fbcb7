import { z } from 'zod';
import type { TrunkId } from '../../domain/ids.js';
import type { Trunk } from '../../domain/trunk/trunk.js';
import { json, failed } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';

const TAG = 'Trunks';

const sipGroup = z.object({
  id: z.string(), display_name: z.string(), description: z.string(), send_sip_group_name: z.boolean(), sip_trunk: z.object({ id: z.string(), name: z.string() }),
});
const sipTrunk = z.object({
  id: z.string(), name: z.string(), carrier: z.string(), carrier_account: z.string(), region: z.string().describe('The country it leads into.'),
  sbc_label: z.string().describe('The host of its first gateway.'),
});

/** Where another system has a group of trunks, a trunk here has several gateways: each trunk is a group of its own. */
function groupOf({ id, name, gateways }: Trunk): z.output<typeof sipGroup> {
  const hosts = gateways.map(({ host }) => host).join(', ');
  return { id, display_name: name, description: hosts, send_sip_group_name: false, sip_trunk: { id, name } };
}

function trunkOf({ id, name, country, gateways, authentication }: Trunk): z.output<typeof sipTrunk> {
  return { id, name, carrier: name, carrier_account: authentication.kind === 'address' ? '' : authentication.userName, region: country, sbc_label: gateways[0]?.host ?? '' };
}

/** Names of trunks, for lists of what refers to them. */
export function trunkNames(trunks: { trunk(id: TrunkId): Trunk | undefined }): (id: TrunkId | null) => { readonly id: string; readonly name: string } {
  return (id) => ({ id: id ?? '', name: id === null ? '' : trunks.trunk(id)?.name ?? '' });
}

/** Trunks in the shapes that scripts know; they are made and changed under `/v2/cordboard/trunks`. */
export const sipGroupRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/sip_groups', operationId: 'listSipGroups', summary: 'List SIP groups', tag: TAG, access: 'trunk:read', query: z.object(pageQuery(300)),
    answer: { status: 200, description: 'One for each trunk, oldest first.', schema: z.object({ ...pageFields, sip_groups: z.array(sipGroup) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.trunks.page(actor.accountId, page.page);
      return json({ ...paging(found, query), sip_groups: found.items.map(groupOf) });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/sip_trunk/trunks', operationId: 'listBYOCSIPTrunk', summary: 'List SIP trunks', tag: TAG, access: 'trunk:read',
    query: z.object(pageQuery(300)),
    answer: { status: 200, description: 'Trunks, oldest first.', schema: z.object({ ...pageFields, byoc_sip_trunk: z.array(sipTrunk) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.trunks.page(actor.accountId, page.page);
      return json({ ...paging(found, query), byoc_sip_trunk: found.items.map(trunkOf) });
    },
  }),
];
