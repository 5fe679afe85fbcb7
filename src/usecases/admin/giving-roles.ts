import { asId, type SiteId } from '../../domain/ids.js';
import type { Draft } from '../change.js';
import { allOf, done, forbidden, refused, type Outcome, type Refused } from '../outcome.js';
import type { Permission } from './roles.js';

/** Nobody gives away what they do not have: a role, or a secret of a client, that allows more is refused. */
export function moreThan(may: ReadonlySet<Permission>, given: ReadonlySet<Permission>): Refused | null {
  const missing = [...given].find((permission) => !may.has(permission));
  return missing === undefined ? null : forbidden(`You cannot give what you do not have: the role allows ${missing}.`);
}

/** The sites with these ids; a refusal that names those there are not. */
export async function sitesNamed(draft: Draft, ids: readonly string[] | null, field = 'targets'): Promise<Outcome<readonly SiteId[] | null>> {
  if (ids === null) return done(null);
  const known = new Set<string>((await draft.stores.sites.all(draft.accountId)).map(({ id }) => id));
  const missing = ids.flatMap((id, index) => (known.has(id) ? [] : [
    refused('invalid', `${field}[${index}]`, 'There is no site with this id. GET /v2/phone/sites lists them.', id),
  ]));
  return missing.length > 0 ? allOf(missing) : done([...new Set(ids)].map((id) => asId<SiteId>(id)));
}
