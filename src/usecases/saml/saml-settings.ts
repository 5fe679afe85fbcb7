import { isGoodBaseUrl, isGoodRedirect, type SamlSettings } from '../../domain/saml/saml-settings.js';
import type { SamlMessages } from '../../ports/saml.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';

export interface SamlSettingDeps extends ChangeDeps {
  readonly samlMessages: SamlMessages;
}

/** Settings as somebody wants them; the identity provider is named by its metadata, or piece by piece. */
export type SamlWish = Omit<SamlSettings, 'accountId' | 'updatedAt' | 'idpEntityId' | 'ssoUrl' | 'certificates'> & {
  /** Null while it is not known yet, which an inactive one may be. */
  readonly idp: null | { readonly metadata: string } | { readonly entityId: string; readonly ssoUrl: string; readonly certificates: readonly string[] };
};

export const MOST_CERTIFICATES = 5;

/** Sets how the account's people sign in. */
export async function setSamlSettings(deps: SamlSettingDeps, actor: Actor, { idp, ...wanted }: SamlWish): Promise<Outcome<SamlSettings>> {
  const provider = providerOf(deps.samlMessages, idp);
  const problems = [
    ...(isGoodBaseUrl(wanted.baseUrl) ? [] : [refused('invalid', 'base_url', 'Give the origin that browsers reach this server by, without a path, e.g. https://pbx.example.com.', wanted.baseUrl)]),
    ...wanted.redirectUris.flatMap((uri, at) => (isGoodRedirect(uri) ? [] : [
      refused('invalid', `redirect_uris[${at}]`, 'Give an https address without a fragment; http is for this very machine (127.0.0.1, [::1], localhost) only.', uri),
    ])),
    ...provider.kind === 'refused' ? [provider] : [],
  ];
  if (problems.length > 0 || provider.kind === 'refused') return allOf(problems);
  return change<SamlSettings>(deps, actor, async (draft) => {
    const before = await draft.stores.samlSettings.get(draft.accountId);
    const after: SamlSettings = { ...wanted, ...provider.value, accountId: draft.accountId, updatedAt: draft.at };
    await draft.stores.samlSettings.set(after);
    draft.note({ aggregate: 'saml_settings', id: draft.accountId, change: before === null ? 'created' : 'updated', action: 'set-saml', before, after });
    return done(after);
  });
}

/** Nobody signs in by an identity provider any more; who is signed in stays so until the session ends. */
export function removeSamlSettings(deps: ChangeDeps, actor: Actor): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    const before = await draft.stores.samlSettings.get(draft.accountId);
    if (before === null) return samlNotSetUp();
    await draft.stores.samlSettings.delete(draft.accountId);
    draft.note({ aggregate: 'saml_settings', id: draft.accountId, change: 'deleted', action: 'remove-saml', before, after: null });
    return done(null);
  });
}

export const samlNotSetUp = (): Refused => refused('not-found', 'saml', 'Sign-in by an identity provider is not set up. PUT it first.');

type Provider = Pick<SamlSettings, 'idpEntityId' | 'ssoUrl' | 'certificates'>;

function providerOf(messages: SamlMessages, idp: SamlWish['idp']): Outcome<Provider> {
  if (idp === null) return done({ idpEntityId: '', ssoUrl: '', certificates: [] });
  if ('metadata' in idp) {
    const read = messages.readIdpMetadata(idp.metadata);
    const text = 'This is no SAML 2.0 metadata of an identity provider with an HTTP-Redirect address and a signing certificate.';
    return read === null ? refused('invalid', 'idp_metadata', text) : checked('idp_metadata', { idpEntityId: read.entityId, ssoUrl: read.ssoUrl, certificates: read.certificates });
  }
  const certificates = idp.certificates.map((text) => messages.certificate(text));
  const unreadable = certificates.indexOf(null);
  if (unreadable >= 0) return refused('invalid', `idp_certificates[${unreadable}]`, 'This is no X.509 certificate. Give it as PEM, or as the base64 of its DER.');
  return checked('idp_sso_url', { idpEntityId: idp.entityId, ssoUrl: idp.ssoUrl, certificates: [...new Set(certificates.filter((one) => one !== null))] });
}

function checked(field: string, provider: Provider): Outcome<Provider> {
  if (provider.certificates.length > MOST_CERTIFICATES) return refused('invalid', field, `At most ${MOST_CERTIFICATES} certificates are taken.`);
  return URL.canParse(provider.ssoUrl) && new URL(provider.ssoUrl).protocol === 'https:' ? done(provider)
    : refused('invalid', field, 'The address of the identity provider must be an https address.', provider.ssoUrl);
}
