import { z } from 'zod';
import { asId, type DeviceId, type SiteId } from '../../domain/ids.js';
import type { DeskPhoneSettingKey } from '../../domain/device/desk-phone-settings.js';
import { DTMF_MODES, PHONE_CODECS, SRTP_MODES } from '../../domain/provisioning/phone-configuration.js';
import { SIP_TRANSPORT_WISHES } from '../../domain/provisioning/sip-transport.js';
import { readDeskPhoneSettings, setDeskPhoneSettings, type DeskPhoneWish } from '../../usecases/admin/desk-phone-settings.js';
import type { SettingSubject } from '../../usecases/admin/setting-places.js';
import type { ReadSetting, SettingReading } from '../../usecases/admin/settings.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';

const TAG = 'Desk phones';
/** What the password of a phone's own pages is called while nobody has set one, and what stands for one that is set. */
const FACTORY = 'Factory Setting';
const HIDDEN = '********';

const FIELDS = {
  web_interface: 'desk-phone-web-interface', admin_password: 'desk-phone-admin-password', background_image: 'desk-phone-background-image',
  time_format: 'desk-phone-time-format', ntp_primary: 'desk-phone-ntp-primary', ntp_secondary: 'desk-phone-ntp-secondary',
  provision_template_id: 'desk-phone-provision-template', sip_transport: 'desk-phone-sip-transport', srtp: 'desk-phone-srtp', codecs: 'desk-phone-codecs',
  dtmf: 'desk-phone-dtmf', enrol_window_minutes: 'desk-phone-enrol-window',
  http_credentials: 'desk-phone-http-credentials', client_certificate: 'desk-phone-client-certificate',
} as const satisfies Readonly<Record<string, DeskPhoneSettingKey>>;

function wantedOf<Value extends z.ZodType>(value: Value, description: string) {
  return z.strictObject({
    value: value.optional(), inherit: z.boolean().optional().describe('True: not set here, so that what is further out decides.'),
    locked: z.boolean().optional().describe('Whether places further in may not set another value.'),
  }).describe(description).optional();
}

const body = z.strictObject({
  resync: z.enum(['now', 'later']).default('later').describe('now: phones that are pending by it are asked to read their configuration, in a campaign (GET /v2/cordboard/resyncs).'),
  web_interface: wantedOf(z.boolean(), "The phone's own web pages; off by default."),
  admin_password: wantedOf(z.string().max(200).nullable(), `Of those pages; null = the factory's. Never shown again. AudioCodes 445HD does not take it.`),
  background_image: wantedOf(z.string().max(2000), 'https URL of a picture; "" = none.'),
  time_format: wantedOf(z.string().max(10), '12h or 24h.'),
  ntp_primary: wantedOf(z.string().max(300), "Host name or address; \"\" = the phone's own choice."),
  ntp_secondary: wantedOf(z.string().max(300), 'Asked where the primary one is silent or not set.'),
  provision_template_id: wantedOf(z.string().max(128), 'For phones without a template of their own, by id or name; "" = none. Of account and site.'),
  sip_transport: wantedOf(z.string().max(10), `${SIP_TRANSPORT_WISHES.join(', ')}; auto is TLS where the phone can trust the server's certificate, else UDP with the reason in the device's provisioning.`),
  srtp: wantedOf(z.string().max(10), `Encryption of sound: ${SRTP_MODES.join(', ')}; off by default. With required, spoken prompts need an rtpengine (RTPENGINE_URL).`),
  codecs: wantedOf(z.array(z.string().max(10)).max(20), `${PHONE_CODECS.join(', ')}, the preferred one first; pcmu or pcma among them.`),
  dtmf: wantedOf(z.string().max(10), `How keys pressed in a call are told: ${DTMF_MODES.join(', ')}.`),
  enrol_window_minutes: wantedOf(z.int(), 'How long adding a device lets its phone enrol: 5 to 10080; 0 = windows are opened by hand only. Of account and site.'),
  http_credentials: wantedOf(z.boolean(), 'Phones show a name and password of their own, which their configuration carries, whenever they ask for files: HTTP Digest or Basic. Of account and site.'),
  client_certificate: wantedOf(z.boolean(), "Phones show their maker's certificate with their MAC address in it; needs an authority of that maker. Of account and site."),
});

