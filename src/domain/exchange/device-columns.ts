import type { ExchangeColumn } from './table-columns.js';

export type DeviceColumn = 'displayName' | 'brand' | 'model' | 'macAddress' | 'site' | 'assignee' | 'provisionTemplate';

/** Devices as a table: what is imported and exported. */
export const DEVICE_COLUMNS: readonly ExchangeColumn<DeviceColumn>[] = [
  { name: 'displayName', title: 'Display Name', aliases: ['Name'], required: true, longest: 255, sample: ['Front desk', 'Ada Lovelace', 'Spare phone'] },
  { name: 'brand', title: 'Brand', aliases: ['Type', 'Device Type', 'Manufacturer'], required: true, longest: 50, sample: ['Yealink', 'Poly', 'Snom'] },
  { name: 'model', title: 'Model', required: false, longest: 50, sample: ['T54W', 'VVX 450', 'D785'] },
  { name: 'macAddress', title: 'MAC Address', aliases: ['MAC'], required: true, longest: 50, sample: ['80-5e-c0-00-00-01', '64-16-7f-00-00-02', '00-04-13-00-00-03'] },
  { name: 'site', title: 'Site', aliases: ['Site Name', 'Site Code'], required: false, longest: 255, sample: ['Main Site', '', 'Main Site'] },
  {
    name: 'assignee', title: 'Assignee', aliases: ['Extension', 'Extension Number', 'Email', 'User'], required: false, longest: 254,
    sample: ['801', 'ada@example.com', ''],
  },
  { name: 'provisionTemplate', title: 'Provision Template', aliases: ['Template'], required: false, longest: 128, sample: ['', '', ''] },
];
