import { z } from 'zod';
import { seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import type { LicencePackage } from '../../domain/licensing/licence-package.js';
import { addLicencePackage, removeLicencePackage, updateLicencePackage } from '../../usecases/admin/licence-packages.js';
import { answer, created, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { planCode, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Phone plans';
const packageFields = z.object({
  id: z.string(), name: z.string(), plans: z.array(z.object({ type: z.int(), name: z.string() })), holders: z.int().describe('People who have it.'),
});
const plans = z.array(planCode).min(1).max(20).describe('Names or codes of licences, calling plans and add-ons, assigned at once.');

function packageView({ id, name, codes }: LicencePackage, holders: number) {
  return { id, name, plans: codes.map((code) => ({ type: code, name: seatByNameOrCode(String(code))?.name ?? '' })), holders };
}

export const licencePackageRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/licence_packages', operationId: 'listLicencePackages', summary: 'List packages', tag: TAG,
    access: 'plan:read', subject: 'anyone',
    answer: { status: 200, description: 'Packages in the order they were made.', schema: z.object({ packages: z.array(packageFields) }) },
    async handle({ deps, actor }) {
      const all = await deps.stores.licencePackages.all(actor.accountId);
      const holders = await deps.stores.licencePackages.holdersOfAll(actor.accountId);
      return json({ packages: all.map((bundle) => packageView(bundle, holders.get(bundle.id) ?? 0)) });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/licence_packages', operationId: 'addLicencePackage', summary: 'Bundle licence, plan and add-ons', tag: TAG,
    access: 'plan:write',
    body: z.strictObject({ name: requiredLine(100), plans }),
    answer: { status: 201, description: 'Its name can be given wherever plans are, and as plan_united_type of a user.', schema: packageFields },
    async handle({ deps, actor, body }) {
      const outcome = await addLicencePackage(deps, actor, { name: body.name, plans: body.plans.map(String) });
      return answer(outcome, (bundle) => created(packageView(bundle, 0)));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/licence_packages/{packageId}', operationId: 'updateLicencePackage',
    summary: 'Rename a package, or change what it holds', tag: TAG, access: 'plan:write',
    body: z.strictObject({ name: requiredLine(100), plans }).partial(),
    answer: { status: 204, description: 'Changed. What it holds cannot change while somebody has it (409).', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({ name: body.name, plans: body.plans?.map(String) });
      return answer(await updateLicencePackage(deps, actor, params.packageId, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/licence_packages/{packageId}', operationId: 'removeLicencePackage', summary: 'Remove a package', tag: TAG,
    access: 'plan:write',
    answer: { status: 204, description: 'Removed. One that somebody has stays (409).', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeLicencePackage(deps, actor, params.packageId), () => NO_CONTENT);
    },
  }),
];
