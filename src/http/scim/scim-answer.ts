import type { JsonObject } from '../../domain/scim/person.js';
import type { Refused } from '../../usecases/outcome.js';
import { failed, type Answer } from '../answers.js';
import { fromRefusal } from '../problem.js';
import type { ResourceType } from './attribute.js';
import { project, type Projection } from './projection.js';
import { asObject, textOf } from './read-resource.js';
import { versionOf } from './user-resource.js';

/** A resource, or the part of it that was asked for, with its ETag and, where it is new, its address (RFC 7644 §3.1, §3.14). */
export function resourceAnswer(type: ResourceType, resource: JsonObject, projection: Projection, status: 200 | 201 = 200): Answer {
  const location = textOf(asObject(resource['meta'])['location']);
  return { kind: 'json', status, body: project(type, resource, projection), headers: { etag: versionOf(resource), location } };
}

export function refusal(refused: Refused): Answer {
  return failed(fromRefusal(refused));
}
