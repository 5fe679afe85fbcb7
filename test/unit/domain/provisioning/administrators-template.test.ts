import t from 'tap';
import { lintTemplate, type LintOutcome } from '../../../../src/domain/provisioning/lint-template.js';
import { composeConfiguration } from '../../../../src/domain/provisioning/compose-configuration.js';
import { parseXml } from '../../../../src/domain/provisioning/xml-tree.js';
import { createPhoneFiles } from '../../../../src/rendering/phone-renderer.js';
import { PHONE_FACTS, TEMPLATE_FOLDER } from '../../../support/phone-facts.js';

const files = createPhoneFiles(TEMPLATE_FOLDER);
const HOSTS = { allowedHosts: ['media.example.com'] };

function lint(maker: string, model: string, text: string): LintOutcome {
  const found = files.findModel(maker, model);
  if (found === null) throw new Error(`no ${maker} ${model}`);
  return lintTemplate(text, files.templateRules(found), HOSTS);
}

/** The file with the template in it. */
function merged(maker: string, model: string, text: string): string {
  const found = files.findModel(maker, model);
  const outcome = lint(maker, model, text);
  if (found === null || outcome.kind !== 'clean') throw new Error(JSON.stringify(outcome));
  const rendered = files.render(found, maker === 'Softphone' ? 'config' : 'device', composeConfiguration(PHONE_FACTS, found).configuration, outcome.settings);
  if (rendered.kind !== 'rendered') throw new Error(rendered.kind);
  return rendered.body;
}

