import { asId, type PhoneNumberId } from '../../domain/ids.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import { readPoolNumber, type PoolNumber } from '../../domain/numbering/pool-number.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { siteById } from '../admin/resolve.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';

export interface NewNumbers {
  /** As typed: international with `+`, or national forms of the site's country. */
  readonly numbers: readonly string[];
  readonly carrier: string;
  readonly siteId: string | undefined;
  readonly sipGroupId: string;
}

/** Takes numbers of a carrier into the pool (BYOC), all or none; each row that cannot be taken is named: `phone_numbers[3]`. */
export async function addByocNumbers(deps: ChangeDeps, actor: Actor, wanted: NewNumbers): Promise<Outcome<readonly PhoneNumber[]>> {
  return change(deps, actor, async (draft) => {
    const site = await siteById(draft.stores, draft.accountId, wanted.siteId);
    if (site.kind === 'refused') return site;
    const read = await readRows(draft, wanted.numbers, site.site.country);
    if (read.kind === 'refused') return read;
    const added = read.rows.map((row): PhoneNumber => ({
      id: asId<PhoneNumberId>(draft.newId()),
      accountId: draft.accountId,
      ...row,
      source: 'external',
      status: 'available',
      siteId: site.site.id,
      extensionId: null,
      assignedOrder: null,
      incoming: true,
      outgoing: true,
      carrier: wanted.carrier,
      displayName: '',
      emergencyAddressId: null,
      emergencyAddressStatus: 0,
      sipGroupId: wanted.sipGroupId,
      createdAt: draft.at,
    }));
    await draft.stores.phoneNumbers.insert(added);
    for (const number of added) {
      draft.note({
        aggregate: 'phone_number', id: number.id, change: 'created', action: 'add-phone-number', before: null, after: number,
      });
    }
    return done(added);
  });
}

async function readRows(
  draft: Draft, texts: readonly string[], country: string,
): Promise<{ readonly kind: 'read'; readonly rows: readonly PoolNumber[] } | Refused> {
  const rows = texts.map((text) => readPoolNumber(text, country));
  const numbers = rows.flatMap((row) => row?.number ?? []);
  const known = new Set((await draft.stores.phoneNumbers.find(draft.accountId, { ids: [], numbers })).map(({ number }) => number));
  const seen = new Set<string>();
  const refusals = texts.flatMap((text, index) => {
    const problem = rowProblem(rows[index]?.number, country, known, seen);
    return problem === null ? [] : [refused(problem.why, `phone_numbers[${index}]`, problem.text, text)];
  });
  if (refusals.length > 0) return allOf(refusals);
  return { kind: 'read', rows: rows.flatMap((row) => row ?? []) };
}

function rowProblem(
  number: string | undefined, country: string, known: ReadonlySet<string>, seen: Set<string>,
): { readonly why: 'invalid' | 'conflict'; readonly text: string } | null {
  if (number === undefined) {
    return { why: 'invalid', text: `This is no telephone number. Give it as +12125550100, or as it is dialled in ${country}.` };
  }
  if (known.has(number)) return { why: 'conflict', text: `The account has ${number} already.` };
  if (seen.has(number)) return { why: 'invalid', text: `${number} stands here twice.` };
  seen.add(number);
  return null;
}
