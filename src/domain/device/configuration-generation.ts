import type { AggregateKind, ConfigEvent } from '../events.js';
import { DESK_PHONE_SETTING_KEYS } from './desk-phone-settings.js';

/** Which devices must read their configuration again; ids are plain text, as events carry them. */
export type DeviceScope =
  | { readonly kind: 'account' }
  | { readonly kind: 'site'; readonly siteId: string }
  | { readonly kind: 'device'; readonly deviceId: string }
  /** Devices of the extension, and those of others that show it on a key. */
  | { readonly kind: 'extension'; readonly extensionId: string }
  /** The same by the user or common area that has the extension. */
  | { readonly kind: 'owner'; readonly ownerId: string }
  /** Devices that use the provision template, whoever chose it. */
  | { readonly kind: 'template'; readonly templateId: string }
  /** Devices of one model, of one site or of all (null). */
  | { readonly kind: 'model'; readonly siteId: string | null; readonly type: string; readonly model: string };

/** A change as `change(…)` notes it. */
export interface ConfigurationChange {
  readonly aggregate: AggregateKind;
  readonly id: string;
  readonly change: ConfigEvent['change'];
  readonly before: object | null;
  readonly after: object | null;
}

/** What is configured on a phone, field by field of each aggregate; what is not here is none of a phone's business. */
const FIELDS: Partial<Readonly<Record<AggregateKind, readonly string[]>>> = {
  account: ['sipDomain', 'country', 'featureCodes', 'promptLanguage', 'registrationMaxSeconds', 'streamRegistrationMaxSeconds', 'sessionExpiresSeconds'],
  site: ['siteCode', 'shortExtensionLength', 'country', 'timeZone', 'promptLanguage'],
  user: ['displayName', 'firstName', 'lastName', 'language'],
  common_area: ['displayName', 'country', 'timeZone'],
  extension: ['number'],
  device: ['siteId', 'displayName', 'macAddress', 'type', 'model', 'assignees', 'hotDesking', 'provisionTemplateId'],
  // How long phones may enrol stands in no file.
  setting: DESK_PHONE_SETTING_KEYS.filter((key) => key !== 'desk-phone-enrol-window'),
  provision_template: ['content', 'families'],
  provisioning_host: ['host'],
  firmware_rule: [
    'siteId', 'deviceType', 'deviceModel', 'moreModels', 'version', 'fromVersion', 'toVersion', 'imageUrl', 'imageFile', 'percent', 'hours', 'weekdays',
  ],
};

/** Pages of keys are noted whole: their being noted is the change. */
const WHOLE: ReadonlySet<AggregateKind> = new Set<AggregateKind>(['line_keys', 'device_line_keys']);

/**
 * The devices whose configuration a change concerns. Who is signed in is part of it: a phone that is not told, since it would restart for
 * a label, shows the guest or the owner from its next look on.
 */
export function concernedDevices(noted: ConfigurationChange): readonly DeviceScope[] {
  const { aggregate, id, change, before, after } = noted;
  if (WHOLE.has(aggregate)) return [aggregate === 'line_keys' ? { kind: 'extension', extensionId: id } : { kind: 'device', deviceId: id }];
  if (aggregate === 'hot_desk_session') return guestIn(before) === guestIn(after) ? [] : [{ kind: 'device', deviceId: textOf(after ?? before, 'deviceId') }];
  const fields = FIELDS[aggregate];
  if (fields === undefined) return [];
  if (change === 'updated' && !differs(fields, before, after)) return [];
  switch (aggregate) {
    case 'account':
      return change === 'updated' ? [{ kind: 'account' }] : [];
    case 'site':
      return change === 'updated' ? [{ kind: 'site', siteId: id }] : [];
    case 'user':
    case 'common_area':
      return change === 'updated' ? [{ kind: 'owner', ownerId: id }] : [];
    case 'extension':
      return change === 'updated' ? [{ kind: 'extension', extensionId: id }] : [];
    case 'device':
      return change === 'deleted' ? [] : [{ kind: 'device', deviceId: id }];
    case 'provision_template':
      return change === 'updated' ? [{ kind: 'template', templateId: id }] : [];
    case 'firmware_rule':
      return [before, after].flatMap((rule) => (rule === null ? [] : modelScopes(rule)));
    // What a rule or a template names may be told from now on, or no longer.
    case 'provisioning_host':
      return [{ kind: 'account' }];
    case 'setting':
      return placeScope(id);
    default:
      return [];
  }
}

/** A setting's id is its place: `site:<id>`. */
function placeScope(place: string): readonly DeviceScope[] {
  const colon = place.indexOf(':');
  const id = place.slice(colon + 1);
  switch (place.slice(0, colon)) {
    case 'account':
      return [{ kind: 'account' }];
    case 'site':
      return [{ kind: 'site', siteId: id }];
    case 'extension':
      return [{ kind: 'extension', extensionId: id }];
    case 'device':
      return [{ kind: 'device', deviceId: id }];
    default:
      return [];
  }
}

function modelScopes(rule: object): readonly DeviceScope[] {
  const more = new Map<string, unknown>(Object.entries(rule)).get('moreModels');
  const siteId = textOf(rule, 'siteId');
  return [textOf(rule, 'deviceModel'), ...(Array.isArray(more) ? more.map(String) : [])].map((model) => (
    { kind: 'model', siteId: siteId === '' ? null : siteId, type: textOf(rule, 'deviceType'), model }));
}

/** A session that drains holds its phone no more: the phone is the owner's again. */
const guestIn = (session: object | null): boolean => textOf(session, 'state') === 'active';

function textOf(row: object | null, name: string): string {
  return String(new Map<string, unknown>(Object.entries(row ?? {})).get(name) ?? '');
}

function differs(fields: readonly string[], before: object | null, after: object | null): boolean {
  const [old, now] = [new Map<string, unknown>(Object.entries(before ?? {})), new Map<string, unknown>(Object.entries(after ?? {}))];
  return fields.some((name) => JSON.stringify(old.get(name) ?? null) !== JSON.stringify(now.get(name) ?? null));
}

/** Numbers grow by one with each change; 0 = never. Instants are epoch ms. */
export interface DeviceConfiguration {
  /** What the device should have. */
  readonly generation: number;
  readonly changedAt: number;
  /** What it took a NOTIFY for: it was told to read at least this generation. */
  readonly requestedGeneration: number;
  readonly requestedAt: number | null;
  /** What it has fetched. */
  readonly deliveredGeneration: number;
  readonly deliveredAt: number | null;
  /** What the configuration that it has says of firmware; '' = nothing. */
  readonly firmwareTold: string;
}

/** `manual` phones read nothing from us; `requested` ones took the NOTIFY, which says nothing of a fetch. */
export const PROVISIONING_STATES = ['manual', 'pending', 'requested', 'current'] as const;
export type ProvisioningState = (typeof PROVISIONING_STATES)[number];

export function provisioningState(
  { generation, requestedGeneration, deliveredGeneration }: DeviceConfiguration, provisioned: boolean,
): ProvisioningState {
  if (!provisioned) return 'manual';
  if (deliveredGeneration >= generation) return 'current';
  return requestedGeneration >= generation ? 'requested' : 'pending';
}