t.test('what may be set is set, in the place of what is there, else added', async (t) => {
  for (const [maker, model, template, there, gone] of [
    ['Yealink', 'T54W', '# our own\nlocal_time.time_format = 0\r\nphone_setting.ring_type = Ring2.wav\n', /\nlocal_time\.time_format = 0\n[^]*\nphone_setting\.ring_type = Ring2\.wav\n$/, /time_format = 1/],
    ['AudioCodes', '425HD', '; ours\nsystem/ntp/date_display_format=AMERICAN', /\nsystem\/ntp\/date_display_format=AMERICAN\n$/, null],
    ['Poly', 'VVX 450', '<a lcl.datetime.time.24HourClock="0" call.callWaiting.enable="0"/>', /lcl\.datetime\.time\.24HourClock="0"[^]*<template call\.callWaiting\.enable="0"\/>\n<\/phone>/, /24HourClock="1"/],
    ['Cisco', '8841', '<Time_Format>12hr</Time_Format><Ringer_Volume>3</Ringer_Volume>', /<Time_Format ua="na">12hr<\/Time_Format>[^]*<Ringer_Volume ua="na">3<\/Ringer_Volume>\n<\/flat-profile>/, /24hr/],
    ['Grandstream', 'GRP2614', '<gs_provision><config version="2"><item name="dateTime.format.time">12Hour</item><item name="ringtone.default">r &amp; b</item><P102>1</P102></config></gs_provision>',
      /dateTime\.format\.time">12Hour<[^]*<item name="ringtone\.default">r &amp; b<\/item>\n<P102>1<\/P102>\n<\/config>/, /24Hour/],
    ['Snom', 'D785', '<settings><phone-settings><time_24_format>off</time_24_format><user_ringer idx="1">Ringer2</user_ringer></phone-settings></settings>',
      /<time_24_format perm="R">off<[^]*<user_ringer idx="1" perm="R">Ringer2<\/user_ringer>\n<\/phone-settings>/, /24_format perm="R">on/],
    ['Fanvil', 'X5U', '<sysConf><phone><timeDisplay><TimeDisplayStyle>1</TimeDisplayStyle><DateDisplayStyle>6</DateDisplayStyle></timeDisplay></phone><sip><line index="1"><AutoAnswer>1</AutoAnswer></line></sip></sysConf>',
      /<line index="1">[^]*?<AutoAnswer>1<\/AutoAnswer>\n<\/line>\n<line index="2">[^]*<TimeDisplayStyle>1<\/TimeDisplayStyle>\n<DateDisplayStyle>6<\/DateDisplayStyle>\n<\/timeDisplay>/, /TimeDisplayStyle>0/],
    ['Softphone', 'baresip', 'jitter_buffer_delay 10-20\nvideo_bitrate 512000', /\njitter_buffer_delay 10-20\n[^]*\nvideo_bitrate 512000\n$/, /delay 5-10/],
  ] as const) {
    const body = merged(maker, model, template);
    t.match(body, there, maker);
    if (gone !== null) t.notMatch(body, gone, maker);
  }
});

t.test('what may not be set is refused with line and remedy', async (t) => {
  for (const [name, maker, model, template, line, text] of [
    ['a password', 'Yealink', 'T54W', '\naccount.1.password = x', 2, /product alone/],
    ['web passwords', 'Yealink', 'T54W', 'static.security.user_password = admin:x', 1, /product alone/],
    ['provisioning URL', 'Yealink', 'T54W', 'static.auto_provision.server.url = https://media.example.com/', 1, /product alone/],
    ['firmware', 'Yealink', 'T54W', 'static.firmware.url = https://media.example.com/a.rom', 1, /product alone/],
    ['who controls it', 'Yealink', 'T54W', 'features.action_uri_limit_ip = any', 1, /product alone/],
    ['a key nobody listed', 'Yealink', 'T54W', 'network.vlan.internet_port_enable = 1', 1, /not among/],
    ['no setting', 'Yealink', 'T54W', 'phone_setting.ring_type = a\nwhat is this', 2, /key = value/],
    ['the same twice', 'Yealink', 'T54W', 'phone_setting.ring_type = a\nphone_setting.ring_type = b', 2, /twice/],
    ['a macro', 'Yealink', 'T54W', 'phone_setting.ring_type = %NULL%', 1, /reads as something else/],
    ['http', 'Yealink', 'T54W', 'phone_setting.x = http://media.example.com/a', 1, /use https/],
    ['another host', 'Yealink', 'T54W', 'phone_setting.x = https://evil.example/a', 1, /evil\.example.*not allowed/],
    ['a host in disguise', 'Yealink', 'T54W', 'phone_setting.x = https://media.example.com@evil.example/a', 1, /not allowed/],
    ['a host with a tail', 'Yealink', 'T54W', 'phone_setting.x = https://media.example.com.evil.example/a', 1, /not allowed/],
    ['TFTP', 'Yealink', 'T54W', 'phone_setting.x = tftp://media.example.com/a', 1, /use https/],
    ['Poly passwords', 'Poly', 'VVX 450', '<a\n call.x="1"\n device.auth.localAdminPassword="1"/>', 3, /product alone/],
    ['Poly text', 'Poly', 'VVX 450', '<a>text</a>', 1, /attributes/],
    ['Poly accounts', 'Poly', 'VVX 450', '<a reg.1.address="1"/>', 1, /not among/],
    ['Cisco rule', 'Cisco', '8841', '<Profile_Rule>https://media.example.com/x</Profile_Rule>', 1, /product alone/],
    ['Cisco upgrade', 'Cisco', '8841', '<flat-profile>\n<Upgrade_Rule>x</Upgrade_Rule>\n</flat-profile>', 2, /product alone/],
    ['Cisco macro', 'Cisco', '8841', '<Text_Logo>$MA</Text_Logo>', 1, /reads as something else/],
    ['Grandstream password', 'Grandstream', 'GRP2614', '<P2>secret</P2>', 1, /not among/],
    ['Grandstream by name', 'Grandstream', 'GRP2614', '<item name="users.admin.password">x</item>', 1, /product alone/],
    ['Grandstream by part', 'Grandstream', 'GRP2614', '<item name="users.admin"><part name="password">x</part></item>', 1, /product alone/],
    ['Snom', 'Snom', 'D785', '<setting_server>x</setting_server>', 1, /product alone/],
    ['Snom account', 'Snom', 'D785', '<user_pass idx="1">x</user_pass>', 1, /product alone/],
    ['Fanvil account', 'Fanvil', 'X5U', '<sysConf>\n<sip>\n<line index="1"><RegisterPswd>x</RegisterPswd></line></sip></sysConf>', 3, /product alone/],
    ['AudioCodes include', 'AudioCodes', '425HD', 'include https://media.example.com/x', 1, /path=value/],
    ['AudioCodes line', 'AudioCodes', '425HD', 'voip/line/0/auth_name=x', 1, /product alone|not among/],
    ['DTD', 'Cisco', '8841', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Text_Logo>&x;</Text_Logo>', 1, /not allowed/],
    ['CDATA', 'Cisco', '8841', '<Text_Logo><![CDATA[x]]></Text_Logo>', 1, /not allowed/],
    ['not closed', 'Cisco', '8841', '<Text_Logo>\nx', 1, /not closed/],
    ['too long', 'Yealink', 'T54W', '#'.repeat(70_000), 1, /shorten/],
  ] as const) {
    const outcome = lint(maker, model, template);
    t.equal(outcome.kind, 'problems', name);
    t.match(outcome.kind === 'problems' ? outcome.problems[0] : null, { line, text }, name);
  }
});

t.test('XML that is none', async (t) => {
  for (const text of ['<', '<a', '<a b>', '<a b=c>', '<a b="<">', '<a></b>', '</a>', 'x', '<a>&</a>', '<a>&x;</a>', '<a>&#0;</a>', '<a>&#x110000;</a>', '<a b="1" b="2"/>', '<a b="1"c="2"/>',
    '<!--', '<?php ?>', '<a>'.repeat(40), '<a b="', '<1/>']) {
    t.equal(parseXml(text).kind, 'malformed', text.slice(0, 30));
  }
  t.equal(parseXml('<?xml version="1.0"?>\n<!-- c -->\n<a b=\'1 &lt; 2\'><b/>&#x41;</a>').kind, 'tree');
});
