import type { Device } from '../../domain/device/device.js';
import { recognisePhone, type KnownPhone } from '../../domain/device/phone-families-recognise.js';
import type { FirmwareImage } from '../../domain/device/firmware-image.js';
import type { PhoneCertificate } from '../../domain/provisioning/phone-certificate.js';
import type { PhoneAuthorization } from '../../domain/provisioning/http-credentials.js';
import type { RequestedFile } from '../../domain/provisioning/match-request.js';
import type { PhoneModel } from '../../domain/provisioning/phone-model.js';
import { CLAIM_MS, currentSteady, tokenUse, type FetchOutcome, type ProvisioningToken } from '../../domain/provisioning/provisioning-access.js';
import type { RenderOutcome } from '../../ports/phone-files.js';
import { deviceImage } from './device-firmware.js';
import { keepFetched, renderMasked, type FetchedFile } from './delivered-files.js';
import { commonTimeServers, deviceConfiguration } from './device-configuration.js';
import type { ProvisioningDeps } from './provisioning-deps.js';
import { askedFactors, certificateVouched, createChallenges, deviceCredentials } from './second-factors.js';
import { folderUrl, steadyToken, tokenHash } from './provisioning-tokens.js';

/** A request of a phone, as far as it decides anything. */
export interface PhoneFileRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly token: string;
  /** Last segment of the path. */
  readonly fileName: string;
  /** Where it comes from. */
  readonly address: string;
  /** Whether a proxy says that it stands between, so that the address is not the phone's. */
  readonly proxied: boolean;
  readonly userAgent: string;
  /** Method, and path with query, as they came. */
  readonly verb: string;
  readonly target: string;
  readonly authorization: PhoneAuthorization;
  /** What the phone showed in the TLS handshake; null = nothing that anybody vouches for. */
  readonly certificate: PhoneCertificate | null;
  /** If-None-Match as it came; '' = none. */
  readonly ifNoneMatch: string;
}

/** A request whose token named a device; told again when the answer is out. */
export interface DeviceRequest {
  readonly request: PhoneFileRequest;
  readonly token: ProvisioningToken;
  readonly outcome: FetchOutcome;
  /** What the device has when the answer went out whole; null = the file is not its configuration. */
  readonly generation: number | null;
  /** To be kept, so that what comes next can be compared; null = a file of no single phone. */
  readonly fetched: FetchedFile | null;
  /** What the configuration says of firmware; missing = what is noted of it already. */
  readonly firmwareTold?: string;
  /** Whether the configuration gives the phone credentials, and with which token they go; missing = as is noted already. */
  readonly credentials?: { readonly rotation: number; readonly has: boolean };
}

export type PhoneFileAnswer =
  | { readonly kind: 'file'; readonly body: string; readonly contentType: string; readonly etag: string; readonly of: DeviceRequest }
  | { readonly kind: 'unchanged'; readonly etag: string; readonly of: DeviceRequest }
  | { readonly kind: 'image'; readonly image: FirmwareImage; readonly piece: (number: number) => Promise<Uint8Array | null>; readonly of: DeviceRequest }
  /** To be read and thrown away. */
  | { readonly kind: 'upload'; readonly of: DeviceRequest }
  /** Told to the phone always in the same way. `of` is null where the token is nobody's. */
  | { readonly kind: 'nothing'; readonly of: DeviceRequest | null };

export interface SentAnswer {
  readonly status: number;
  readonly bytes: number;
  readonly whole: boolean;
  /** Epoch ms. */
  readonly at: number;
}

export interface ServePhoneFiles {
  /** @throws StorageFault */
  answer(request: PhoneFileRequest): Promise<PhoneFileAnswer>;
  /** Values of WWW-Authenticate for a request that gets nothing, whatever it asked for; null = the refusal is the usual one. @throws StorageFault */
  challenge(request: PhoneFileRequest): Promise<readonly string[] | null>;
  /** Keeps what was fetched; a configuration that went out whole is delivered. @throws StorageFault */
  sent(of: DeviceRequest, sent: SentAnswer): Promise<void>;
}

const LONGEST_KEPT = 256;

