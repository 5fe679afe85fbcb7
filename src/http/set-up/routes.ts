import { z } from 'zod';
import { openSetUpTicket, reopenWindow } from '../../usecases/admin/set-up-device.js';
import { text, type Answer } from '../answers.js';
import { route, type Route } from '../route.js';
import { gonePage, heldPage, setUpPage } from './page.js';
import { SET_UP_STYLE } from './style.js';

const TAG = 'Phone devices';
const HTML = 'text/html; charset=utf-8';

/** The address of the page is a secret while it lasts: nobody may keep it. */
function page(status: number, html: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: 'text', status, contentType: HTML, text: html, headers: { 'cache-control': 'no-store', 'x-robots-tag': 'noindex', ...headers } };
}

/** As everywhere, and one form, which leads back here. */
const WITH_FORM = {
  'content-security-policy': "default-src 'none';style-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
} as const;

export const setUpPageRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/setup/style.css', operationId: 'setUpStyle', summary: 'Style of the pages for setting phones up', tag: TAG, access: 'public',
    answer: { status: 200, description: 'CSS.', schema: null, contentType: 'text/css' },
    handle: () => text('text/css; charset=utf-8', SET_UP_STYLE),
  }),
  route({
    method: 'GET', path: '/setup/{ticket}', operationId: 'setUpPage', summary: 'How a phone is set up, for people', tag: TAG, access: 'public',
    answer: { status: 200, description: 'A web page to read or print; 404 with another one when it has expired.', schema: null, contentType: 'text/html' },
    async handle({ deps, params }) {
      const found = await openSetUpTicket(deps, params.ticket);
      return found.kind === 'refused' ? page(404, gonePage()) : page(200, await setUpPage(found.value, params.ticket), WITH_FORM);
    },
  }),
  route({
    method: 'POST', path: '/setup/{ticket}/window', operationId: 'reopenSetUpWindow', summary: 'Open the window for enrolling again, from the page', tag: TAG,
    access: 'public', body: z.object({}), bodyType: 'form', bodyOptional: true,
    answer: { status: 303, description: 'To the page, which tells the new address; 404 when it has expired, 409 when a phone has its configuration.', schema: null, contentType: 'text/html' },
    async handle({ deps, actor, params }) {
      const outcome = await reopenWindow(deps, actor, params.ticket);
      if (outcome.kind === 'done') return page(303, '', { location: `/setup/${params.ticket}` });
      return outcome.why === 'not-found' ? page(404, gonePage()) : page(409, heldPage(outcome.problems[0]?.text ?? '', params.ticket));
    },
  }),
];
