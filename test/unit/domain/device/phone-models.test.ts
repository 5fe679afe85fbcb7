import t from 'tap';
import { PHONE_FAMILIES } from '../../../../src/domain/device/phone-families.js';
import { capacityOf, isProvisioned, PHONE_BRANDS, PROVISIONED_BRANDS, readPhone } from '../../../../src/domain/device/phone-models.js';
import { recognisePhone } from '../../../../src/domain/device/phone-families-recognise.js';

t.test('makers and models as people write them', async (t) => {
  for (const [type, model, kept] of [
    ['yealink', 'sip-t46s', ['Yealink', 'T46S']],
    ['Yealink', 'T54W', ['Yealink', 'T54W']],
    ['Polycom', 'vvx450', ['Poly', 'VVX 450']],
    ['Poly', 'edge e350', ['Poly', 'Edge E350']],
    ['Cisco', 'CP-8841-3PCC', ['Cisco', '8841']],
    ['snom', 'snom D785', ['Snom', 'D785']],
    ['Grandstream', '', ['Grandstream', '']],
    ['Fanvil', 'Other', ['Fanvil', 'other']],
    ['other', 'Doorbell 3', ['Other', 'Doorbell 3']],
    ['Softphone', 'baresip', ['Softphone', 'baresip']],
  ] as const) {
    const verdict = readPhone(type, model);
    t.same(verdict.kind === 'known' && [verdict.type, verdict.model], kept, `${type} ${model}`);
  }
  for (const [type, model, field, remedy] of [
    ['Acme', 'A1', 'type', /Yealink, Poly.*Other takes every SIP phone/],
    ['Yealink', 'T999', 'model', /T54W.*or other/],
    ['Cisco', 'SPA504G', 'model', /8841/],
  ] as const) {
    t.match(readPhone(type, model), { kind: 'unknown', field, text: remedy }, `${type} ${model}`);
  }
});

t.test('no two models of a maker are one, and every maker of the list is a family', async (t) => {
  for (const [brand, { models }] of Object.entries(PHONE_BRANDS)) {
    const names = models.map(({ name }) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
    t.equal(new Set(names).size, names.length, brand);
    t.ok(models.every(({ lineKeys }) => lineKeys === null || (Number.isInteger(lineKeys) && lineKeys >= 0)), brand);
  }
  for (const brand of PROVISIONED_BRANDS) {
    const { family } = recognisePhone({ type: brand, model: '' }, null);
    t.not(family, 'other', brand);
    t.ok(PHONE_FAMILIES[family].resyncEvent, brand);
    t.ok(PHONE_FAMILIES[family].restartEvent, brand);
  }
});

t.test('keys and who reads configuration from us', async (t) => {
  t.same(capacityOf({ type: 'Yealink', model: 'T46S' }), { name: 'T46S', accounts: 16, lineKeys: 27 });
  t.match(capacityOf({ type: 'Poly', model: 'VVX 101' }), { accounts: null, lineKeys: 2 });
  t.match(capacityOf({ type: 'Yealink', model: 'other' }), { accounts: null, lineKeys: null });
  t.ok(isProvisioned({ type: 'Yealink' }));
  t.notOk(isProvisioned({ type: 'Softphone' }));
  t.notOk(isProvisioned({ type: 'Acme' }));
});
