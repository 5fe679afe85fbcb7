import { json, text } from '../answers.js';
import { docsPage } from '../docs/page.js';
import { DOCS_SCRIPT } from '../docs/script.js';
import { DOCS_STYLE } from '../docs/style.js';
import { openApiDocument, type OpenApiDocument } from '../openapi.js';
import { route, type Route } from '../route.js';
import { z } from 'zod';

const TAG = 'System';

/** The API described by itself; `routes` is asked at the first request, since these routes are in the table too. */
export function documentationRoutes(routes: () => readonly Route[]): readonly Route[] {
  let document: OpenApiDocument | undefined;
  let page: string | undefined;
  const described = (version: string): OpenApiDocument => (document ??= openApiDocument(routes(), version));
  return [
    route({
      method: 'GET', path: '/v2/openapi.json', operationId: 'openapi', summary: 'OpenAPI 3.1 of everything here',
      tag: TAG, access: 'public',
      answer: { status: 200, description: 'The document.', schema: z.looseObject({ openapi: z.string() }) },
      handle: ({ deps }) => json(described(deps.version)),
    }),
    route({
      method: 'GET', path: '/docs', operationId: 'docs', summary: 'The same for people', tag: TAG, access: 'public',
      answer: { status: 200, description: 'A web page.', schema: null, contentType: 'text/html' },
      handle: ({ deps }) => text('text/html; charset=utf-8', page ??= docsPage(described(deps.version))),
    }),
    route({
      method: 'GET', path: '/docs/style.css', operationId: 'docsStyle', summary: 'Style of the page', tag: TAG,
      access: 'public',
      answer: { status: 200, description: 'CSS.', schema: null, contentType: 'text/css' },
      handle: () => text('text/css; charset=utf-8', DOCS_STYLE),
    }),
    route({
      method: 'GET', path: '/docs/search.js', operationId: 'docsScript', summary: 'Search of the page', tag: TAG,
      access: 'public',
      answer: { status: 200, description: 'JavaScript.', schema: null, contentType: 'text/javascript' },
      handle: () => text('text/javascript; charset=utf-8', DOCS_SCRIPT),
    }),
  ];
}
