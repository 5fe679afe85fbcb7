import type { JsonSchema, OpenApiDocument, Operation, Parameter } from '../openapi.js';
import { curlOf, exampleOf, isSchema } from './example.js';
import { escape } from './html.js';

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The OpenAPI document as one web page: nothing is loaded from elsewhere, and nothing but our own script runs. */
export function docsPage(document: OpenApiDocument): string {
  const entries: readonly Entry[] = Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })));
  const tags = document.tags.map(({ name }) => ({ name, entries: entries.filter(({ operation }) => operation.tags.includes(name)) }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)} API</title>
<link rel="stylesheet" href="/docs/style.css">
<script src="/docs/search.js" defer></script>
</head>
<body>
<header>
<h1>${escape(document.info.title)} <small>API ${escape(document.info.version)}</small></h1>
<input id="search" type="search" placeholder="Search: path, verb, field…" aria-label="Search" autocomplete="off">
<a href="/v2/openapi.json">openapi.json</a>
</header>
<div class="layout">
<nav aria-label="Resources">${tags.map(({ name }) => `<a href="#${slug(name)}">${escape(name)}</a>`).join('')}</nav>
<main>
${document.info.description.split('\n\n').map((paragraph) => `<p>${escape(paragraph)}</p>`).join('\n')}
<p id="nothing" hidden>Nothing found.</p>
${tags.map(({ name, entries: own }) => `<section id="${slug(name)}"><h2>${escape(name)}</h2>${own.map(entryHtml).join('\n')}</section>`).join('\n')}
</main>
</div>
</body>
</html>`;
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function entryHtml({ method, path, operation }: Entry): string {
  const [permission] = operation.security.flatMap((scheme) => Object.values(scheme).flat());
  const body = Object.entries(operation.requestBody?.content ?? {});
  return `<details class="operation" id="${escape(operation.operationId)}" data-text="${escape(`${method} ${path} ${operation.summary} ${operation.operationId} ${fieldNames(operation)}`.toLowerCase())}">
<summary><span class="method ${method.toLowerCase()}">${method}</span> <code>${escape(path)}</code> <span class="summary">${escape(operation.summary)}</span></summary>
<p class="access">${permission === undefined ? 'No token needed.' : `Needs the permission <code>${escape(permission)}</code>.`}</p>
${operation.parameters.length > 0 ? `<h3>Parameters</h3>${parameterTable(operation.parameters)}` : ''}
${body.map(([type, { schema }]) => `<h3>Body <small>${escape(type)}</small></h3>${fieldTable(schema)}`).join('')}
<h3>Example</h3><pre>${escape(curlOf(method, path, operation))}</pre>
<h3>Answers</h3>${Object.entries(operation.responses).map(([status, response]) => answerHtml(status, response)).join('')}
</details>`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  return `<table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${parameters.map((parameter) => (
    `<tr><td><code>${escape(parameter.name)}</code>${parameter.required ? ' <b>required</b>' : ''}</td><td>${parameter.in}</td>`
    + `<td>${escape(typeText(parameter.schema))}</td><td>${escape(parameter.description ?? '')}</td></tr>`)).join('')}</tbody></table>`;
}

/** Every field of a schema with its path: `users[].email`. */
function fieldTable(schema: JsonSchema): string {
  const rows = fieldRows(schema, '');
  if (rows.length === 0) return '';
  return `<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.map((row) => (
    `<tr><td><code>${escape(row.path)}</code>${row.required ? ' <b>required</b>' : ''}</td><td>${escape(typeText(row.schema))}</td>`
    + `<td>${escape(typeof row.schema.description === 'string' ? row.schema.description : '')}</td></tr>`)).join('')}</tbody></table>`;
}

interface FieldRow {
  readonly path: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

function fieldRows(schema: JsonSchema, prefix: string): readonly FieldRow[] {
  if (schema.type === 'array' && isSchema(schema.items)) return fieldRows(schema.items, `${prefix}[]`);
  if (!isSchema(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, inner]) => {
    if (!isSchema(inner)) return [];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [{ path, required: required.includes(name), schema: inner }, ...fieldRows(inner, path)];
  });
}

function typeText(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map(String).join(' | ');
  if ('const' in schema) return String(schema.const);
  if (Array.isArray(schema.anyOf)) return schema.anyOf.filter(isSchema).map(typeText).join(' or ');
  const type = typeof schema.type === 'string' ? schema.type : 'any';
  const item = type === 'array' && isSchema(schema.items) ? ` of ${typeText(schema.items)}` : '';
  const fallback = 'default' in schema ? `, default ${JSON.stringify(schema.default)}` : '';
  const length = typeof schema.maxLength === 'number' ? `, at most ${schema.maxLength}` : '';
  return `${type}${item}${length}${fallback}`;
}

function answerHtml(status: string, response: Operation['responses'][string]): string {
  if ('$ref' in response) return `<p><b>${status}</b> ${escape(response.$ref.split('/').at(-1) ?? '')}</p>`;
  const [media] = Object.values(response.content ?? {});
  const example = media && media.schema.type !== 'string' ? `<pre>${escape(JSON.stringify(exampleOf(media.schema), null, 2))}</pre>` : '';
  return `<p><b>${status}</b> ${escape(response.description)}</p>${example}`;
}

function fieldNames(operation: Operation): string {
  const body = Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) => fieldRows(schema, '').map((row) => row.path));
  return [...operation.parameters.map((parameter) => parameter.name), ...body].join(' ');
}
