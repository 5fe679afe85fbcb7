import t from 'tap';
import { sessionPart } from '../../../../../sip/app/syntax/multipart.js';

const SDP = 'v=0\r\ns=-\r\n';
const part = (type: string, body: string): string => `Content-Type: ${type}\r\n\r\n${body}`;

t.test("the session's description among other parts", async (t) => {
  const rows: readonly (readonly [what: string, contentType: string, body: string, found: string, type: string])[] = [
    ['a description alone', 'application/sdp', SDP, SDP, 'application/sdp'],
    ['first of two', 'multipart/mixed;boundary=b1', `--b1\r\n${part('application/sdp', SDP)}\r\n--b1\r\n${part('application/pidf+xml', '<p/>')}\r\n--b1--\r\n`, SDP, 'application/sdp'],
    ['second of two, quoted boundary, preamble', 'multipart/mixed; boundary="b 1"', `hello\r\n--b 1\r\n${part('text/plain', 'x')}\r\n--b 1\r\n${part('Application/SDP; x=y', SDP)}\r\n--b 1--`, SDP, 'application/sdp'],
    ['none', 'multipart/mixed;boundary=b', `--b\r\n${part('text/plain', 'x')}\r\n--b--`, `--b\r\n${part('text/plain', 'x')}\r\n--b--`, 'multipart/mixed;boundary=b'],
    ['no boundary', 'multipart/mixed', SDP, SDP, 'multipart/mixed'],
    ['a part without a blank line', 'multipart/mixed;boundary=b', '--b\r\nContent-Type: application/sdp', '--b\r\nContent-Type: application/sdp', 'multipart/mixed;boundary=b'],
    ['lines ended by LF alone', 'multipart/mixed;boundary=b', '--b\nContent-Type: application/sdp\n\nv=0\n--b--\n', 'v=0\r\n', 'application/sdp'],
  ];
  for (const [what, contentType, body, found, type] of rows) t.same(sessionPart({ contentType, body }), { contentType: type, body: found }, what);
});
