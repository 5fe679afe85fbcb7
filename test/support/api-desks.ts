/** People and phones in an API office, made through the API as an administrator would. */
import type { ApiOffice } from './api-office.js';

export interface ApiPerson {
  readonly id: string;
  readonly email: string;
  readonly number: string;
  readonly extensionId: string;
  readonly pin: string;
}

export interface ApiDesks {
  person(number: string, more?: Readonly<Record<string, unknown>>): Promise<ApiPerson>;
  /** A phone of somebody (an extension id), or of nobody; takes guests unless told otherwise. */
  desk(owner: ApiPerson, hotDesking?: 'on' | 'off'): Promise<string>;
}

export function apiDesks({ expect }: ApiOffice): ApiDesks {
  let macs = 0;
  return {
    async person(number, more = {}) {
      const email = `u${number}@example.com`;
      const [added] = (await expect(201, 'POST', '/v2/phone/users/batch', {
        users: [{ email, first_name: 'User', last_name: number, extension_number: number, ...more }],
      })).json;
      const user = (await expect(200, 'GET', `/v2/phone/users/${email}`)).json;
      return { id: user.id, email, number, extensionId: user.extension_id, pin: added.pin_code };
    },
    async desk(owner, hotDesking = 'on') {
      macs += 1;
      const { id } = (await expect(201, 'POST', '/v2/phone/devices', {
        display_name: `Desk ${macs}`, mac_address: (0x020000000000 + macs).toString(16).padStart(12, '0'), type: 'Yealink', assignee_extension_ids: [owner.extensionId],
      })).json;
      await expect(204, 'PATCH', `/v2/phone/users/${owner.id}/settings/desk_phone`, { desk_phone: { devices: [{ id, policy: { hot_desking: { status: hotDesking } } }] } });
      return id;
    },
  };
}
