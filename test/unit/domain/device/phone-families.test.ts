import t from 'tap';
import { PHONE_FAMILIES, type LabelRefresh, type PhoneFamily } from '../../../../src/domain/device/phone-families.js';
import { labelRefreshOf, recognisePhone } from '../../../../src/domain/device/phone-families-recognise.js';

t.test('by User-Agent: family, model, firmware, and whether the label is live', async (t) => {
  for (const [userAgent, family, model, firmware, label] of [
    ['Yealink SIP-T54W 96.86.0.70', 'yealink', 'T54W', '96.86.0.70', 'live'],
    ['Yealink SIP-T46S 66.81.0.35', 'yealink', 'T46S', '66.81.0.35', 'live'],
    ['Yealink SIP-T21P 34.72.0.20', 'yealink', 'T21P', '34.72.0.20', 'none'],
    ['Yealink W70B 146.85.0.20', 'yealink', 'W70B', '146.85.0.20', 'live'],
    ['Yealink SIP-T54W', 'yealink', 'T54W', null, 'none'],
    ['PolycomVVX-VVX_450-UA/6.4.3.5814', 'poly', 'VVX 450', '6.4.3.5814', 'none'],
    ['PolyEdge-E350-UA/8.0.2.3267', 'poly', 'E350', '8.0.2.3267', 'none'],
    ['Cisco-CP-8841-3PCC/11.3.7', 'cisco-mpp', '8841', '11.3.7', 'none'],
    ['Cisco-CP-7841-3PCC/sip78xx.12-0-1', 'cisco-mpp', '7841', null, 'none'],
    ['Grandstream GXP2160 1.0.11.74', 'grandstream', 'GXP2160', '1.0.11.74', 'live'],
    ['Grandstream GXP2130 1.0.9.135', 'grandstream', 'GXP2130', '1.0.9.135', 'live'],
    ['Grandstream GRP2614 1.0.9.23', 'grandstream', 'GRP2614', '1.0.9.23', 'none'],
    ['snomD785/10.1.33.33', 'snom', 'D785', '10.1.33.33', 'none'],
    ['snom760/8.7.5.35', 'snom', '760', '8.7.5.35', 'none'],
    ['Fanvil X5U-V2 2.12.16.17 0c383e557eb1', 'fanvil', 'X5U-V2', '2.12.16.17', 'none'],
    ['AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)', 'audiocodes', '440HDG', '2.2.8.61', 'none'],
    ['AUDC/3.4.6.604 AUDC-IPPhone-C450HD_UC_3.4.6.604/1', 'audiocodes', 'C450HD', '3.4.6.604', 'none'],
  ] as readonly (readonly [string, PhoneFamily, string, string | null, LabelRefresh])[]) {
    const phone = recognisePhone({ type: 'Something', model: 'else' }, userAgent);
    t.same({ ...phone, label: labelRefreshOf(phone) }, { family, model, firmware, label }, userAgent);
  }
});

t.test('by the administrator\'s words where the phone says nothing we know; never live, since the firmware is not known', async (t) => {
  for (const [type, model, userAgent, family] of [
    ['Yealink', 'T54W', null, 'yealink'],
    ['yealink', 'T54W', 'Custom/1.0', 'yealink'],
    ['Polycom', 'VVX 450', null, 'poly'],
    ['Poly', 'Edge E350', null, 'poly'],
    ['Cisco', '8841', null, 'cisco-mpp'],
    ['Cisco', 'SPA504G', null, 'other'],
    ['Cisco SPA', '504G', null, 'other'],
    ['Cisco', 'ATA192', 'Cisco/ATA192-11.1.0', 'other'],
    ['Grandstream', 'GRP2614', null, 'grandstream'],
    ['Snom', 'D785', '', 'snom'],
    ['Fanvil', 'X5U', null, 'fanvil'],
    ['Audio Codes', '445HD', null, 'audiocodes'],
    ['AudioCodes', '445HD', null, 'audiocodes'],
    ['Other', 'Yealink-like', null, 'other'],
    ['', '', `Yealink ${'x'.repeat(300)}`, 'other'],
  ] as readonly (readonly [string, string, string | null, PhoneFamily])[]) {
    const phone = recognisePhone({ type, model }, userAgent);
    t.same(phone, { family, model, firmware: null }, `${type} ${model} ${userAgent?.slice(0, 20)}`);
    t.equal(labelRefreshOf(phone), 'none');
  }
  t.match(recognisePhone({ type: 'Yealink', model: 'T54W' }, 'snomD785/10.1.33.33'), { family: 'snom', model: 'D785' }, 'the phone that is there wins');
});

t.test('no event asks for a restart; what is live and what has an event is told where from', async (t) => {
  for (const [family, facts] of Object.entries(PHONE_FAMILIES)) {
    t.notMatch(facts.resyncEvent ?? '', /reboot=true|^reboot|restart/, family);
    t.equal(facts.sources.length > 0, facts.resyncEvent !== null, family);
    t.ok(facts.liveLabels.every(({ source }) => source !== ''), family);
  }
});

t.test('hostile User-Agents take no time', async (t) => {
  for (const text of ['Yealink SIP-', 'Polycom', 'snom', 'AUDC/', 'Cisco-CP-']) {
    t.equal(recognisePhone({ type: '', model: '' }, text + '1.'.repeat(100_000)).family, 'other');
  }
});
