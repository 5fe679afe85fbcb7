/** One right over one kind of thing; every API route names the one it needs. */
export const PERMISSIONS = [
  'user:read', 'user:write',
  'phone_user:read', 'phone_user:write',
  'site:read', 'site:write',
  'common_area:read', 'common_area:write',
  'phone_number:read', 'phone_number:write',
  'device:read', 'device:write', 'device_secret:read',
  'line_key:read', 'line_key:write',
  'provision_template:read', 'provision_template:write',
  'firmware_rule:read', 'firmware_rule:write',
  'redirect_service:read', 'redirect_service:write',
  'firmware_image:read', 'firmware_image:write',
  'provisioning_trust:read', 'provisioning_trust:write',
  'plan:read', 'plan:write',
  'call_history:read', 'call_history:write',
  'setting:read', 'setting:write',
  'setting_template:read', 'setting_template:write',
  'blocked_list:read', 'blocked_list:write',
  'outbound_calling:read', 'outbound_calling:write',
  'registration:read', 'registration:write',
  'call:read', 'call:write',
  'sip_protection:read', 'sip_protection:write',
  'policy:read',
  'hot_desk:read', 'hot_desk:write',
  'webhook:read', 'webhook:write',
  'audit_log:read',
  'role:read', 'role:write',
  'api_client:read', 'api_client:write',
  'emergency_address:read', 'emergency_address:write',
  'emergency_location:read', 'emergency_location:write',
  'external_contact:read', 'external_contact:write',
  'alert:read', 'alert:write',
  'trunk:read', 'trunk:write',
  'call_handling:read', 'call_handling:write',
  'report:read',
  'import:read', 'import:write',
  'fraud_guard:read', 'fraud_guard:write',
  'rate_deck:read', 'rate_deck:write',
  'scim:read', 'scim:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The role of the first API client. */
export const SUPER_ADMIN = 'Phone Super Admin';

/**
 * Reading that is more than looking: SIP passwords, who did what, addresses of webhooks, which may hold keys of their receivers,
 * and who may use the API.
 */
const CONFIDENTIAL: ReadonlySet<Permission> = new Set<Permission>(['device_secret:read', 'audit_log:read', 'webhook:read', 'api_client:read']);

/** A role that every account has; nobody can change or delete it. */
export interface DefaultRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: ReadonlySet<Permission>;
  /** It is about particular things, and reaches none until its targets name them. */
  readonly needsTargets: boolean;
}

function role(id: string, name: string, description: string, permissions: readonly Permission[], needsTargets = false): DefaultRole {
  return { id, name, description, permissions: new Set(permissions), needsTargets };
}

/** The roles every account has, and what each may do: the one place that says so. */
export const DEFAULT_ROLES: readonly DefaultRole[] = [
  role('phone-super-admin', SUPER_ADMIN, 'Everything.', PERMISSIONS),
  role('phone-site-admin', 'Phone Site Admin', 'Everything of the sites that are its targets, without what is set for the whole account.', [
    'user:read', 'phone_user:read', 'phone_user:write', 'site:read', 'site:write', 'common_area:read', 'common_area:write', 'device:read',
    'device:write', 'line_key:read', 'line_key:write', 'phone_number:read', 'phone_number:write', 'outbound_calling:read', 'outbound_calling:write',
    'emergency_address:read', 'emergency_address:write', 'emergency_location:read', 'emergency_location:write', 'plan:read', 'call_history:read',
    'setting:read', 'setting:write', 'blocked_list:read', 'registration:read', 'registration:write', 'call:read', 'policy:read', 'hot_desk:read',
    'hot_desk:write', 'role:read', 'call_handling:read', 'call_handling:write',
  ], true),
  role('call-queue-admin', 'Call Queue Admin', 'Call queues, with their calls.', [], true),
  role('auto-receptionist-admin', 'Auto Receptionist Admin', 'Auto receptionists, without their calls.', [], true),
  role('recording-admin', 'Recording Admin', 'Recordings of users and call queues.', []),
  role('compliance-admin', 'Compliance Admin', 'Call history, recordings, voicemail and messages.', ['call_history:read', 'call_history:write']),
  role('phone-read-only', 'Phone Read Only', 'Looks at everything but secrets, changes nothing.', (
    PERMISSIONS.filter((name) => name.endsWith(':read') && !CONFIDENTIAL.has(name)))),
];

/** What each default role may do, by its name; a role that is not here may do nothing. */
export const ROLES: ReadonlyMap<string, ReadonlySet<Permission>> = new Map(DEFAULT_ROLES.map(({ name, permissions }) => [name, permissions]));

export function isPermission(text: string): text is Permission {
  return PERMISSIONS.some((known) => known === text);
}

export function permissionsOf(role: string): ReadonlySet<Permission> {
  return ROLES.get(role) ?? new Set();
}
