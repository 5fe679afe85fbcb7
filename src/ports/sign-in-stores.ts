import type { AccountId, UserId, UserSessionId } from '../domain/ids.js';

/** How a person proved who they are. */
export type SignInWay = 'code' | 'saml';

/** A person's sign-in at the API, until it ends by time, by sign-out or by an administrator. */
export interface UserSession {
  readonly id: UserSessionId;
  readonly accountId: AccountId;
  readonly userId: UserId;
  readonly how: SignInWay;
  /** Keyed hash of the refresh token that counts now, and of the one before, whose use shows that it was stolen. */
  readonly refreshHash: string;
  readonly earlierRefreshHash: string | null;
  /** From where the person signed in. */
  readonly address: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface UserSessionStore {
  get(id: UserSessionId): Promise<UserSession | null>;
  /** Those that have not ended at `now`, newest first. */
  of(userId: UserId, now: number): Promise<readonly UserSession[]>;
  insert(session: UserSession): Promise<void>;
  /** Puts `to` in place of `from`; false when another was faster, or it has ended. */
  rotate(id: UserSessionId, from: string, to: string): Promise<boolean>;
  end(id: UserSessionId): Promise<void>;
  endOf(userId: UserId): Promise<void>;
}

/** A code sent by mail. */
export interface SignInCode {
  readonly id: string;
  readonly accountId: AccountId;
  readonly userId: UserId;
  /** Keyed hash. */
  readonly codeHash: string;
  /** Wrong codes that were given for it. */
  readonly tries: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface SignInCodeStore {
  insert(code: SignInCode): Promise<void>;
  /** The newest of a person. */
  newest(userId: UserId): Promise<SignInCode | null>;
  countSince(userId: UserId, since: number): Promise<number>;
  /** Counts one try in the same statement that reads how many there were: so many as come at once are so many tries. */
  countTry(id: string): Promise<number>;
  /** Every code of the person; true when there was one: who takes it first has it. */
  take(id: string): Promise<boolean>;
}

export interface SignInStores {
  readonly userSessions: UserSessionStore;
  readonly signInCodes: SignInCodeStore;
}
