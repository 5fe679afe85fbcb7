import type { AccountId, CustomizedNumberId, ExtensionId, PhoneNumberId, SiteId } from '../../domain/ids.js';
import type { CallerIdChoice, CustomizedNumber, PhoneNumber } from '../../domain/numbering/phone-number.js';
import type { NumberDirectory } from '../../ports/directory.js';
import { GroupIndex } from './group-index.js';

/** The account's numbers as calls see them: by number, by holder, and who may show which. */
export class NumberIndex implements NumberDirectory {
  readonly #numbers = new Map<PhoneNumberId, PhoneNumber>();
  readonly #byNumber = new Map<string, PhoneNumberId>();
  /** Lists in the order of assignment, primary first; a change makes a new one. */
  readonly #byExtension = new Map<ExtensionId, readonly PhoneNumber[]>();
  readonly #bySite = new GroupIndex<PhoneNumber>();
  readonly #customized = new Map<CustomizedNumberId, CustomizedNumber>();
  readonly #customizedByScope = new GroupIndex<CustomizedNumber>();
  readonly #choices = new Map<ExtensionId, CallerIdChoice>();

  get(id: PhoneNumberId): PhoneNumber | undefined {
    return this.#numbers.get(id);
  }
  byNumber(accountId: AccountId, number: string): PhoneNumber | undefined {
    const id = this.#byNumber.get(`${accountId} ${number}`);
    return id === undefined ? undefined : this.#numbers.get(id);
  }
  of(extensionId: ExtensionId): readonly PhoneNumber[] {
    return this.#byExtension.get(extensionId) ?? [];
  }
  ofSite(siteId: SiteId): PhoneNumber | undefined {
    return this.#bySite.get(siteId).find(({ incoming, outgoing }) => incoming && outgoing);
  }
  customized(scopeId: string): readonly PhoneNumber[] {
    return this.#customizedByScope.get(scopeId).flatMap(({ phoneNumberId }) => this.#numbers.get(phoneNumberId) ?? []);
  }
  choice(extensionId: ExtensionId): CallerIdChoice | undefined {
    return this.#choices.get(extensionId);
  }

  putNumber(number: PhoneNumber): void {
    this.removeNumber(number.id);
    this.#numbers.set(number.id, number);
    this.#byNumber.set(`${number.accountId} ${number.number}`, number.id);
    this.#bySite.add(number.siteId, number);
    if (number.extensionId === null) return;
    const others = this.#byExtension.get(number.extensionId) ?? [];
    this.#byExtension.set(number.extensionId, [...others, number].sort((a, b) => (a.assignedOrder ?? 0) - (b.assignedOrder ?? 0)));
  }
  removeNumber(id: PhoneNumberId): void {
    const old = this.#numbers.get(id);
    if (old === undefined) return;
    this.#numbers.delete(id);
    this.#bySite.remove(old.siteId, id);
    const key = `${old.accountId} ${old.number}`;
    if (this.#byNumber.get(key) === id) this.#byNumber.delete(key);
    if (old.extensionId === null) return;
    const rest = this.of(old.extensionId).filter((other) => other.id !== id);
    if (rest.length === 0) this.#byExtension.delete(old.extensionId);
    else this.#byExtension.set(old.extensionId, rest);
  }

  putCustomized(entry: CustomizedNumber): void {
    this.removeCustomized(entry.id);
    this.#customized.set(entry.id, entry);
    this.#customizedByScope.add(entry.scopeId, entry);
  }
  removeCustomized(id: CustomizedNumberId): void {
    const old = this.#customized.get(id);
    if (old === undefined) return;
    this.#customized.delete(id);
    this.#customizedByScope.remove(old.scopeId, id);
  }

  putChoice(choice: CallerIdChoice): void {
    this.#choices.set(choice.id, choice);
  }
  removeChoice(id: ExtensionId): void {
    this.#choices.delete(id);
  }
}