export function createServePhoneFiles(deps: ProvisioningDeps): ServePhoneFiles {
  const { stores, clock, phoneFiles, provisioningMac: mac } = deps;
  const challenges = createChallenges(deps);
  return {
    challenge: ({ authorization }) => challenges.forRefusal(authorization),

    async answer(request) {
      const token = await stores.provisioningTokens.byHash(tokenHash(mac, request.token));
      if (token === null) return { kind: 'nothing', of: null };
      const nothing = (outcome: FetchOutcome): PhoneFileAnswer => ({ kind: 'nothing', of: { request, token, outcome, generation: null, fetched: null } });
      if (tokenUse(token, request.address, clock.now()) !== 'usable') return nothing('refused-token');
      const device = await stores.devices.get(token.accountId, token.deviceId);
      if (device === null) return { kind: 'nothing', of: null };
      const model = phoneFiles.findModel(device.type, device.model);
      if (model === null) return nothing('unknown-model');
      const asked = await askedFactors(deps, device, model);
      if (asked.certificate && !await certificateVouched(deps, device, request.certificate)) return nothing('refused-certificate');
      const shown = token.kind === 'enrol' || !asked.credentials || token.credentialsAt === null || challenges.matches(request.authorization, device, token, { method: request.verb, target: request.target });
      if (!shown) return nothing('refused-credentials');
      const image = request.method === 'PUT' ? null : await deviceImage(deps, device, model, request.fileName);
      if (image !== null) {
        return { kind: 'image', image, piece: (number) => stores.firmwareImages.chunk(image.id, number), of: { request, token, outcome: 'served', generation: null, fetched: null } };
      }
      const file = phoneFiles.request(request.fileName).find(({ templateFamily }) => templateFamily === model.templateFamily);
      if (file === undefined) return nothing('no-such-file');
      if (file.macAddress !== null && file.macAddress !== device.macAddress) return nothing('not-of-this-phone');
      if (file.kind === 'upload' && request.method === 'PUT') return { kind: 'upload', of: { request, token, outcome: 'upload-discarded', generation: null, fetched: null } };
      if (request.method === 'PUT' || file.kind === 'absent' || file.kind === 'upload') return nothing('not-offered');
      const made = await render(deps, { request, token, device, model, file, credentials: asked.credentials });
      if (made === 'claimed') return nothing('refused-token');
      const { rendered, generation, fetched, firmwareTold, credentials } = made;
      if (rendered.kind === 'unrenderable') deps.log.warn('phone file cannot be made', { deviceId: device.id, why: rendered.text });
      if (rendered.kind !== 'rendered') return nothing(rendered.kind === 'unrenderable' ? 'unrenderable' : 'no-such-file');
      const unchanged = matches(request.ifNoneMatch, rendered.etag);
      const of: DeviceRequest = { request, token, outcome: unchanged ? 'unchanged' : 'served', generation, fetched, ...(firmwareTold === undefined ? {} : { firmwareTold }), ...(credentials === undefined ? {} : { credentials }) };
      return unchanged ? { kind: 'unchanged', etag: rendered.etag, of } : { ...rendered, kind: 'file', of };
    },

    async sent({ request, token, outcome, generation, fetched, credentials, firmwareTold }, { status, bytes, whole, at }) {
      const agent = phoneFiles.recognise(request.userAgent);
      await stores.provisioningFetches.add({
        id: deps.ids.next(), accountId: token.accountId, deviceId: token.deviceId, at, address: request.address, method: request.method,
        fileName: kept(request.fileName), token: token.kind, outcome, status, bytes, whole, userAgent: kept(request.userAgent),
        model: agent?.model ?? '', firmware: agent?.firmware ?? '',
      });
      if (!whole || request.method !== 'GET') return;
      if (fetched !== null) await keepFetched(stores, token, fetched, at);
      if (generation === null) return;
      await stores.deviceConfigurations.delivered(token.deviceId, generation, at);
      if (firmwareTold !== undefined) await stores.deviceConfigurations.toldFirmware(token.deviceId, firmwareTold);
      if (credentials !== undefined) await stores.provisioningTokens.credentials(token.deviceId, credentials.rotation, credentials.has ? at : null);
    },
  };
}

interface WantedFile {
  readonly request: PhoneFileRequest;
  readonly token: ProvisioningToken;
  readonly device: Device;
  readonly model: PhoneModel;
  readonly file: RequestedFile;
  /** Whether the phone is to show credentials from now on. */
  readonly credentials: boolean;
}

