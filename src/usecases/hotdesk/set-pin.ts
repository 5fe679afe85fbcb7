import { extensionForms } from '../../domain/hotdesk/sign-in-extension.js';
import { PIN_WEAKNESS_TEXTS, pinWeakness } from '../../domain/hotdesk/pin-weakness.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { PinHolder } from '../../ports/hot-desk-stores.js';
import { commonAreaNotFound, phoneUserNotFound } from '../admin/not-found.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { randomPin } from './fresh-pins.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/** The signature of `setPin`. */
export type SetPin = (deps: HotDeskDeps, actor: Actor, holder: PinHolder, pin: string) => Promise<Outcome<null>>;
/** The signature of `resetPin`. */
export type ResetPin = (deps: HotDeskDeps, actor: Actor, holder: PinHolder) => Promise<Outcome<{ readonly pin: string }>>;

/**
 * Sets the PIN of a user or a common area: one to six digits, not a weak one while the account refuses those. The holder's
 * locked pairs open. Refusals never hold the digits.
 */
export const setPin: SetPin = async (deps, actor, holder, pin) => {
  // Digits that no hash can be made of cost none.
  const shape = pinWeakness(pin, { extensionForms: [], minLength: 1 }, true);
  if (shape !== null) return refused('invalid', 'pin_code', PIN_WEAKNESS_TEXTS[shape]);
  const hash = await deps.pinHasher.hash(actor.accountId, pin);
  return change<null>(deps, actor, async (draft) => {
    const owner = await ownerOf(draft, holder);
    if (owner.kind === 'refused') return owner;
    const account = await draft.stores.accounts.get(draft.accountId);
    const { refuseWeakPins = true, pinMinLength = 1 } = account?.policy ?? {};
    const weakness = pinWeakness(pin, { extensionForms: owner.forms, minLength: pinMinLength }, !refuseWeakPins);
    if (weakness !== null) {
      const least = weakness === 'too-short' ? ` Give at least ${pinMinLength} digits.` : '';
      return refused('invalid', 'pin_code', `${PIN_WEAKNESS_TEXTS[weakness]}${least}`);
    }
    return store(draft, holder, owner.extension, hash);
  });
};

/** Gives a user or a common area a PIN of six random digits, which the answer alone ever holds. */
export const resetPin: ResetPin = async (deps, actor, holder) => {
  // No extension is six random digits long that was not looked up: a PIN that happens to be one is drawn again.
  for (;;) {
    const pin = randomPin(deps.random, []);
    const outcome = await setPin(deps, actor, holder, pin);
    if (outcome.kind === 'done') return done({ pin });
    if (outcome.why !== 'invalid') return outcome;
  }
};

type Owner = { readonly kind: 'owner'; readonly extension: Extension; readonly forms: readonly string[] };

async function ownerOf(draft: Draft, holder: PinHolder): Promise<Owner | Refused> {
  const view = holder.kind === 'user'
    ? await draft.stores.phoneUsers.get(draft.accountId, holder.id)
    : await draft.stores.commonAreas.get(draft.accountId, holder.id);
  if (view === null) return holder.kind === 'user' ? phoneUserNotFound(holder.id) : commonAreaNotFound(holder.id);
  return { kind: 'owner', extension: view.extension, forms: extensionForms(view.extension, view.site) };
}

async function store(draft: Draft, holder: PinHolder, extension: Extension, hash: string): Promise<Outcome<null>> {
  await draft.stores.pins.set(draft.accountId, holder, { hash, setAt: draft.at });
  const unlocked = await draft.stores.signInLocks.clear(draft.accountId, { extensionKey: extension.id });
  draft.audit({ aggregate: 'pin', id: holder.id, action: 'change-pin', about: { holder: holder.kind, unlocked } });
  return done(null);
}
