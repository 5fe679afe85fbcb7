import { z } from 'zod';
import { asId, type SettingTemplateId, type SiteId } from '../../domain/ids.js';
import { createSettingTemplate, settingTemplateNotFound, updateSettingTemplate } from '../../usecases/admin/setting-templates.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { templateChange, templateDetail, templateItem, templateItemView, templateView, templateWishes } from './setting-template-shape.js';

const TAG = 'Setting templates';

/** Users and common areas can have templates here; the common area's name is written in two ways. */
const type = z.enum(['user', 'common_area', 'commonArea']);

export const settingTemplateRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/setting_templates', operationId: 'listSettingTemplates', summary: 'List setting templates', tag: TAG,
    access: 'setting_template:read',
    query: z.object({ ...pageQuery(300), site_id: line(64).optional().describe('Those of the site, and those of every site.') }),
    answer: { status: 200, description: 'Templates, oldest first.', schema: z.object({ ...pageFields, templates: z.array(templateItem) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const filter = query.site_id === undefined ? {} : { siteId: asId<SiteId>(query.site_id) };
      const found = await deps.stores.settingTemplates.page(actor.accountId, filter, page.page);
      return json({ ...paging(found, query), templates: found.items.map(templateItemView) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/setting_templates', operationId: 'addSettingTemplate', summary: 'Add a setting template', tag: TAG,
    access: 'setting_template:write',
    body: z.object({ name: requiredLine(255), description: line(1000).default(''), type, site_id: line(64).optional() }),
    answer: { status: 201, description: 'The new template, empty.', schema: templateItem },
    async handle({ deps, actor, body }) {
      const outcome = await createSettingTemplate(deps, actor, {
        name: body.name, description: body.description, type: body.type === 'user' ? 'user' : 'common_area', ...given({ siteId: body.site_id }),
      });
      return answer(outcome, (template) => created(templateItemView(template)));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/setting_templates/{templateId}', operationId: 'getSettingTemplate', summary: 'Get a setting template', tag: TAG,
    access: 'setting_template:read',
    query: z.object({ custom_query_fields: z.array(line(100)).max(20).optional().describe('Only these parts: policy, profile, user_settings.') }),
    answer: {
      status: 200, description: 'The template. It is copied when it is applied: later changes of it change nobody.',
      schema: templateDetail.partial({ policy: true, profile: true, user_settings: true }),
    },
    async handle({ deps, actor, params, query }) {
      const template = await deps.stores.settingTemplates.get(actor.accountId, asId<SettingTemplateId>(params.templateId));
      if (template === null) return failed(fromRefusal(settingTemplateNotFound(params.templateId)));
      const wanted = query.custom_query_fields;
      if (wanted === undefined) return json(templateView(template));
      const parts = Object.entries(templateView(template)).filter(([name]) => wanted.includes(name));
      return json({ ...templateItemView(template), ...Object.fromEntries(parts) });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/setting_templates/{templateId}', operationId: 'updateSettingTemplate', summary: 'Change a setting template', tag: TAG,
    access: 'setting_template:write',
    body: z.object({ name: requiredLine(255).optional(), description: line(1000).optional(), ...templateChange }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const country = body.profile?.country;
      return answer(await updateSettingTemplate(deps, actor, params.templateId, given({
        name: body.name, description: body.description, areaCode: body.profile?.area_code, country: country?.toUpperCase(),
        pin: body.user_settings?.desk_phone?.pin_code, settings: templateWishes(body),
      })), () => NO_CONTENT);
    },
  }),
];
