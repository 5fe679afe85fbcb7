import t from 'tap';
import { isPhonePath, readPhonePath, redactedPath } from '../../../src/http/provisioning/phone-path.js';

for (const [name, target, expected] of [
  ['token and file', '/p/abc/001565a1b2c3.cfg', { token: 'abc', fileName: '001565a1b2c3.cfg' }],
  ['a query is no part of it', '/p/abc/x.cfg?mac=1', { token: 'abc', fileName: 'x.cfg' }],
  ['folders a phone adds', '/p/abc/Cisco/x.cfg', { token: 'abc', fileName: 'x.cfg' }],
  ['encoded colons', '/p/abc/00%3A15.cfg', { token: 'abc', fileName: '00:15.cfg' }],
  ['broken encoding', '/p/abc/%E0%A4%A', { token: 'abc', fileName: '' }],
  ['slashes too many', '//p/abc/x.cfg', { token: 'abc', fileName: 'x.cfg' }],
  ['absolute form', 'https://phones.example.com/p/abc/x.cfg', { token: 'abc', fileName: 'x.cfg' }],
  ['nothing behind', '/p', { token: '', fileName: '' }],
  ['the API', '/v2/phone/users', null],
  ['a word that begins so', '/phones/p/abc', null],
] as const) {
  t.same(readPhonePath(target), expected, name);
  t.equal(isPhonePath(target), expected !== null, name);
}
for (const [path, expected] of [
  ['/p/secret/x.cfg', '/p/…/x.cfg'], ['//P//secret', '//P//…'], ['/other/p/secret/x', '/other/p/…/x'], ['/v2/phone/users', '/v2/phone/users'],
] as const) t.equal(redactedPath(path), expected, path);
