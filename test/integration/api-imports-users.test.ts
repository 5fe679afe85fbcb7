import t from 'tap';
import { startApiOffice } from '../support/api-office.js';
import { csvText, importDesk, tableOf } from '../support/import-desk.js';

const office = await startApiOffice(t);
const { expect } = office;
const users = importDesk(office, 'users');

const TITLES = ['Email', 'First Name', 'Calling Plans', 'Extension Number', 'Phone Numbers', 'Desk Phone 1 Brand', 'Desk Phone 1 Model', 'Desk Phone 1 MAC Address'];
const NUMBER = '+12125550101';
const PLAN = 'US/CA Unlimited Calling Plan';
const show = (id: string, row: number) => users.rows(id).then((rows) => rows.find((one) => one.row === row));
const of = async (email: string) => tableOf(await users.exported()).find((row) => row['Email'] === email);

let empty = '';
let first = '';

t.test('people who are new', async (t) => {
  await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'Example', phone_numbers: [NUMBER, '+12125550102'] });
  await expect(204, 'PATCH', '/v2/cordboard/plans/200', { subscribed: 2 });
  empty = await users.exported();
  t.equal(tableOf(empty).length, 0, 'nobody has a phone');
  const planned = await users.plan([
    TITLES,
    ['ada@example.com', 'Ada', PLAN, '801', NUMBER, 'Yealink', 'T54W', '80:5e:c0:00:00:01'],
    ['grace@example.com', 'Grace', '', '0', '', '', '', ''],
    ['', '', '', '', '', '', '', ''],
    ['alan@example.com', '=HYPERLINK("x";"y")', '', '', '', '', '', ''],
  ]);
  t.match(planned, { state: 'planned', rows: 3, counts: { add: 3, update: 0, unchanged: 0, error: 0 } });
  t.match(await show(planned.id, 2), { action: 'add', subject: 'ada@example.com', changes: [{ column: 'Email', before: '', after: 'ada@example.com' }] });
  t.equal(await of('ada@example.com'), undefined, 'a plan changes nothing');
  t.match(await users.finish(planned.id, 'apply'), { state: 'applied', applied_rows: 3 });
  const ada = await of('ada@example.com');
  t.match(ada, { 'Extension Number': '801', 'Phone Numbers': NUMBER, 'Calling Plans': PLAN, 'Desk Phone 1 MAC Address': '80-5e-c0-00-00-01', 'Site Name': 'Main Site', 'User Status': 'active' });
  t.match(await of('grace@example.com'), { 'Extension Number': /^1001$/ });
  t.equal((await of('alan@example.com'))?.['First Name'], '\'=HYPERLINK("x";"y")', 'no spreadsheet calculates it');
  const device = (await expect(200, 'GET', '/v2/phone/devices?type=assigned')).json.devices[0];
  t.match(device, { display_name: 'Ada', mac_address: '805ec0000001' });
  t.equal(office.deps.directory.deviceByUserName(office.account.id, office.deps.directory.device(device.id)?.userName ?? '')?.id, device.id, 'the directory has it, with credentials');
  first = planned.id;
});

t.test('an export that comes back changes nothing, whatever separates its cells', async (t) => {
  const file = await users.exported();
  for (const [name, text] of [
    ['as it is', file], ['with a byte order mark and Unix line ends', `\ufeff${file.replaceAll('\r\n', '\n')}`],
    ['with semicolons', csvText(rowsOf(file), ';')], ['with tabs', csvText(rowsOf(file), '\t')],
  ] as const) {
    const planned = await users.plan(text);
    t.match(planned.counts, { add: 0, update: 0, unchanged: 3, error: 0 }, name);
    t.match(await users.act(409, planned.id, 'apply'), { json: { message: /no row that changes/ } });
  }
});

function rowsOf(file: string): readonly (readonly string[])[] {
  const rows = tableOf(file);
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
}

