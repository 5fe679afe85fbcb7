import t from 'tap';
import { parse } from 'yaml';
import { openApiDocument, type Operation } from '../../../src/http/openapi.js';
import { BY_CLIENT_SECRET } from '../../../src/http/operations.js';
import { checkRoutes, ROUTES } from '../../../src/http/route-table.js';
import { docsPage } from '../../../src/http/docs/page.js';

// Through text, as clients get it; yaml reads JSON too, and refuses doubled keys, which JSON.parse takes.
const document: Record<string, unknown> = parse(JSON.stringify(openApiDocument(ROUTES, '1.2.3')));

t.test('the document and the route table name the same operations', async (t) => {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  const described = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  t.same(described.sort(), ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  for (const { method, path, operationId, access, answer, body } of ROUTES) {
    const operation = paths[path]?.[method.toLowerCase()];
    t.equal(operation?.operationId, operationId);
    t.same(operation?.security, access === 'public' ? (BY_CLIENT_SECRET.has(operationId) ? [{ basic: [] }] : []) : [{ bearer: [access] }]);
    t.ok(operation?.responses[answer.status], `${operationId} describes its ${answer.status}`);
    t.equal(operation?.requestBody !== undefined, body !== null);
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    t.same(operation?.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name), names);
    t.ok(method === 'GET' || body !== null || method === 'DELETE', `${operationId}: a change has a body or deletes`);
  }
});

t.test('every $ref leads somewhere', async (t) => {
  const refs = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === '$ref' && typeof inner === 'string') refs.add(inner);
      else walk(inner);
    }
  };
  walk(document);
  t.ok(refs.size > 5);
  for (const ref of refs) {
    const target = ref.replace(/^#\//, '').split('/').reduce<unknown>(
      (part, name) => (typeof part === 'object' && part !== null ? Object.entries(part).find(([key]) => key === name)?.[1] : undefined), document);
    t.ok(target, ref);
  }
});

t.test('the frame is OpenAPI 3.1', async (t) => {
  t.match(document, { openapi: '3.1.0', info: { title: 'Cordboard', version: '1.2.3' }, components: { schemas: { Error: { type: 'object' } } } });
  const text = JSON.stringify(document);
  t.notMatch(text, /"\$schema"/);
  t.notMatch(text, /undefined/);
});

t.test('the table is default deny', async (t) => {
  t.doesNotThrow(() => checkRoutes(ROUTES));
  const [first] = ROUTES.filter((route) => route.access !== 'public');
  if (!first) throw new Error('no route with a permission');
  t.throws(() => checkRoutes([{ ...first, access: 'public' }]), /has no permission \(public\)/);
  t.throws(() => checkRoutes([{ ...first, access: JSON.parse('"typo:read"') }]), /has no permission \(typo:read\)/);
  t.throws(() => checkRoutes([{ ...first, access: JSON.parse('null') }]), /has no permission/);
  t.throws(() => checkRoutes([first, first]), /declared twice/);
});

t.test('the page shows every operation, and loads nothing from elsewhere', async (t) => {
  const page = docsPage(openApiDocument(ROUTES, '1.2.3'));
  for (const { operationId } of ROUTES) t.ok(page.includes(`id="${operationId}"`), operationId);
  t.notMatch(page, /(src|href)="https?:/);
  t.notMatch(page, /<script>|style="|onclick/);
  t.match(page, /curl -X POST &quot;http:\/\/localhost:8080\/oauth\/token&quot;/);
});
