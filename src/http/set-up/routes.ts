import { openSetUpTicket } from '../../usecases/admin/set-up-device.js';
import { text, type Answer } from '../answers.js';
import { route, type Route } from '../route.js';
import { gonePage, setUpPage } from './page.js';
import { SET_UP_STYLE } from './style.js';

const TAG = 'Phone devices';
const HTML = 'text/html; charset=utf-8';

/** The address of the page is a secret while it lasts: nobody may keep it. */
function page(status: number, html: string): Answer {
  return { kind: 'text', status, contentType: HTML, text: html, headers: { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' } };
}

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
      return found.kind === 'refused' ? page(404, gonePage()) : page(200, await setUpPage(found.value));
    },
  }),
];
