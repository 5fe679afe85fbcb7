/** One right over one kind of thing; every API route names the one it needs. */
export const PERMISSIONS = [
  'user:read', 'user:write',
  'phone_user:read', 'phone_user:write',
  'site:read', 'site:write',
  'common_area:read', 'common_area:write',
  'device:read', 'device:write', 'device_secret:read',
  'line_key:read', 'line_key:write',
  'provision_template:read', 'provision_template:write',
  'firmware_rule:read', 'firmware_rule:write',
  'plan:read', 'plan:write',
  'call_history:read',
  'setting:read', 'setting:write',
  'blocked_list:read', 'blocked_list:write',
  'outbound_calling:read', 'outbound_calling:write',
  'registration:read', 'registration:write',
  'call:read', 'call:write',
  'sip_protection:read', 'sip_protection:write',
  'policy:read',
  'hot_desk:read', 'hot_desk:write',
  'webhook:read', 'webhook:write',
  'audit_log:read',
  'emergency_address:read', 'emergency_address:write',
  'emergency_location:read', 'emergency_location:write',
  'external_contact:read', 'external_contact:write',
  'alert:read', 'alert:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** The role of the first API client. */
export const SUPER_ADMIN = 'Phone Super Admin';

/** Reading that is more than looking: SIP passwords, who did what, and addresses of webhooks, which may hold keys of their receivers. */
const CONFIDENTIAL: ReadonlySet<Permission> = new Set<Permission>(['device_secret:read', 'audit_log:read', 'webhook:read']);

/** What each role may do; a role that is not here may do nothing. */
export const ROLES: ReadonlyMap<string, ReadonlySet<Permission>> = new Map<string, ReadonlySet<Permission>>([
  [SUPER_ADMIN, new Set(PERMISSIONS)],
  ['Phone Read Only', new Set(PERMISSIONS.filter((name) => name.endsWith(':read') && !CONFIDENTIAL.has(name)))],
]);

export function permissionsOf(role: string): ReadonlySet<Permission> {
  return ROLES.get(role) ?? new Set();
}
