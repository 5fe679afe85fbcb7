import type { ScimStores } from '../../ports/scim-stores.js';
import type { Queries } from './database.js';
import { createScimGroupStore } from './scim-group-store.js';
import { createScimPersonStore } from './scim-person-store.js';
import { createScimTokenStore } from './scim-token-store.js';

/** What identity providers keep here. */
export function createScimStores(queries: Queries): ScimStores {
  return { scimPeople: createScimPersonStore(queries), scimGroups: createScimGroupStore(queries), scimTokens: createScimTokenStore(queries) };
}
