import { formatChallenge } from '../../domain/auth/digest.js';
import { checkNonce, makeNonce } from '../../domain/auth/nonce.js';
import type { Device } from '../../domain/device/device.js';
import { brandOf } from '../../domain/device/phone-models.js';
import { credentialsMatch, PHONE_REALM, type HttpCredentials, type PhoneAuthorization } from '../../domain/provisioning/http-credentials.js';
import { isCertificateOf, type PhoneCertificate } from '../../domain/provisioning/phone-certificate.js';
import { can, type PhoneModel } from '../../domain/provisioning/phone-model.js';
import type { ProvisioningToken } from '../../domain/provisioning/provisioning-access.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { KeyedHash } from '../../ports/crypto.js';
import { chainOf } from '../admin/setting-places.js';
import { readSettings } from '../admin/settings.js';
import type { ProvisioningDeps } from './provisioning-deps.js';

const NONCE_MS = 5 * 60_000;
const MAC_BYTES = 16;
const PASSWORD_BYTES = 18;
const KEYS = ['desk-phone-http-credentials', 'desk-phone-client-certificate'] as const;

/** What a phone must show besides the address of its files. */
export interface AskedFactors {
  readonly credentials: boolean;
  readonly certificate: boolean;
}

/** As account and site say; a model that cannot be given credentials is asked for none. */
export async function askedFactors({ stores }: { readonly stores: Stores }, { accountId, siteId }: Pick<Device, 'accountId' | 'siteId'>, model: PhoneModel): Promise<AskedFactors> {
  const found = await readSettings(stores, accountId, chainOf(accountId, { siteId }), KEYS);
  return {
    credentials: found.get('desk-phone-http-credentials').value && can(model, 'http-credentials'),
    certificate: found.get('desk-phone-client-certificate').value,
  };
}

/** The credentials that go with a device's steady token: made anew whenever they are needed, so that they are nowhere kept. */
export function deviceCredentials(mac: KeyedHash, { id, macAddress }: Pick<Device, 'id' | 'macAddress'>, rotation: number): HttpCredentials {
  // Letters and digits alone: Cisco's rules read a leading dash as another option.
  return { userName: `phone-${macAddress}`, password: mac(`http ${id} ${rotation}`, PASSWORD_BYTES).replaceAll('-', 'x').replaceAll('_', 'y') };
}

/** The same for whoever asks, with or without a token that is anybody's. */
export interface Challenges {
  /**
   * Values of WWW-Authenticate for a request that is refused; null = the refusal is the usual one: nobody is asked for credentials here,
   * or some were shown that are too late to ask for.
   */
  readonly forRefusal: (sent: PhoneAuthorization) => Promise<readonly string[] | null>;
  readonly matches: (sent: PhoneAuthorization, device: Device, token: ProvisioningToken, request: { readonly method: string; readonly target: string }) => boolean;
}

export function createChallenges({ stores, clock, provisioningMac: mac, random, digestHash }: ProvisioningDeps): Challenges {
  const nonceMac = (text: string): string => mac(`nonce ${text}`, MAC_BYTES);
  const nonceState = (sent: PhoneAuthorization): 'none' | 'valid' | 'expired' | 'forged' => (sent.kind === 'digest'
    ? checkNonce(sent.credentials.nonce, { at: clock.now(), lifetimeMs: NONCE_MS, mac: nonceMac }).kind : 'none');
  return {
    async forRefusal(sent) {
      if (!await stores.provisioningTokens.credentialsAsked()) return null;
      const state = nonceState(sent);
      const told = sent.kind === 'basic' || sent.kind === 'unreadable' || state === 'valid';
      if (told) return null;
      const nonce = makeNonce({ at: clock.now(), random: random.token(12), mac: nonceMac });
      // RFC 7616 §3.7: best first. Interop: phones that read the first one alone know MD5 at best, and pass over an algorithm they do not know.
      const digests = (['SHA-256', 'MD5'] as const).map((algorithm) => formatChallenge({ realm: PHONE_REALM, nonce, algorithm, stale: state === 'expired' }));
      return [...digests, `Basic realm="${PHONE_REALM}", charset="UTF-8"`];
    },
    matches: (sent, device, { rotation }, { method, target }) => credentialsMatch(sent, {
      expected: deviceCredentials(mac, device, rotation), method, target, freshNonce: nonceState(sent) === 'valid', hash: digestHash,
    }),
  };
}

/** Whether the certificate is the phone's own, by an authority that the account trusts for its maker. */
export async function certificateVouched({ stores }: { readonly stores: Pick<Stores, 'deviceAuthorities'> }, { accountId, type, macAddress }: Device, shown: PhoneCertificate | null): Promise<boolean> {
  const vendor = brandOf(type);
  if (shown === null || vendor === null || !isCertificateOf(shown, vendor, macAddress)) return false;
  return (await stores.deviceAuthorities.all(accountId)).some((one) => one.vendor === vendor && shown.fingerprints.includes(one.fingerprint));
}
