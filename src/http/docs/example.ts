import type { JsonSchema, Operation } from '../openapi.js';

const BY_NAME: Readonly<Record<string, unknown>> = {
  email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', mac_address: '64-16-7f-37-90-92', extension_number: '1001', country: 'US',
  phone_number: '+15551234567', timezone: 'Europe/Berlin', dialled: '1002', site_code: 8, area_code: '212', type: '200', calling_plans: ['200'],
  display_name: 'Front desk', zip: '10001', state_code: 'NY', city: 'New York', address_line1: '1 Main Street',
};

/** A value that fits a JSON schema, for people to read; required fields only, and well-known names as they usually look. */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if ('const' in schema) return schema.const;
  const options = Array.isArray(schema.anyOf) ? schema.anyOf.filter(isSchema) : [];
  const [first] = options;
  if (name !== '' && Object.hasOwn(BY_NAME, name) && schema.type !== 'object' && fits(schema, BY_NAME[name])) return BY_NAME[name];
  if (first) return exampleOf(first, name);
  switch (schema.type) {
    case 'object': return exampleObject(schema);
    case 'array': return isSchema(schema.items) ? [exampleOf(schema.items, name)] : [];
    case 'integer': case 'number': return typeof schema.minimum === 'number' && schema.minimum > -1000 ? schema.minimum : 1;
    case 'boolean': return true;
    default: return 'text';
  }
}

function exampleObject(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  const shown = properties.filter(([name]) => required.includes(name));
  return Object.fromEntries((shown.length > 0 ? shown : properties.slice(0, 1))
    .flatMap(([name, inner]) => (isSchema(inner) ? [[name, exampleOf(inner, name)]] : [])));
}

function fits(schema: JsonSchema, value: unknown): boolean {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.filter(isSchema).some((option) => fits(option, value));
  if (schema.type === 'array') {
    return Array.isArray(value) && isSchema(schema.items) && value.every((item) => isSchema(schema.items) && fits(schema.items, item));
  }
  return schema.type === (typeof value === 'number' ? 'integer' : typeof value);
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A command line that makes the request, with a token in $TOKEN. */
export function curlOf(method: string, path: string, operation: Operation): string {
  const lines = [`curl -X ${method} "http://localhost:8080${path.replace(/\{(\w+)\}/g, '$$$1')}"`];
  if (operation.operationId === 'issueToken') {
    return `${lines[0]} \\\n  -u "$CLIENT_ID:$CLIENT_SECRET" \\\n  -d grant_type=account_credentials -d account_id=$ACCOUNT_ID`;
  }
  if (operation.security.length > 0) lines.push('-H "Authorization: Bearer $TOKEN"');
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema) lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(exampleOf(schema))}'`);
  return lines.join(' \\\n  ');
}
