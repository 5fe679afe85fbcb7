import type { JsonSchema, Operation } from '../openapi.js';

/** Fields that people know by sight, as they usually look. */
const BY_NAME: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['email', 'ada@example.com'], ['first_name', 'Ada'], ['last_name', 'Lovelace'], ['display_name', 'Front desk'],
  ['mac_address', '64-16-7f-37-90-92'], ['phone_number', '+15551234567'], ['extension_number', '1001'],
  ['country', 'US'],
  ['timezone', 'Europe/Berlin'], ['dialled', '1002'], ['site_code', 8], ['area_code', '212'], ['type', 200],
  ['calling_plans', ['200']], ['zip', '10001'], ['state_code', 'NY'], ['city', 'New York'],
  ['address_line1', '1 Main Street'],
]);

/** A value that fits a JSON schema, for people to read; an object shows its required and its well-known fields. */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ('const' in schema) return schema.const;
  const usual = BY_NAME.get(name);
  if (usual !== undefined && fits(schema, usual)) return usual;
  const [option] = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [];
  if (option) return exampleOf(option, name);
  switch (schema.type) {
    case 'object': return exampleObject(schema);
    case 'array': return isSchema(schema.items) ? [exampleOf(schema.items, name)] : [];
    case 'integer': case 'number': return exampleNumber(schema.minimum);
    case 'boolean': return true;
    default: return 'text';
  }
}

/** Integers without a bound of their own carry the safe ones. */
function exampleNumber(minimum: unknown): number {
  return typeof minimum === 'number' && minimum > -1000 ? minimum : 1;
}

function exampleObject(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  const wanted = properties.filter(([name]) => required.includes(name) || BY_NAME.has(name));
  const shown = wanted.length > 0 ? wanted : properties.slice(0, 1);
  return Object.fromEntries(shown.map(([name, inner]) => [name, isSchema(inner) ? exampleOf(inner, name) : null]));
}

function fits(schema: JsonSchema, value: unknown): boolean {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.filter(isSchema).some((option) => fits(option, value));
  const { items } = schema;
  if (Array.isArray(value)) {
    return schema.type === 'array' && isSchema(items) && value.every((item) => fits(items, item));
  }
  return schema.type === (typeof value === 'number' ? 'integer' : typeof value);
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A command line that makes the request, with a token in $TOKEN. */
export function curlOf(method: string, path: string, operation: Operation): string {
  const parts = [`curl -X ${method} "http://localhost:8080${path.replace(/\{(\w+)\}/g, '$$$1')}"`];
  if (operation.operationId === 'issueToken') {
    parts.push('-u "$CLIENT_ID:$CLIENT_SECRET"', '-d grant_type=account_credentials', '-d account_id=$ACCOUNT_ID');
  } else if (operation.security.length > 0) {
    parts.push('-H "Authorization: Bearer $TOKEN"');
  }
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema) parts.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(exampleOf(schema))}'`);
  return parts.join(' \\\n  ');
}
