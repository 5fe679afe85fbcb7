/** An API office with two people, a desk phone of the first, and a softphone; and what is asked of phones again and again. */
import type { Test } from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { startApiOffice } from './api-office.js';

interface Person {
  readonly id: string;
  readonly extension_id: string;
}

export async function startPhoneOffice(t: Test) {
  const office = await startApiOffice(t);
  const { expect, deps } = office;
  const readOnly = { token: await office.tokenFor('Phone Read Only') };
  await expect(201, 'POST', '/v2/phone/users/batch', {
    users: [{ email: 'ada@example.com', extension_number: '801' }, { email: 'grace@example.com', extension_number: '802' }],
  });
  const person = async (email: string): Promise<Person> => (await expect(200, 'GET', `/v2/phone/users/${email}`)).json;
  const [ada, grace] = [await person('ada@example.com'), await person('grace@example.com')];
  let macs = 0;
  const add = async (more: object = {}): Promise<string> => {
    macs += 1;
    const made = await expect(201, 'POST', '/v2/phone/devices', {
      display_name: `Desk ${macs}`, mac_address: (0x020000000000 + macs).toString(16).padStart(12, '0'), type: 'Yealink', model: 'T54W', ...more,
    });
    return made.json.id as string;
  };
  const desk = await add({ assignee_extension_ids: [ada.extension_id] });
  const soft = await add({ type: 'softphone', model: 'baresip' });
  const provisioning = async (id: string) => (await expect(200, 'GET', `/v2/cordboard/devices/${id}/provisioning`)).json;
  /** Whether the request makes the desk phone, which has fetched everything, pending. */
  const raises = async (method: string, path: string, body: object, status = 204): Promise<boolean> => {
    const deviceId = desk as DeviceId;
    const { generation } = (await deps.stores.deviceConfigurations.of([deviceId])).get(deviceId) ?? { generation: 0 };
    await deps.stores.deviceConfigurations.delivered(deviceId, generation, office.clock.now());
    await expect(status, method, path, body);
    return (await provisioning(desk)).provisioning_status === 'pending';
  };
  return { ...office, readOnly, ada, grace, desk, soft, add, provisioning, raises };
}
