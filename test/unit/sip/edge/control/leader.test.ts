import t from 'tap';
import { readAppMessage } from '../../../../../sip/edge/control/leader.js';

const response = 'SIP/2.0 200 OK\r\n\r\n';
const request = 'INVITE sip:a@b SIP/2.0\r\n\r\n';

const rows: readonly [name: string, payload: string, expected: object][] = [
  ['authenticate with tags', 'm|authenticate|secret|a,b', { kind: 'authenticate', id: 'm', secret: 'secret', tags: ['a', 'b'] }],
  ['authenticate without tags', 'm|authenticate|secret|', { kind: 'authenticate', id: 'm', secret: 'secret', tags: [] }],
  ['route, verb in lower case', 'm|route|INVITE', { kind: 'route', id: 'm', verb: 'invite' }],
  ['remove_route', 'm|remove_route|invite', { kind: 'remove_route', id: 'm', verb: 'invite' }],
  ['ping', 'm|ping', { kind: 'ping', id: 'm' }],
  ['response', `m|sip|tid|\r\n${response}`, { kind: 'response', id: 'm', transactionId: 'tid', text: response }],
  ['response without transaction', `m|sip||\r\n${response}`, { kind: 'refused', id: 'm', text: 'transaction id missing' }],
  ['new request', `m|sip||\r\n${request}`, { kind: 'request', id: 'm', transactionId: '', dialogId: '', routeUrl: '', text: request }],
  ['new request with route url', `m|sip|||sip:1.2.3.4;transport=tcp\r\n${request}`,
    { kind: 'request', id: 'm', transactionId: '', dialogId: '', routeUrl: 'sip:1.2.3.4;transport=tcp', text: request }],
  ['in dialog', `m|sip||call;from-tag=x\r\n${request}`,
    { kind: 'request', id: 'm', transactionId: '', dialogId: 'call;from-tag=x', routeUrl: '', text: request }],
  ['CANCEL', 'm|sip|tid|\r\nCANCEL sip:a SIP/2.0\r\n\r\n',
    { kind: 'request', id: 'm', transactionId: 'tid', dialogId: '', routeUrl: '', text: 'CANCEL sip:a SIP/2.0\r\n\r\n' }],
  ['proxy', 'm|proxy|tid|remainInDialog|fullResponse||serial|1s|30s|sip:a|sip:b\r\nINVITE sip:a SIP/2.0\r\n\r\n', {
    kind: 'proxy', id: 'm', transactionId: 'tid', text: 'INVITE sip:a SIP/2.0\r\n\r\n',
    options: {
      remainInDialog: true, fullResponse: true, followRedirects: false, simultaneous: false, provisionalTimeout: '1s',
      finalTimeout: '30s', destinations: ['sip:a', 'sip:b'],
    },
  }],
  ['proxy with too few fields', 'm|proxy|tid', { kind: 'refused', id: 'm', text: 'Invalid proxy request: not enough information provided' }],
  ['unknown kind', 'm|dance', { kind: 'refused', id: 'm', text: 'Unknown message type' }],
  ['one field only', 'm', { kind: 'refused', id: 'm', text: 'Invalid message format' }],
  ['nothing', '', { kind: 'refused', id: '', text: 'Invalid message format' }],
];

for (const [name, payload, expected] of rows) t.strictSame(readAppMessage(payload), expected, name);
