import t from 'tap';
import { SETTINGS, defaultSipDomain, flagOf, readSettings } from '../../../src/config/settings.js';

const none = new Map<string, string>();

t.test('defaults are the contract', async (t) => {
  const result = readSettings(none, {});
  if (result.kind !== 'settings') return t.fail(result.problems.join());
  t.match(result.settings, { dataDir: './var', httpPort: 8080, httpBind: '0.0.0.0', sipBind: '0.0.0.0', sipPort: 5060, logLevel: 'info' });
  t.equal(result.settings.redisUrl, undefined);
});

t.test('every setting has a flag of its own and a meaning', async (t) => {
  const flags = Object.values(SETTINGS).map((row) => flagOf(row.env));
  t.equal(new Set(flags).size, flags.length);
  t.ok(Object.values(SETTINGS).every((row) => row.meaning.length > 5));
});

t.test('precedence: flag over environment over file over default', async (t) => {
  const dir = t.testdir({ 'settings.json': JSON.stringify({ HTTP_PORT: 1, SIP_PORT: '2', LOG_LEVEL: 'warn' }) });
  const result = readSettings(new Map([['HTTP_PORT', '3'], ['CONFIG_FILE', `${dir}/settings.json`]]), { HTTP_PORT: '4', SIP_PORT: '5' });
  if (result.kind !== 'settings') return t.fail(result.problems.join());
  t.match(result.settings, { httpPort: 3, sipPort: 5, logLevel: 'warn' });
});

t.test('several rtpengines, with and without udp:', async (t) => {
  const result = readSettings(none, { RTPENGINE_URL: 'udp:media1.example:2223, [2001:db8::1]:22222,192.0.2.1:2223' });
  t.match(result, { settings: { rtpengineUrl: [{ host: 'media1.example', port: 2223 }, { host: '2001:db8::1', port: 22222 }, { host: '192.0.2.1', port: 2223 }] }, notServed: [] });
});

t.test('what is wrong is named, all of it at once', async (t) => {
  const result = readSettings(new Map([['HTTP_PORT', '99999']]), {
    SIP_PORT: '0x10', SIP_BIND: 'localhost', LOCAL_NETWORKS: '10.0.0.0/33', TRUSTED_SOURCES: 'sbc', SIP_RATE_LIMIT_USER: '-1', REDIS_URL: 'http://x', LOG_LEVEL: 'loud', SECRET_KEY: 'short',
    DRACHTIO_URL: 'nowhere', SIP_DOMAIN: 'a b', SIP_TLS_PORT: '-1', SIP_WS_ORIGINS: 'phone.example',
    SIP_OUTBOUND_PROXY: 'proxy.example.com', SIP_DNS_SERVERS: '192.0.2.53, dns.example',
    RTPENGINE_URL: 'udp:192.0.2.1:2223, nowhere', MEDIA_RELAY: 'sometimes',
  });
  if (result.kind !== 'problems') return t.fail('accepted');
  for (const name of ['HTTP_PORT', 'SIP_PORT', 'SIP_BIND', 'LOCAL_NETWORKS', 'TRUSTED_SOURCES', 'SIP_RATE_LIMIT_USER', 'REDIS_URL', 'LOG_LEVEL', 'SECRET_KEY', 'DRACHTIO_URL', 'SIP_DOMAIN', 'SIP_TLS_PORT', 'SIP_WS_ORIGINS',
    'SIP_OUTBOUND_PROXY', 'SIP_DNS_SERVERS', 'RTPENGINE_URL', 'MEDIA_RELAY']) {
    t.ok(result.problems.some((line) => line.startsWith(name)), name);
  }
  t.notMatch(result.problems.join(), /short/, 'a secret is not repeated');
});

