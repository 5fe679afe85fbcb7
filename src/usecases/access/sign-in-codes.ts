import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { drawDigits } from '../../domain/identity/activation-code.js';
import { nameOf, type AccountUser } from '../../domain/identity/user.js';
import { mailLanguage } from '../../domain/mail/mail.js';
import type { MailPost } from '../../ports/mailer.js';
import type { Pause } from '../../ports/runtime.js';
import { change, type Actor } from '../change.js';
import { done, forbidden, type Outcome } from '../outcome.js';
import { queueMail } from '../mail/queue-mail.js';
import { startUserSession, type SessionDeps, type SessionTokens } from './user-sessions.js';

/** About 26 bits, of which five wrong tries are taken. */
const CODE_LENGTH = 8;
const CODE_MS = 10 * 60_000;
const MOST_TRIES = 5;
/** Codes of one person within the life of one: more are not sent, though the answer is the same. */
const MOST_CODES = 3;
/** Known and unknown addresses answer after the same time: longer than what either takes. */
const ANSWER_MS = 300;

export interface SignInDeps extends SessionDeps {
  readonly mail: MailPost;
  readonly pause: Pause;
}

type From = Pick<Actor, 'address' | 'requestId'>;

/** Sends a code to the person with this address, if there is one, active, and not sent several already. Says nothing of that. */
export async function requestSignInCode(deps: SignInDeps, email: string, from: From): Promise<void> {
  await Promise.all([sendCode(deps, email, from), deps.pause(ANSWER_MS)]);
}

async function sendCode(deps: SignInDeps, email: string, from: From): Promise<void> {
  const account = await deps.stores.accounts.first();
  const user = account && await deps.stores.users.byEmail(account.id, email);
  if (!account || user?.status !== 'active') return;
  const code = drawDigits(CODE_LENGTH, (length) => deps.random.bytes(length));
  await change<null>(deps, { ...from, accountId: account.id, name: 'system', reach: WHOLE_ACCOUNT }, async (draft) => {
    const sent = await draft.stores.signInCodes.countSince(user.id, draft.at - CODE_MS);
    if (sent >= MOST_CODES) {
      draft.audit({ aggregate: 'user', id: user.id, action: 'sign-in-code-withheld', about: { sent, minutes: CODE_MS / 60_000 } });
      return done(null);
    }
    await draft.stores.signInCodes.insert({
      id: draft.newId(), accountId: account.id, userId: user.id, codeHash: deps.pinHasher.keyOf(account.id, code), tries: 0, createdAt: draft.at,
      expiresAt: draft.at + CODE_MS,
    });
    await queueMail(deps, draft, {
      to: user.email, language: mailLanguage(user.language, account.policy.promptLanguage), template: 'sign-in-code',
      data: { name: nameOf(user), accountName: account.name, code, minutes: String(CODE_MS / 60_000) },
    });
    draft.audit({ aggregate: 'user', id: user.id, action: 'send-sign-in-code', about: {} });
    return done(null);
  });
}

/** Signs in with the code that was sent last. Whatever is wrong, the refusal is the same, after the same time. */
export async function signInWithCode(deps: SignInDeps, email: string, code: string, from: From): Promise<Outcome<SessionTokens>> {
  const [user] = await Promise.all([takeCode(deps, email, code), deps.pause(ANSWER_MS)]);
  if (user === null) return forbidden('This code does not count. Ask for another with POST /v2/cordboard/sign-in/code.');
  return startUserSession(deps, user.accountId, user.id, 'code', from);
}

/** The person whose code it is; it counts no longer afterwards. */
async function takeCode(deps: SignInDeps, email: string, code: string): Promise<AccountUser | null> {
  const account = await deps.stores.accounts.first();
  const user = account && await deps.stores.users.byEmail(account.id, email);
  const sent = user && await deps.stores.signInCodes.newest(user.id);
  if (!user || !sent || sent.expiresAt <= deps.clock.now()) return null;
  // Counted before it is compared, so that tries made at once are all counted.
  if (await deps.stores.signInCodes.countTry(sent.id) > MOST_TRIES) return null;
  const right = sent.codeHash !== '' && sent.codeHash === deps.pinHasher.keyOf(user.accountId, code.replace(/[\s-]/g, ''));
  return right && await deps.stores.signInCodes.take(sent.id) ? user : null;
}
