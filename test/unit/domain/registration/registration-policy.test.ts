import fc from 'fast-check';
import t from 'tap';
import { DEFAULT_ACCOUNT_POLICY } from '../../../../src/domain/identity/account.js';
import type { RegisterContacts } from '../../../../src/domain/registration/binding.js';
import { decideRegistration } from '../../../../src/domain/registration/registration-policy.js';

const policy = DEFAULT_ACCOUNT_POLICY;

function asking(...seconds: readonly (number | null)[]): RegisterContacts {
  return { kind: 'contacts', contacts: seconds.map((each, index) => ({ uri: `sip:d@192.0.2.${index}`, params: '', q: 1000, seconds: each })) };
}

function granted(...seconds: readonly number[]) {
  return { kind: 'granted', seconds: new Map(seconds.map((each, index) => [`sip:d@192.0.2.${index}`, each])) };
}

const brief = { kind: 'too-brief', minSeconds: 60 };
const ROWS = [
  ['a query grants nothing', { kind: 'query' }, 'udp', policy, { kind: 'granted', seconds: new Map() }],
  ['the wildcard removes, nothing to grant', { kind: 'remove-all' }, 'udp', policy, { kind: 'granted', seconds: new Map() }],
  ['no lifetime asked gets the cap', asking(null), 'udp', policy, granted(3600)],
  ['a lifetime inside the bounds is granted', asking(600), 'udp', policy, granted(600)],
  ['above the cap gets the cap', asking(86_400), 'udp', policy, granted(3600)],
  ['streams have a cap of their own', asking(3600), 'TLS', policy, granted(300)],
  ['no lifetime on a stream', asking(null), 'ws', policy, granted(300)],
  ['zero removes', asking(0), 'udp', policy, granted(0)],
  ['the floor itself is granted', asking(60), 'udp', policy, granted(60)],
  ['below the floor is too brief', asking(59), 'udp', policy, brief],
  ['one of several below the floor', asking(600, 30), 'udp', policy, brief],
  ['removal beside a registration', asking(0, 600), 'udp', policy, granted(0, 600)],
  ['an hour is never too brief', asking(3600), 'udp', { ...policy, registrationMinSeconds: 7200, registrationMaxSeconds: 7200 }, granted(3600)],
  ['a cap below the floor lowers the floor', asking(300), 'tcp', { ...policy, registrationMinSeconds: 600 }, granted(300)],
  ['as many contacts as allowed', asking(600, 600, 600, 600, 600), 'udp', policy, granted(600, 600, 600, 600, 600)],
  ['one contact too many', asking(600, 600, 600, 600, 600, 600), 'udp', policy, { kind: 'too-many-contacts', limit: 5 }],
  ['removals do not count', asking(600, 600, 600, 600, 600, 0), 'udp', policy, granted(600, 600, 600, 600, 600, 0)],
] as const;

t.test('RFC 3261 §10.3 step 7', async (t) => {
  for (const [name, contacts, transport, account, expected] of ROWS) {
    t.same(decideRegistration({ contacts: contacts as RegisterContacts, policy: account, transport, jitter: 0 }), expected, name);
  }
});

t.test('one contact spelled twice counts once', async (t) => {
  const contacts = ['sip:d@h', 'sip:d@H', 'sip:%64@h', 'sip:d@h;x=1', 'sip:d@h;x=2', 'sip:d@h;lr'].map((uri) => ({ uri, params: '', q: 1000, seconds: 600 }));
  t.match(decideRegistration({ contacts: { kind: 'contacts', contacts }, policy, transport: 'udp', jitter: 0 }), { kind: 'granted' });
});

t.test('jitter shortens by a tenth at most, never below the floor, never lengthens', async () => {
  fc.assert(fc.property(fc.integer({ min: 60, max: 100_000 }), fc.double({ min: -1, max: 2, noNaN: true }), (seconds, jitter) => {
    const decision = decideRegistration({ contacts: asking(seconds), policy, transport: 'udp', jitter });
    if (decision.kind !== 'granted') return false;
    const [given = -1] = decision.seconds.values();
    const most = Math.min(seconds, policy.registrationMaxSeconds);
    return Number.isInteger(given) && given <= most && given >= Math.max(60, Math.floor(most * 0.9));
  }));
});