const refused = [
  ['DATABASE_URL needs SECRET_KEY', { DATABASE_URL: 'postgres://u@h/d' }, /^SECRET_KEY is missing/],
  ['DRACHTIO_URL needs DRACHTIO_SECRET', { DRACHTIO_URL: '127.0.0.1:9022' }, /^DRACHTIO_SECRET is missing/],
  ['TLS_CERT needs TLS_KEY', { TLS_CERT: '/c.pem' }, /^TLS_KEY is missing/],
  ['TLS_KEY needs TLS_CERT', { TLS_KEY: '/k.pem' }, /^TLS_CERT is missing/],
  ['SMTP_URL needs MAIL_FROM', { SMTP_URL: 'smtp://mail.example' }, /^MAIL_FROM is missing/],
  ['MAIL_FROM needs SMTP_URL', { MAIL_FROM: 'a@b.example' }, /^SMTP_URL is missing/],
  ['an option of SMTP_URL that nobody knows', { SMTP_URL: 'smtp://u:secret@mail.example?pool=true', MAIL_FROM: 'a@b.example' }, /^SMTP_URL (?!.*secret).*"pool"/],
  ['a sender that is no address', { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'Phones' }, /^MAIL_FROM/],
  ['a port of media below 1024', { RTP_PORT_MIN: '80' }, /^RTP_PORT_MIN .*1024/],
  ['no pair of ports in the range', { RTP_PORT_MIN: '20001', RTP_PORT_MAX: '20002' }, /^RTP_PORT_MAX is 20002.*no pair/],
  ['a file that is not there', { CONFIG_FILE: '/nonexistent.json' }, /^CONFIG_FILE/],
] as const;
for (const [name, env, pattern] of refused) {
  t.test(name, async (t) => {
    const result = readSettings(none, env);
    t.match(result, { kind: 'problems', problems: [pattern] });
  });
}

t.test('an unknown name in the file is a problem', async (t) => {
  const dir = t.testdir({ 'c.json': '{"HTTP_PROT": 1}' });
  t.match(readSettings(none, { CONFIG_FILE: `${dir}/c.json` }), { kind: 'problems', problems: [/HTTP_PROT/] });
});

t.test('settings of later versions are told, not ignored in silence', async (t) => {
  t.match(readSettings(none, { TRUSTED_PROXIES: '192.0.2.1' }), { kind: 'settings', notServed: ['TRUSTED_PROXIES'] });
});

t.test('a listener has a port or is off', async (t) => {
  const result = readSettings(none, { SIP_TLS_PORT: 'off', SIP_WS_PORT: '0', SIP_WS_ORIGINS: 'https://a.example, *' });
  if (result.kind !== 'settings') return t.fail(result.problems.join());
  t.match(result.settings, { sipTlsPort: 'off', sipWsPort: 0, sipWsOrigins: ['https://a.example', '*'] });
  t.equal(result.settings.sipWssPort, undefined, 'unset: the default port, where it is free');
});

t.test('where SIP goes: outbound proxy and name servers', async (t) => {
  const result = readSettings(none, { SIP_OUTBOUND_PROXY: 'sip:proxy.example.com;transport=tcp', SIP_DNS_SERVERS: '192.0.2.53, 192.0.2.54:5353,[2001:db8::53]:5353, 2001:db8::54' });
  if (result.kind !== 'settings') return t.fail(result.problems.join());
  t.match(result.settings, {
    sipOutboundProxy: 'sip:proxy.example.com;transport=tcp', sipDnsServers: ['192.0.2.53', '192.0.2.54:5353', '[2001:db8::53]:5353', '2001:db8::54'],
  });
});

t.test('the default domain: the setting, else the address listened on, else the machine', async (t) => {
  const read = (env: NodeJS.ProcessEnv) => {
    const result = readSettings(none, env);
    return result.kind === 'settings' ? defaultSipDomain(result.settings) : 'problem';
  };
  t.equal(read({ SIP_DOMAIN: 'Voice.Example.COM' }), 'voice.example.com');
  t.equal(read({ SIP_BIND: '127.0.0.1' }), '127.0.0.1');
  t.match(read({}), /^[0-9a-f.:]+$/);
});
