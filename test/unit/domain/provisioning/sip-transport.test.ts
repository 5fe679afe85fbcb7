import t from 'tap';
import { chooseTransport, type PhoneServer, type SipTransportWish, type TlsCertificate, type TransportChoice } from '../../../../src/domain/provisioning/sip-transport.js';
import { createPhoneFiles } from '../../../../src/rendering/phone-renderer.js';
import { TEMPLATE_FOLDER } from '../../../support/phone-facts.js';

const files = createPhoneFiles(TEMPLATE_FOLDER);
const modelOf = (maker: string, model: string) => {
  const found = files.findModel(maker, model);
  if (found === null) throw new Error(`${maker} ${model}`);
  return found;
};
/** Takes a certificate from a file; is believed to; does not. */
const [yealink, snom, poly] = [modelOf('Yealink', 'T54W'), modelOf('Snom', 'D785'), modelOf('Poly', 'VVX 450')];
const server = (certificate: TlsCertificate | null): PhoneServer => ({
  host: 'sip.example.com', port: 5060, tls: certificate === null ? null : { port: 5061, certificate },
  certificateFile: certificate === 'own' ? 'ca-0123456789abcdef.pem' : null, encryptedPrompts: false,
});
const CA = 'ca-0123456789abcdef.pem';

for (const [name, wish, certificate, model, transport, certificateFile, reason] of [
  ["the operator's certificate", 'auto', 'given', poly, 'tls', null, ''],
  ['our own, and the phone takes it from a file', 'auto', 'own', yealink, 'tls', CA, ''],
  ['our own, and nobody verified that the phone takes it', 'auto', 'own', snom, 'udp', CA, /not encrypted.*nobody has verified that Snom D785.*Set TLS_CERT/],
  ['our own, and the phone takes none', 'auto', 'own', poly, 'udp', null, /not encrypted.*Poly VVX 450 takes none.*Set TLS_CERT/],
  ['for another name', 'auto', 'other-name', yealink, 'udp', null, /not encrypted.*not for the address/],
  ["another program's", 'auto', 'unknown', yealink, 'udp', null, /another program listens/],
  ['nothing listens', 'auto', null, yealink, 'udp', null, /nothing listens for TLS. Set SIP_TLS_PORT/],
  ['TLS is asked for and nothing listens', 'tls', null, yealink, 'udp', null, /nothing listens for TLS/],
  ['TLS is asked for and trusted', 'tls', 'given', poly, 'tls', null, ''],
  ['TLS is asked for and doubtful', 'tls', 'own', poly, 'tls', null, /as asked for, and the phone may refuse: .*takes none/],
  ['TLS is asked for, and perhaps the phone takes our own', 'tls', 'own', snom, 'tls', CA, /may refuse/],
  ['UDP is asked for', 'udp', 'given', yealink, 'udp', null, ''],
  ['TCP is asked for', 'tcp', 'given', yealink, 'tcp', null, ''],
] as const satisfies readonly (readonly [string, SipTransportWish, TlsCertificate | null, unknown, TransportChoice['transport'], string | null, string | RegExp])[]) {
  const choice = chooseTransport(wish, server(certificate), model);
  t.match(choice, { transport, certificateFile, port: transport === 'tls' ? 5061 : 5060, reason }, name);
  t.equal(choice.reason === '', reason === '', `${name}: a reason or none`);
}
