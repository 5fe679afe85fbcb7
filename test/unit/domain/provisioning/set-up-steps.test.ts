import t from 'tap';
import { PHONE_BRANDS, PROVISIONED_BRANDS } from '../../../../src/domain/device/phone-models.js';
import { addressToType, setUpSteps } from '../../../../src/domain/provisioning/set-up-steps.js';
import { createSetUpGuides } from '../../../../src/rendering/set-up-guides.js';

const guides = createSetUpGuides('provisioning-templates');
const account = { userName: 'k3v9', domain: 'pbx.example.com', outboundProxy: '192.0.2.1:5060' };
const folder = 'https://pbx.example.com/p/abcdefghjkmnpqrs/';
const phone = { macAddress: '001565a1b2c3', folder, account };

t.test('every maker that reads files of ours has a guide with at least two ways', async (t) => {
  for (const brand of PROVISIONED_BRANDS) {
    const kinds = setUpSteps(guides.guideOf(brand), phone).map(({ kind }) => kind);
    for (const kind of ['factory-reset', 'address', 'in-browser', 'dhcp', 'check'] as const) t.ok(kinds.includes(kind), `${brand}: ${kind}`);
    t.notOk(kinds.includes('by-hand'), `${brand} is not set up by hand`);
    t.equal(kinds.at(-1), 'check', `${brand}: the check comes last`);
  }
  for (const { maker } of guides.prefixes) t.ok(maker in PHONE_BRANDS, `${maker} is written as devices have it`);
});

const ADDRESSES: readonly (readonly [maker: string, folder: string | null, address: string])[] = [
  ['Yealink', folder, folder],
  ['Cisco', folder, `${folder}$MA.xml`],
  ['Fanvil', folder, `${folder}$mac.cfg`],
  ['Snom', folder, `${folder}001565A1B2C3.xml`],
  ['AudioCodes', null, '{folder}001565A1B2C3.cfg'],
  ['Yealink', 'https://pbx.example.com/p/$&$1abcdefghjkmn/', 'https://pbx.example.com/p/$&$1abcdefghjkmn/'],
];

t.test('what is typed in', async (t) => {
  for (const [maker, folderOfPhone, address] of ADDRESSES) {
    const guide = guides.guideOf(maker);
    if (guide === null) t.fail(`no guide of ${maker}`);
    else t.equal(addressToType(guide, { ...phone, folder: folderOfPhone }), address, maker);
  }
});

t.test('one who knows nothing of the maker types the account in, without its password', async (t) => {
  const [byHand, check] = setUpSteps(guides.guideOf('Other'), phone);
  t.match(byHand, { kind: 'by-hand', lines: [/k3v9/, /ask an administrator/, /pbx\.example\.com/, /192\.0\.2\.1/, /4733/] });
  t.match(check, { kind: 'check' });
});

t.test('an address that is not known yet says how it is made, and DHCP says that it is of one phone', async (t) => {
  const steps = setUpSteps(guides.guideOf('Poly'), { ...phone, folder: null });
  t.match(steps.find(({ kind }) => kind === 'address')?.lines, ['{folder}', /window for enrolling/, /password/]);
  t.match(steps.find(({ kind }) => kind === 'dhcp')?.lines, [/option 160 .*never give it to a whole network\. The phone also reads option 66:/]);
});
