import t from 'tap';
import { covers, joinReaches, NOWHERE, reaches, sitesReach, WHOLE_ACCOUNT, type Place, type Reach } from '../../../../src/domain/access/reach.js';
import { asId, type SiteId, type UserId } from '../../../../src/domain/ids.js';

const [a, b] = ['a', 'b'].map((id) => asId<SiteId>(id)) as [SiteId, SiteId];
const [ada, bob] = ['ada', 'bob'].map((id) => asId<UserId>(id)) as [UserId, UserId];
const own: Reach = { ...NOWHERE, own: ada };
const at = (siteIds: readonly SiteId[], ...owners: UserId[]): Place => ({ siteIds, owners });

for (const [name, reach, place, expected] of [
  ['the account reaches what has no site', WHOLE_ACCOUNT, at([]), true],
  ['a site does not', sitesReach([a]), at([]), false],
  ['a site reaches what is at it', sitesReach([a]), at([a]), true],
  ['and not what is at another', sitesReach([a]), at([b]), false],
  ['a call between two sites is at both', sitesReach([a]), at([b, a]), true],
  ['no site reaches nothing', sitesReach([]), at([a]), false],
  ['one’s own, wherever it is', own, at([b], bob, ada), true],
  ['somebody else’s', own, at([a], bob), false],
  ['nobody’s', own, at([a]), false],
  ['nowhere', NOWHERE, at([a], ada), false],
  ['two together', joinReaches([sitesReach([a]), sitesReach([b]), own]), at([b]), true],
  ['nothing together', joinReaches([]), at([a], ada), false],
] as const) t.equal(reaches(reach, place), expected, name);

for (const [name, outer, inner, expected] of [
  ['the account covers all', WHOLE_ACCOUNT, joinReaches([sitesReach([a]), own]), true],
  ['sites do not cover the account', sitesReach([a, b]), WHOLE_ACCOUNT, false],
  ['more sites cover fewer', sitesReach([a, b]), sitesReach([a]), true],
  ['fewer do not cover more', sitesReach([a]), sitesReach([a, b]), false],
  ['one’s own is covered by the same alone', sitesReach([a]), own, false],
  ['one’s own by oneself', own, own, true],
  ['nothing is covered by anything', NOWHERE, NOWHERE, true],
] as const) t.equal(covers(outer, inner), expected, name);
