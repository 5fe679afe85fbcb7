import t from 'tap';
import { doubtOfMac, macDoubtText, type MacDoubt } from '../../../../src/domain/provisioning/plausible-mac.js';
import { createSetUpGuides } from '../../../../src/rendering/set-up-guides.js';

const { prefixes } = createSetUpGuides('provisioning-templates');
const ROWS: readonly (readonly [rule: string, mac: string, maker: string, doubt: MacDoubt | null])[] = [
  ['a range of the maker', '805ec0a1b2c3', 'Yealink', null],
  ['another range of the maker', '001565a1b2c3', 'Yealink', null],
  ["another maker's range", '000413a1b2c3', 'Yealink', { kind: 'other-maker', maker: 'Snom' }],
  ["another maker's range, where the maker's own are not known", '000b82a1b2c3', 'Cisco', { kind: 'other-maker', maker: 'Grandstream' }],
  ['a range that nobody is known to use', '0c1122a1b2c3', 'Poly', { kind: 'unknown-range' }],
  ['a maker without known ranges', '00562ba1b2c3', 'Cisco', null],
  ['an address set by a program (U/L bit)', '020000000001', 'Yealink', { kind: 'locally-administered' }],
  ['an address of a group (I/G bit)', '01005e000001', 'Yealink', { kind: 'group' }],
  ['a softphone takes any', '020000000001', 'Softphone', null],
  ['another maker takes any', '000413a1b2c3', 'Other', null],
];

t.test('what speaks against a MAC address', async (t) => {
  for (const [rule, mac, maker, doubt] of ROWS) t.same(doubtOfMac(mac, maker, prefixes), doubt, rule);
  t.match(macDoubtText({ kind: 'other-maker', maker: 'Snom' }, 'Yealink'), /Snom, not of Yealink/);
  for (const kind of ['unknown-range', 'locally-administered', 'group'] as const) t.match(macDoubtText({ kind }, 'Poly'), /label of the phone/, kind);
});