interface MadeFile {
  readonly rendered: RenderOutcome;
  readonly generation: number | null;
  readonly fetched: FetchedFile | null;
  readonly firmwareTold?: string;
  readonly credentials?: DeviceRequest['credentials'];
}

/** The file, and which generation its reader has then; `claimed` when another address was quicker with the enrol token. */
async function render(
  deps: ProvisioningDeps, { request, token, device, model, file, credentials }: WantedFile,
): Promise<'claimed' | MadeFile> {
  const { stores, phoneFiles, provisioningMac: mac, clock } = deps;
  const origin = deps.provisioningOrigin() ?? '';
  const now = clock.now();
  if (token.kind === 'steady' && token.firstUsedAt === null) {
    // The phone has what it was enrolled for: the first token is done with.
    await stores.provisioningTokens.used(token.hash, now);
    await stores.provisioningTokens.endEnrol(device.id);
  }
  if (file.kind === 'certificate') return { rendered: certificateFile(request.fileName, deps.phoneCertificate(request.fileName)), generation: null, fetched: null };
  const phone = { ...phoneOf(deps, device, model, request.userAgent), address: request.proxied ? null : request.address };
  if (file.kind === 'common') {
    const ntp = await commonTimeServers(deps, device, model);
    const facts = { baseUrl: folderUrl(origin, request.token), ntpPrimary: ntp.primary, ntpSecondary: ntp.secondary };
    return { rendered: phoneFiles.renderCommon(model.templateFamily, file.file, file.code, facts), generation: null, fetched: null };
  }
  if (token.kind === 'enrol' && !await stores.provisioningTokens.claim(token.hash, request.address, now, now + CLAIM_MS)) return 'claimed';
  // Before the facts: what changes in between is then not counted as delivered.
  const was = (await stores.deviceConfigurations.of([device.id])).get(device.id);
  const current = currentSteady(await stores.provisioningTokens.of(device.id));
  const [generation, rotation] = [was?.generation ?? 0, current?.rotation ?? 1];
  const steady = steadyToken(mac, device.id, rotation);
  const { configuration, template, firmwareTold } = await deviceConfiguration(deps, device, model, phone, {
    url: folderUrl(origin, steady), token: steady, rotation, ...DAILY_LOOK, ...(credentials ? { credentials: deviceCredentials(mac, device, rotation) } : {}),
  });
  const rendered = phoneFiles.render(model, file.file, configuration, template);
  return {
    rendered, generation: phoneFiles.isConfiguration(model, file.file) ? generation : null,
    fetched: rendered.kind !== 'rendered' ? null : { file: file.file, etag: rendered.etag, masked: () => renderMasked(deps, model, file.file, { configuration, template }) },
    // What is noted already need not be written again with each of a fleet's looks.
    ...(firmwareTold === (was?.firmwareTold ?? '') ? {} : { firmwareTold }),
    ...(credentials === ((current?.credentialsAt ?? null) !== null) ? {} : { credentials: { rotation, has: credentials } }),
  };
}

/** The name has the certificate's hash in it, so that it is the entity tag, too. */
function certificateFile(name: string, pem: string | null): RenderOutcome {
  return pem === null ? { kind: 'no-such-file' } : { kind: 'rendered', body: pem, contentType: 'application/x-pem-file', etag: `"${name}"` };
}

/** Phones look daily, spread over three hours. */
export const DAILY_LOOK = { resyncSeconds: 86_400, resyncSpreadSeconds: 10_800 } as const;

/** The phone as it named itself in a request, else as the administrator named it. */
export function phoneOf({ phoneFiles }: Pick<ProvisioningDeps, 'phoneFiles'>, device: Device, model: PhoneModel, userAgent: string): KnownPhone {
  const agent = phoneFiles.recognise(userAgent);
  if (agent?.templateFamily !== model.templateFamily) return recognisePhone(device, null);
  return { family: model.family, model: agent.model ?? device.model, firmware: agent.firmware };
}

/** RFC 9110 §13.1.2: weak comparison with each of the list, or `*`. */
function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').map((one) => one.trim().replace(/^W\//, '')).some((one) => one === '*' || one === etag);
}

function kept(text: string): string {
  return text.slice(0, LONGEST_KEPT).replace(/\p{Cc}/gu, ' ').toWellFormed();
}
