import t from 'tap';
import { startApiOffice } from '../support/api-office.js';
import { madePeople } from '../support/made-people.js';
import { importDesk, tableOf } from '../support/import-desk.js';

const office = await startApiOffice(t);
const { expect } = office;
const areas = importDesk(office, 'common_areas');
const numbers = importDesk(office, 'phone_numbers');
const devices = importDesk(office, 'devices');
const TITLES = ['Display Name', 'Extension Number', 'Calling Plans', 'Phone Numbers', 'Outbound Caller ID', 'Time Zone', 'Desk Phone 1 Brand', 'Desk Phone 1 MAC Address'];

t.test('numbers: into the pool, updated, undone', async (t) => {
  const added = await numbers.plan([
    ['Phone Number', 'Carrier', 'Display Name', 'Outgoing', 'Site'], ['(212) 555-0101', 'Example', '=Sales', '', ''], ['+442079460000', 'Example', '', 'no', 'Main Site'],
    ['+12125550101', 'Example', '', '', ''], ['911', 'Example', '', '', ''], ['+12125550103', '', '', '', ''], ['+12125550104', 'Example', '', 'perhaps', 'Atlantis'],
  ]);
  t.match(added.counts, { add: 2, error: 4 });
  t.match((await numbers.rows(added.id, 'errors')).map(({ problems }) => problems.map(({ column }) => column)), [['Phone Number'], ['Phone Number'], ['Carrier'], ['Site', 'Outgoing']]);
  await numbers.finish(added.id, 'apply', { faulty_rows: 'ignore' });
  const file = await numbers.exported();
  t.match(tableOf(file), [{ 'Phone Number': '+12125550101', 'Display Name': "'=Sales", 'Outgoing': 'yes' }, { 'Phone Number': '+442079460000', 'Outgoing': 'no' }]);
  t.match((await numbers.plan(file)).counts, { unchanged: 2 }, 'the export changes nothing');
  const updated = await numbers.plan([['Phone Number', 'Carrier', 'Display Name', 'Assigned To'], ['+12125550101', 'Other', '-', ''], ['+442079460000', '', '', 'ada@example.com']]);
  t.match(await numbers.rows(updated.id), [{ changes: [{ column: 'Carrier' }, { column: 'Display Name', before: '=Sales', after: '' }] }, { problems: [{ column: 'Assigned To' }] }]);
  await numbers.finish(updated.id, 'apply', { faulty_rows: 'ignore' });
  t.match(tableOf(await numbers.exported())[0], { 'Carrier': 'Other', 'Display Name': '' });
  await numbers.finish(updated.id, 'undo');
  t.equal(await numbers.exported(), file, 'byte for byte as before');
});

t.test('common areas: added, exported unchanged, updated by extension or ID, undone', async (t) => {
  await expect(204, 'PATCH', '/v2/cordboard/plans/200', { subscribed: 1 });
  const added = await areas.plan([
    TITLES, ['Lobby', '900', '200', '(212) 555-0101', '+12125550101', 'Europe/Berlin', 'Snom', '00-04-13-00-00-01'], ['Room 4', '', '', '', '', '', '', ''],
    ['', '905', '', '', '', '', '', ''], ['Nowhere', '', '', '', '', 'The moon!', '', ''],
  ]);
  t.match(added.counts, { add: 2, error: 2 });
  t.match(await areas.rows(added.id, 'errors'), [{ problems: [{ column: 'Display Name' }] }, { problems: [{ column: 'Time Zone' }] }]);
  t.match(await areas.finish(added.id, 'apply', { faulty_rows: 'ignore' }), { state: 'applied', applied_rows: 2 });
  const file = await areas.exported();
  const [lobby] = tableOf(file);
  t.match(lobby, { 'Display Name': 'Lobby', 'Extension Number': '900', 'Phone Numbers': '+12125550101', 'Outbound Caller ID': '+12125550101', 'Time Zone': 'Europe/Berlin', 'Desk Phone 1 Brand': 'Snom' });
  t.match((await areas.plan(file)).counts, { unchanged: 2, update: 0, add: 0, error: 0 }, 'the export changes nothing');
  const updated = await areas.plan([['ID', 'Extension Number', 'Display Name', 'Department'], ['', '900', '', 'Reception'], [tableOf(file)[1]?.['ID'] ?? '', '904', 'Room 5', ''], ['unknown', '', 'X', '']]);
  t.match(await areas.rows(updated.id), [
    { action: 'update', changes: [{ column: 'Department', after: 'Reception' }] },
    { action: 'update', changes: [{ column: 'Display Name', before: 'Room 4', after: 'Room 5' }, { column: 'Extension Number', after: '904' }] }, { problems: [{ column: 'ID' }] },
  ]);
  await areas.finish(updated.id, 'apply', { faulty_rows: 'ignore' });
  t.match(tableOf(await areas.exported())[1], { 'Display Name': 'Room 5', 'Extension Number': '904' });
  t.match(await areas.finish(updated.id, 'undo'), { state: 'undone' });
  t.equal(await areas.exported(), file, 'byte for byte as before');
  t.match(await areas.finish(added.id, 'undo'), { state: 'undone' });
  t.equal(tableOf(await areas.exported()).length, 0);
});

