import t from 'tap';
import { startApiOffice } from '../support/api-office.js';
import { importDesk, tableOf } from '../support/import-desk.js';

const office = await startApiOffice(t);
const { expect } = office;
const areas = importDesk(office, 'common_areas');
const TITLES = ['Display Name', 'Extension Number', 'Calling Plans', 'Phone Numbers', 'Outbound Caller ID', 'Time Zone', 'Desk Phone 1 Brand', 'Desk Phone 1 MAC Address'];

t.test('common areas: added, exported unchanged, updated by extension or ID, undone', async (t) => {
  await expect(201, 'POST', '/v2/phone/byoc_numbers', { carrier: 'Example', phone_numbers: ['+12125550101'] });
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
