import type { AccountId, UserId } from '../domain/ids.js';
import type { SamlSettings } from '../domain/saml/saml-settings.js';

export interface SamlSettingStore {
  get(accountId: AccountId): Promise<SamlSettings | null>;
  set(settings: SamlSettings): Promise<void>;
  delete(accountId: AccountId): Promise<void>;
}

/** Where a browser goes when it is signed in, and what its program wants to know again (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export interface SamlReturn {
  readonly redirectUri: string;
  readonly state: string;
  /** SHA-256 of the program's verifier, base64url. */
  readonly codeChallenge: string;
}

/** An AuthnRequest that went out. */
export interface SamlRequest {
  readonly id: string;
  readonly accountId: AccountId;
  /** Null = the person stays on a page of ours. */
  readonly back: SamlReturn | null;
  readonly expiresAt: number;
}

/** What a person who was signed in by the identity provider gives for a session, once. */
export interface SamlCode {
  /** Hash of the code. */
  readonly codeHash: string;
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly back: Omit<SamlReturn, 'state'> | null;
  readonly expiresAt: number;
}

/** What must happen once; rows, so that no node and no lost Redis lets it happen twice. */
export interface SamlSignInStore {
  /** Keeps the request; those that have ended by `now` go. */
  insertRequest(request: SamlRequest, now: number): Promise<void>;
  /** The request, gone from now on; null = there is none, or it has ended. */
  takeRequest(accountId: AccountId, id: string, now: number): Promise<SamlRequest | null>;
  /** False when the assertion was seen before; those that have ended by `now` go. */
  rememberAssertion(assertion: { readonly accountId: AccountId; readonly id: string; readonly until: number }, now: number): Promise<boolean>;
  insertCode(code: SamlCode, now: number): Promise<void>;
  takeCode(codeHash: string, now: number): Promise<SamlCode | null>;
}

export interface SamlStores {
  readonly samlSettings: SamlSettingStore;
  readonly samlSignIns: SamlSignInStore;
}