t.test('devices: added, updated, undone', async (t) => {
  await areas.finish((await areas.plan([['Display Name', 'Extension Number'], ['Desk', '910'], ['Bench', '911']])).id, 'apply', { faulty_rows: 'ignore' });
  const added = await devices.plan([
    ['Display Name', 'Brand', 'Model', 'MAC Address', 'Assignee', 'Site'], ['One', 'Yealink', 'T54W', '80-5e-c0-00-00-11', '910', ''], ['Two', 'Snom', '', '00-04-13-00-00-12', '', 'Main Site'],
    ['Three', 'Snom', '', '00-04-13-00-00-12', '', ''], ['Four', 'Yealink', 'T1000', '80-5e-c0-00-00-14', '', ''], ['Five', 'Yealink', '', '80-5e-c0-00-00-15', '999', ''],
  ]);
  t.match(added.counts, { add: 2, error: 3 });
  await devices.finish(added.id, 'apply', { faulty_rows: 'ignore' });
  const file = await devices.exported();
  t.match((await devices.plan(file)).counts, { unchanged: 3 - 1, error: 0 });
  const updated = await devices.plan([['MAC', 'Display Name', 'Model', 'Assignee'], ['805ec0000011', 'First', 'T57W', '-'], ['000413000012', '', '', '910']]);
  t.match(await devices.finish(updated.id, 'apply'), { state: 'applied' });
  t.match(tableOf(await devices.exported()), [{ 'Display Name': 'First', 'Model': 'T57W', 'Assignee': '' }, { 'Display Name': 'Two', 'Assignee': '910' }]);
  const [second] = (await expect(200, 'GET', '/v2/phone/devices?type=assigned')).json.devices;
  await expect(204, 'DELETE', `/v2/phone/devices/${second.id}`);
  t.match(await devices.finish(updated.id, 'undo'), { state: 'applied', problems: [{ row: 3, message: /device everything/ }] }, 'what is gone stands in the way');
});

t.test('a large file stops in its middle: what was applied is taken back; at its end it is undone slice by slice', async (t) => {
  const people = importDesk(office, 'users');
  const before = [await people.exported(), await devices.exported()];
  const planned = await people.plan(madePeople(250));
  t.match(planned.counts, { add: 250 });
  const { json: begun } = await people.act(202, planned.id, 'apply');
  t.match(begun, { state: 'applied', applied_rows: 250 }, 'two slices');
  const all = [await people.exported(), await devices.exported()];
  const changes = await people.plan(madePeople(250, () => 'Sales'));
  // Somebody is faster with a person of the second slice.
  const { id } = (await expect(200, 'GET', '/v2/users/person-240@example.com')).json;
  await expect(204, 'PATCH', `/v2/users/${id}`, { dept: 'Elsewhere' });
  const stopped = await people.finish(changes.id, 'apply');
  t.match(stopped, { state: 'failed', applied_rows: 0, problems: [{ row: 242, column: 'Department', message: /it is "Elsewhere" now/ }] });
  await expect(204, 'PATCH', `/v2/users/${id}`, { dept: '' });
  t.same([await people.exported(), await devices.exported()], all, 'nothing of it is left');
  t.match(await people.finish(planned.id, 'undo'), { state: 'undone' });
  t.same([await people.exported(), await devices.exported()], before, 'byte for byte as before');
});