t.test('a file with an address and a MAC address leaves plan and number alone', async (t) => {
  const planned = await users.plan([['Email', 'MAC Address', 'Desk Phone 1 Brand'], ['ada@example.com', '80-5e-c0-00-00-02', 'Yealink']]);
  t.same((await show(planned.id, 2))?.changes, [
    { column: 'Desk Phone 1 Model', before: 'T54W', after: '' }, { column: 'Desk Phone 1 MAC Address', before: '80-5e-c0-00-00-01', after: '80-5e-c0-00-00-02' },
  ]);
  const before = await users.exported();
  t.match(await users.finish(planned.id, 'apply'), { state: 'applied' });
  t.match(await of('ada@example.com'), { 'Phone Numbers': NUMBER, 'Calling Plans': PLAN, 'Extension Number': '801', 'Desk Phone 1 MAC Address': '80-5e-c0-00-00-02' });
  t.match(await users.finish(planned.id, 'undo'), { state: 'undone', applied_rows: 0 });
  t.equal(await users.exported(), before, 'byte for byte as before');
});

t.test('every error by row, column and reason; the others can be applied', async (t) => {
  const columns = [...TITLES, 'Site Name', 'User Template', 'Package', 'User Status', 'Outbound Caller ID', 'SMS'];
  const row = (email: string, cells: Readonly<Record<string, string>>): string[] => columns.map((title) => (title === 'Email' ? email : cells[title] ?? ''));
  const cases: readonly (readonly [email: string, cells: Readonly<Record<string, string>>, column: string, text: RegExp])[] = [
    ['no address', {}, 'Email', /e-mail address/],
    ['b1@example.com', { 'Extension Number': '801' }, 'Extension Number', /belongs to Ada/],
    ['b2@example.com', { 'Extension Number': '0801' }, 'Extension Number', /does not begin with 0/],
    ['b3@example.com', { 'Calling Plans': 'Free beer' }, 'Calling Plans', /no plan Free beer/],
    ['b4@example.com', { 'Phone Numbers': '+12125550102' }, 'Phone Numbers', /no calling plan/],
    ['b5@example.com', { 'Calling Plans': PLAN, 'Phone Numbers': '+12125559999' }, 'Phone Numbers', /has no number/],
    ['b6@example.com', { 'Calling Plans': PLAN, 'Phone Numbers': NUMBER }, 'Phone Numbers', /assigned to Ada/],
    ['b7@example.com', { 'Desk Phone 1 MAC Address': '8.05E+11' }, 'Desk Phone 1 MAC Address', /spreadsheet/],
    ['b8@example.com', { 'Desk Phone 1 MAC Address': '80-5e-c0-00-00-01', 'Desk Phone 1 Brand': 'Yealink' }, 'Desk Phone 1 MAC Address', /assigned to Ada/],
    ['b9@example.com', { 'Desk Phone 1 MAC Address': '02-00-00-00-00-01' }, 'Desk Phone 1 Brand', /Give the brand/],
    ['c1@example.com', { 'Desk Phone 1 Brand': 'Yealink' }, 'Desk Phone 1 Brand', /give its MAC address/],
    ['c2@example.com', { 'Site Name': 'Atlantis' }, 'Site Name', /No site/],
    ['c3@example.com', { 'User Template': 'Nobody' }, 'User Template', /no template/],
    ['c4@example.com', { 'Package': 'Nothing' }, 'Package', /no such package/],
    ['c5@example.com', { 'User Status': 'asleep' }, 'User Status', /active or inactive/],
    ['c6@example.com', { 'Outbound Caller ID': NUMBER }, 'Outbound Caller ID', /may not show/],
    ['c7@example.com', { SMS: 'perhaps' }, 'SMS', /yes or no/],
  ];
  const planned = await users.plan([
    columns, ...cases.map(([email, cells]) => row(email, cells)),
    row('good@example.com', { 'Extension Number': '810', 'Calling Plans': PLAN }), row('good@EXAMPLE.com', {}), row('same@example.com', { 'Extension Number': '810' }),
    row('late@example.com', { 'Calling Plans': PLAN }),
  ]);
  t.match(planned.counts, { add: 1, error: cases.length + 3 });
  const rows = await users.rows(planned.id);
  for (const [place, [email, , column, text]] of cases.entries()) {
    t.match(rows[place]?.problems, [{ column, message: text }], email);
  }
  const [twice, same, late] = rows.slice(cases.length + 1);
  t.match(twice?.problems, [{ column: 'Email', message: `Row ${cases.length + 2} has the same.` }], 'an address that stands there twice');
  t.match(same?.problems, [{ column: 'Extension Number', message: `Row ${cases.length + 2} has the same.` }], 'an extension, too');
  t.match(late?.problems, [{ column: 'Calling Plans', message: /No seat of US\/CA Unlimited/ }], 'seats are counted for the whole file');
  t.equal((await users.rows(planned.id, 'changes')).length, 1);
  t.match((await users.act(409, planned.id, 'apply')).json.errors, [{ field: 'faulty_rows' }]);
  t.match(await users.finish(planned.id, 'apply', { faulty_rows: 'ignore' }), { state: 'applied', applied_rows: 1 });
  t.match(await of('good@example.com'), { 'Extension Number': '810' });
  t.match(await users.finish(planned.id, 'undo'), { state: 'undone' });
});

