import type { Operation, Parameter } from '../openapi.js';
import { curlOf, exampleOf } from './example.js';
import { code, escape, pre, table } from './html.js';
import { descriptionOf, fieldRows, typeText } from './schema-fields.js';

export interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const REQUIRED = ' <b>required</b>';

/** One operation, folded until it is opened. */
export function entryHtml({ method, path, operation }: Entry): string {
  const title = `<span class="method ${method.toLowerCase()}">${method}</span> ${code(path)}`;
  const parts = [
    `<summary>${title} <span class="summary">${escape(operation.summary)}</span></summary>`,
    `<p class="access">${accessText(operation)}</p>`,
    ...(operation.parameters.length > 0 ? ['<h3>Parameters</h3>', parameterTable(operation.parameters)] : []),
    ...bodyParts(operation),
    '<h3>Example</h3>',
    pre(curlOf(method, path, operation)),
    '<h3>Answers</h3>',
    ...Object.entries(operation.responses).map(([status, response]) => answerHtml(status, response)),
  ];
  const words = escape(searchText({ method, path, operation }));
  const opening = `<details class="operation" id="${escape(operation.operationId)}" data-text="${words}">`;
  return [opening, ...parts, '</details>'].join('\n');
}

function accessText(operation: Operation): string {
  if (operation.security.length === 0) return 'No token needed.';
  const [permission] = operation.security.flatMap((scheme) => Object.values(scheme).flat());
  return permission === undefined ? 'Client id and secret by HTTP Basic.' : `Needs the permission ${code(permission)}.`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  return table(['Name', 'In', 'Type', 'Meaning'], parameters.map((parameter) => [
    code(parameter.name) + (parameter.required ? REQUIRED : ''), parameter.in, escape(typeText(parameter.schema)),
    escape(parameter.description ?? ''),
  ]));
}

function bodyParts({ requestBody }: Operation): readonly string[] {
  return Object.entries(requestBody?.content ?? {}).flatMap(([type, { schema }]) => [
    `<h3>Body <small>${escape(type)}</small></h3>`,
    table(['Field', 'Type', 'Meaning'], fieldRows(schema).map((row) => [
      code(row.path) + (row.required ? REQUIRED : ''), escape(typeText(row.schema)), escape(descriptionOf(row.schema)),
    ])),
  ]);
}

function answerHtml(status: string, response: Operation['responses'][string]): string {
  if ('$ref' in response) return `<p><b>${status}</b> ${escape(response.$ref.split('/').at(-1) ?? '')}</p>`;
  const [media] = Object.values(response.content ?? {});
  const hasExample = media !== undefined && media.schema.type !== 'string';
  const example = hasExample ? pre(JSON.stringify(exampleOf(media.schema), null, 2)) : '';
  return `<p><b>${status}</b> ${escape(response.description)}</p>${example}`;
}

/** What the search box looks in. */
function searchText({ method, path, operation }: Entry): string {
  const body = Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) => fieldRows(schema));
  const names = [...operation.parameters.map(({ name }) => name), ...body.map((row) => row.path)];
  return [method, path, operation.summary, operation.operationId, ...names].join(' ').toLowerCase();
}
