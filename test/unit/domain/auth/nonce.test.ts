import fc from 'fast-check';
import t from 'tap';
import { checkNonce, makeNonce } from '../../../../src/domain/auth/nonce.js';
import { nodeMac } from '../../../support/node-digest-hash.js';

const mac = nodeMac('key');
const at = 1_800_000_000_000;
const lifetimeMs = 60_000;
const nonce = makeNonce({ at, random: 'f00dcafe', mac });

const ROWS = [
  ['valid when just made', at, 'valid'],
  ['valid in its last millisecond', at + lifetimeMs - 1, 'valid'],
  ['expired at its end', at + lifetimeMs, 'expired'],
  ['valid on a node whose clock is a little behind', at - 5_000, 'valid'],
  ['expired when made long after now: the clock was set back', at - lifetimeMs - 1, 'expired'],
] as const;

t.test('a nonce is', async (t) => {
  for (const [name, now, kind] of ROWS) t.same(checkNonce(nonce, { at: now, lifetimeMs, mac }), { kind, expiresAt: at + lifetimeMs }, name);
});

t.test('a nonce made elsewhere is forged', async (t) => {
  for (const text of ['', '.', '..', 'abc', 'a.b', 'a.b.c', nonce.slice(0, -1), `${nonce}.`, makeNonce({ at, random: 'f00dcafe', mac: nodeMac('other') })]) {
    t.same(checkNonce(text, { at, lifetimeMs, mac }), { kind: 'forged' }, text);
  }
});

t.test('a changed nonce never verifies', async () => {
  fc.assert(fc.property(fc.nat(nonce.length - 1), fc.string({ minLength: 0, maxLength: 3 }), fc.nat(3), (place, inserted, dropped) => {
    const changed = nonce.slice(0, place) + inserted + nonce.slice(place + dropped);
    return changed === nonce || checkNonce(changed, { at, lifetimeMs, mac }).kind === 'forged';
  }), { numRuns: 2000 });
});

t.test('every nonce made here verifies, and fits a quoted string', async () => {
  fc.assert(fc.property(fc.nat(4e12), fc.stringMatching(/^[A-Za-z0-9_-]{8,32}$/), (time, random) => {
    const made = makeNonce({ at: time, random, mac });
    return /^[A-Za-z0-9._-]+$/.test(made) && checkNonce(made, { at: time, lifetimeMs, mac }).kind === 'valid';
  }));
});