t.test('what changes between plan and apply stops it; planned again it goes', async (t) => {
  const planned = await users.plan([['Email', 'Department'], ['grace@example.com', 'Compilers'], ['ada@example.com', 'Engines']]);
  const ada = (await expect(200, 'GET', '/v2/users/ada@example.com')).json;
  await expect(204, 'PATCH', `/v2/users/${ada.id}`, { dept: 'Poetry' });
  const stopped = await users.finish(planned.id, 'apply');
  t.match(stopped, { state: 'failed', applied_rows: 0, problems: [{ row: 3, column: 'Department', message: /it is "Poetry" now, and was "" then/ }] });
  t.equal((await of('grace@example.com'))?.['Department'], '', 'nothing of it is there');
  t.match(await users.finish(planned.id, 'plan'), { state: 'planned', counts: { update: 2 } });
  t.match(await users.finish(planned.id, 'apply'), { state: 'applied' });
  await expect(204, 'PATCH', `/v2/users/${ada.id}`, { dept: 'Algebra' });
  const blocked = await users.finish(planned.id, 'undo');
  t.match(blocked, { state: 'applied', problems: [{ row: 3, message: /Changed since the import: user department/ }] }, 'a later change stands in the way of undoing');
  t.equal((await of('grace@example.com'))?.['Department'], 'Compilers', 'nothing of it is undone');
  await expect(204, 'PATCH', `/v2/users/${ada.id}`, { dept: 'Engines' });
  t.match(await users.finish(planned.id, 'undo'), { state: 'undone' });
  t.equal((await of('ada@example.com'))?.['Department'], 'Poetry');
});

t.test('- clears, an empty cell keeps', async (t) => {
  const before = await users.exported();
  const planned = await users.plan([['Email', 'First Name', 'Calling Plans', 'Desk Phone 1 MAC'], ['ada@example.com', '', '-', '-']]);
  const row = await show(planned.id, 2);
  t.same(row?.changes.map(({ column }) => column), ['Calling Plans', 'Phone Numbers', 'Desk Phone 1 Brand', 'Desk Phone 1 Model', 'Desk Phone 1 MAC Address']);
  t.match(row?.warnings, [{ column: 'Calling Plans', message: new RegExp(`\\${NUMBER} will be free`) }], 'what goes with a plan is told');
  await users.finish(planned.id, 'apply');
  t.match(await of('ada@example.com'), { 'First Name': 'Ada', 'Calling Plans': '', 'Phone Numbers': '', 'Desk Phone 1 MAC Address': '' });
  t.equal((await expect(200, 'GET', '/v2/phone/devices?type=unassigned')).json.devices.length, 1, 'the phone stays in the account');
  await users.finish(planned.id, 'undo');
  t.equal(await users.exported(), before);
});

