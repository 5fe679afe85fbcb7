import t from 'tap';
import type { FeatureCodes } from '../../../../src/domain/identity/account.js';
import { featureCodeProblems } from '../../../../src/domain/numbering/feature-code-rules.js';

const CODES: FeatureCodes = { hotDeskSignIn: '*91', hotDeskSignOut: '*92', deviceLock: '', phoneActivation: '' };
const around = { countries: ['US', 'DE'], isExtension: (form: string) => form === '77' || form === '8201' };

const ROWS: readonly (readonly [why: string, codes: Partial<FeatureCodes>, problems: readonly (readonly [string, RegExp])[]])[] = [
  ['the defaults', {}, []],
  ['a pound code', { hotDeskSignIn: '#91' }, []],
  ['two stars', { hotDeskSignIn: '**9', hotDeskSignOut: '*#9' }, []],
  ['a lock code', { deviceLock: '*93' }, []],
  ['an activation code', { phoneActivation: '*93' }, []],
  ['one for two features', { phoneActivation: '*92' }, [['hotDeskSignOut', /same code/], ['phoneActivation', /same code/]]],
  ['signing in cannot go without', { hotDeskSignIn: '' }, [['hotDeskSignIn', /begins with/]]],
  ['signing out cannot go without', { hotDeskSignOut: '' }, [['hotDeskSignOut', /begins with/]]],
  ['digits alone', { hotDeskSignIn: '91' }, [['hotDeskSignIn', /begins with/]]],
  ['a send key at the end', { hotDeskSignIn: '*91#' }, [['hotDeskSignIn', /ends with a digit/]]],
  ['no digit', { hotDeskSignIn: '*' }, [['hotDeskSignIn', /digit/], ['hotDeskSignOut', /begin alike/]]],
  ['too long', { hotDeskSignIn: '*12345' }, [['hotDeskSignIn', /2 to 5/]]],
  ['letters', { hotDeskSignIn: '*9a' }, [['hotDeskSignIn', /begins with/]]],
  ['one for two', { hotDeskSignOut: '*91' }, [['hotDeskSignIn', /same code/], ['hotDeskSignOut', /same code/]]],
  ['one begins with the other', { hotDeskSignIn: '*9' }, [['hotDeskSignIn', /begin alike/], ['hotDeskSignOut', /begin alike/]]],
  ['an emergency number behind the star', { hotDeskSignIn: '*911' }, [['hotDeskSignIn', /emergency number 911/]]],
  ['one of another site', { hotDeskSignIn: '*112' }, [['hotDeskSignIn', /emergency number 112/]]],
  ['the emergency test number', { hotDeskSignIn: '*933' }, [['hotDeskSignIn', /emergency number 933/]]],
  ['an extension', { hotDeskSignIn: '*77' }, [['hotDeskSignIn', /Extension 77/]]],
  ['an extension behind a site code', { deviceLock: '#8201' }, [['deviceLock', /Extension 8201/]]],
];

for (const [why, codes, problems] of ROWS) {
  t.test(why, async (t) => {
    const found = featureCodeProblems({ ...CODES, ...codes }, around);
    t.same(found.map(({ code }) => code), problems.map(([code]) => code));
    problems.forEach(([, text], index) => t.match(found[index]?.text, text));
  });
}