function resolved<Value extends z.ZodType>(value: Value) {
  return z.object({
    value, origin: z.enum(['account', 'site', 'extension', 'device', 'default']).describe('Where the value is set.'),
    locked_by: z.enum(['', 'account', 'site', 'extension', 'device']).describe('Which place forbids others further in; "" = none.'),
  });
}
const settings = z.object({
  web_interface: resolved(z.boolean()), admin_password: resolved(z.enum([FACTORY, HIDDEN])), background_image: resolved(z.string()),
  time_format: resolved(z.enum(['12h', '24h'])), ntp_primary: resolved(z.string()), ntp_secondary: resolved(z.string()), provision_template_id: resolved(z.string()),
  sip_transport: resolved(z.enum(SIP_TRANSPORT_WISHES)), srtp: resolved(z.enum(SRTP_MODES)), codecs: resolved(z.array(z.enum(PHONE_CODECS))), dtmf: resolved(z.enum(DTMF_MODES)),
  enrol_window_minutes: resolved(z.int()), http_credentials: resolved(z.boolean()), client_certificate: resolved(z.boolean()),
});

function shown<T>({ value, origin, lockedBy }: ReadSetting<T>) {
  return { value, origin, locked_by: lockedBy ?? '' as const };
}

function view(found: SettingReading): z.output<typeof settings> {
  const password = found.get('desk-phone-admin-password');
  const codecs = found.get('desk-phone-codecs');
  return {
    web_interface: shown(found.get('desk-phone-web-interface')),
    admin_password: { ...shown(password), value: password.value === null ? FACTORY : HIDDEN },
    background_image: shown(found.get('desk-phone-background-image')), time_format: shown(found.get('desk-phone-time-format')),
    ntp_primary: shown(found.get('desk-phone-ntp-primary')), ntp_secondary: shown(found.get('desk-phone-ntp-secondary')),
    provision_template_id: shown(found.get('desk-phone-provision-template')),
    sip_transport: shown(found.get('desk-phone-sip-transport')), srtp: shown(found.get('desk-phone-srtp')),
    codecs: { ...shown(codecs), value: [...codecs.value] }, dtmf: shown(found.get('desk-phone-dtmf')),
    enrol_window_minutes: shown(found.get('desk-phone-enrol-window')),
    http_credentials: shown(found.get('desk-phone-http-credentials')), client_certificate: shown(found.get('desk-phone-client-certificate')),
  };
}

function toWishes({ resync: _, ...sent }: z.output<typeof body>): readonly DeskPhoneWish[] {
  return Object.entries(sent).flatMap(([field, wish]) => {
    const key = Object.hasOwn(FIELDS, field) ? FIELDS[field as keyof typeof FIELDS] : undefined;
    if (key === undefined || wish === undefined) return [];
    const { value, inherit, locked } = wish;
    return [{
      key, field, ...(value === undefined ? {} : { value }), ...(inherit === undefined ? {} : { inherit }), ...(locked === undefined ? {} : { locked }),
    }];
  });
}

/** Reading and changing at one kind of place. */
function routesOf(
  path: string, noun: 'Account' | 'Site' | 'Device', where: string, subject: (params: Readonly<Record<string, string>>) => SettingSubject,
): readonly Route[] {
  return [
    route({
      method: 'GET', path, operationId: `get${noun}DeskPhoneSettings`, summary: `Get what desk phones are set to ${where}`, tag: TAG, access: 'setting:read',
      answer: { status: 200, description: 'What holds there, and where it comes from.', schema: settings },
      handle: async ({ deps, actor, params }) => answer(await readDeskPhoneSettings(deps, actor, subject(params)), (found) => json(view(found))),
    }),
    route({
      method: 'PATCH', path, operationId: `set${noun}DeskPhoneSettings`, summary: `Set desk phones ${where}`, tag: TAG, access: 'setting:write', body,
      answer: { status: 200, description: 'What holds now; the phones are pending until they have read their configuration again.', schema: settings },
      handle: async ({ deps, actor, params, body: sent }) => answer(
        await setDeskPhoneSettings(deps, actor, subject(params), toWishes(sent), sent.resync), (found) => json(view(found)),
      ),
    }),
  ];
}

export const deskPhoneSettingRoutes: readonly Route[] = [
  ...routesOf('/v2/cordboard/account/desk_phone_settings', 'Account', 'in the account', () => ({ scope: 'account' })),
  ...routesOf('/v2/cordboard/sites/{siteId}/desk_phone_settings', 'Site', 'at a site', ({ siteId = '' }) => ({ scope: 'site', siteId: asId<SiteId>(siteId) })),
  ...routesOf('/v2/cordboard/devices/{deviceId}/desk_phone_settings', 'Device', 'one by one',
    ({ deviceId = '' }) => ({ scope: 'device', deviceId: asId<DeviceId>(deviceId) })),
];