t.test('settings of another user are the base', async (t) => {
  await users.finish((await users.plan([['Email', 'SMS', 'Allow User to Change Outbound Caller ID'], ['ada@example.com', 'yes', 'no']])).id, 'apply');
  t.match(await of('ada@example.com'), { 'SMS': 'yes', 'Allow User to Change Outbound Caller ID': 'no' });
  const planned = await users.plan([['Email', 'SMS'], ['grace@example.com', 'no']], '&copy_from_user=ada@example.com');
  t.match((await show(planned.id, 2))?.changes, [{ column: 'Allow User to Change Outbound Caller ID', after: 'no' }, { column: 'SMS', after: 'no' }, { column: 'Copy settings from user', after: 'ada@example.com' }]);
  await users.finish(planned.id, 'apply');
  t.match(await of('grace@example.com'), { 'SMS': 'no', 'Allow User to Change Outbound Caller ID': 'no' }, 'a cell is over what is copied');
  await users.finish(planned.id, 'undo');
  t.match(await of('grace@example.com'), { 'SMS': '', 'Allow User to Change Outbound Caller ID': '' });
  await users.upload(400, csvText([['Email'], ['x@example.com']]), '&copy_from_user=nobody@example.com');
});

t.test('files that are none', async (t) => {
  for (const [name, file, text] of [
    ['an unknown column', 'Email,Shoe Size\na@example.com,9', /no such column/], ['a column twice', 'Email,E-mail\na@example.com,', /there twice/],
    ['no address column', 'First Name\nAda', /missing/], ['nothing but titles', 'Email\n', /no rows/], ['nothing', '\n', /missing/], ['an open quote', 'Email\n"a@example.com', /quote/],
    ['Latin 1', Buffer.from('Email,First Name\na@example.com,Zo\xeb', 'latin1'), /UTF-8/], ['UTF-16', Buffer.from('\ufeffEmail\na@example.com', 'utf16le'), /UTF-8/],
  ] as const) t.match(JSON.stringify((await users.upload(400, file)).json.errors), text, name);
  const planned = await users.plan('Email,First Name\na@example.com,A,B\nb@example.com,"say ""hi""; one, two"\nc@example.com,"two\nlines"');
  t.match(await users.rows(planned.id), [
    { row: 2, problems: [{ column: '', message: /3 cells, the first one 2/ }] }, { row: 3, changes: [{}, { after: 'say "hi"; one, two' }] }, { row: 4, problems: [{ column: 'First Name', message: /line break/ }] },
  ]);
  t.match(await users.finish(planned.id, 'discard'), { state: 'discarded' });
  await users.act(409, planned.id, 'apply');
  t.match(tableOf((await expect(200, 'GET', '/v2/cordboard/imports/samples/users')).text), [{ Email: 'ada@example.com' }, {}]);
  await expect(404, 'GET', '/v2/cordboard/imports/samples/shoes');
});

t.test('who may', async (t) => {
  const token = await office.tokenFor('Phone Read Only');
  const raw = { token, raw: 'Email\na@example.com', headers: { 'content-type': 'text/csv' } };
  await expect(403, 'POST', '/v2/cordboard/imports?kind=users', undefined, raw);
  for (const verb of ['apply', 'discard', 'undo', 'plan']) await expect(403, 'POST', `/v2/cordboard/imports/${first}/${verb}`, {}, { token });
  await expect(200, 'GET', `/v2/cordboard/imports/${first}`, undefined, { token });
  await expect(404, 'GET', '/v2/cordboard/imports/none/rows');
  t.ok((await expect(200, 'GET', '/v2/cordboard/imports?kind=users&page_size=2')).json.total_records > 8);
});

t.test('the first import undone: nobody is there again', async (t) => {
  const sms = (await expect(200, 'GET', '/v2/cordboard/imports?state=applied')).json.imports.filter(({ id }: { id: string }) => id !== first);
  for (const { id } of sms) t.match(await users.finish(id, 'undo'), { state: 'undone' });
  t.match(await users.finish(first, 'undo'), { state: 'applied', problems: [{ row: 2, message: /user department/ }] });
  const ada = (await expect(200, 'GET', '/v2/users/ada@example.com')).json;
  await expect(204, 'PATCH', `/v2/users/${ada.id}`, { dept: '' });
  t.match(await users.finish(first, 'undo'), { state: 'undone' });
  t.equal(await users.exported(), empty);
  await expect(404, 'GET', '/v2/users/ada@example.com');
  t.equal((await expect(200, 'GET', '/v2/phone/numbers?type=assigned')).json.total_records, 0);
});
