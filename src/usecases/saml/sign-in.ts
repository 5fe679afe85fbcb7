import { judgeAssertion, type SamlAssertion, type SamlRefusal } from '../../domain/saml/judge-assertion.js';
import { mapAttributes, type MappedAttributes } from '../../domain/saml/map-attributes.js';
import { samlAddresses, type SamlSettings } from '../../domain/saml/saml-settings.js';
import type { AccountId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { HashFunction, RandomSource } from '../../ports/crypto.js';
import type { Clock, Log } from '../../ports/runtime.js';
import type { SamlMessages } from '../../ports/saml.js';
import type { SamlReturn } from '../../ports/saml-stores.js';
import type { Actor } from '../change.js';
import { receivePerson, type ReceiveDeps } from './receive-person.js';

export interface SamlSignInDeps extends ReceiveDeps {
  readonly stores: Stores;
  readonly samlMessages: SamlMessages;
  readonly random: RandomSource;
  readonly digestHash: HashFunction;
  readonly clock: Clock;
  readonly log: Log;
}

/** So long a person may take at the identity provider. */
const REQUEST_MS = 15 * 60_000;
const CODE_MS = 60_000;
const CODE_LENGTH = 40;

export type SamlBeginning =
  | { readonly kind: 'go'; readonly url: string }
  /** `wrong-return`: the address to come back to is none of those that are set up; nobody is ever sent there. */
  | { readonly kind: 'refused'; readonly why: 'not-set-up' | 'wrong-return' };

/** Sends a browser to the identity provider. @param back where it is to come back to; null = a page of ours */
export async function beginSamlSignIn(deps: SamlSignInDeps, accountId: AccountId, back: SamlReturn | null): Promise<SamlBeginning> {
  const settings = await deps.stores.samlSettings.get(accountId);
  if (settings?.active !== true) return { kind: 'refused', why: 'not-set-up' };
  if (back !== null && !settings.redirectUris.includes(back.redirectUri)) return { kind: 'refused', why: 'wrong-return' };
  const now = deps.clock.now();
  // SAML 2.0 core §1.3.4: an xs:ID, so it begins with a letter or underscore.
  const id = `_${deps.random.token(CODE_LENGTH)}`;
  await deps.stores.samlSignIns.insertRequest({ id, accountId, back, expiresAt: now + REQUEST_MS }, now);
  return { kind: 'go', url: await deps.samlMessages.loginUrl(settings, id) };
}

export type SamlEnding =
  | { readonly kind: 'signed-in'; readonly user: AccountUser; readonly back: SamlReturn | null; readonly code: string }
  | { readonly kind: 'refused'; readonly why: SamlRefusal };

/** What the identity provider says of who stands at the browser: checked, used once, and made a user's sign-in. @param actor of the account */
export async function endSamlSignIn(deps: SamlSignInDeps, actor: Actor, response: string): Promise<SamlEnding> {
  const { stores, clock } = deps;
  const { accountId } = actor;
  const no = (why: SamlRefusal, detail = ''): SamlEnding => {
    deps.log.info('saml-refused', { accountId, why, detail, address: actor.address });
    return { kind: 'refused', why };
  };
  const settings = await stores.samlSettings.get(accountId);
  if (settings?.active !== true) return no('not-set-up');
  const judged = await judgeResponse(deps, settings, response);
  if (judged.kind === 'refused') return no(judged.why, judged.detail);
  const { assertion, email, requestId, until } = judged;
  const now = clock.now();
  // The request goes first: an answer to it is used up whatever becomes of it.
  const request = requestId === null ? null : await stores.samlSignIns.takeRequest(accountId, requestId, now);
  if (requestId !== null && request === null) return no('not-asked-for');
  if (!await stores.samlSignIns.rememberAssertion({ accountId, id: assertion.id, until }, now)) return no('used-before');
  const received = await receivePerson(deps, actor, { email, mapped: mapAttributes(settings.rules, assertion.attributes), provisioning: settings.provisioning });
  if (received.kind === 'refused') return no(received.why);
  const { user } = received;
  const code = deps.random.token(CODE_LENGTH);
  const back = request?.back ?? null;
  await stores.samlSignIns.insertCode({ codeHash: deps.digestHash('sha256', code), accountId, userId: user.id, back: back && { redirectUri: back.redirectUri, codeChallenge: back.codeChallenge }, expiresAt: now + CODE_MS }, now);
  return { kind: 'signed-in', user, back, code };
}

export type SamlTrial =
  | { readonly kind: 'good'; readonly email: string; readonly known: boolean; readonly assertion: SamlAssertion; readonly mapped: MappedAttributes }
  | { readonly kind: 'refused'; readonly why: SamlRefusal; readonly detail: string };

/** What a response would lead to now; nobody is signed in, nothing is used up. Settings may be switched off. Null = there are none. */
export async function trySamlResponse(deps: SamlSignInDeps, accountId: AccountId, response: string): Promise<SamlTrial | null> {
  const settings = await deps.stores.samlSettings.get(accountId);
  if (settings === null) return null;
  const judged = await judgeResponse(deps, settings, response);
  if (judged.kind === 'refused') return judged;
  const { email, assertion } = judged;
  return { kind: 'good', email, assertion, known: await deps.stores.users.byEmail(accountId, email) !== null, mapped: mapAttributes(settings.rules, assertion.attributes) };
}

type Judged =
  | { readonly kind: 'good'; readonly assertion: SamlAssertion; readonly email: string; readonly requestId: string | null; readonly until: number }
  | { readonly kind: 'refused'; readonly why: SamlRefusal; readonly detail: string };

async function judgeResponse({ samlMessages, clock }: SamlSignInDeps, settings: SamlSettings, response: string): Promise<Judged> {
  const reading = await samlMessages.read(settings, response);
  if (reading.kind === 'refused') return reading;
  const { entityId, acsUrl } = samlAddresses(settings);
  const judgement = judgeAssertion(reading.assertion, {
    issuer: settings.idpEntityId, entityId, acsUrl, now: clock.now(), skewMs: settings.clockSkewSeconds * 1000, emailAttribute: settings.emailAttribute,
    idpInitiated: settings.idpInitiated,
  });
  return judgement.kind === 'refused' ? { ...judgement, detail: 'assertion' } : { ...judgement, assertion: reading.assertion };
}
