import type { AccountId, CustomizedNumberId, ExtensionId, PhoneNumberId, SiteId } from '../domain/ids.js';
import type { CallerIdChoice, CustomizedNumber, PhoneNumber } from '../domain/numbering/phone-number.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface PhoneNumberFilter {
  /** Only of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  readonly assigned?: boolean;
  /** Of the extension it is assigned to. */
  readonly ownerKind?: Extension['owner']['kind'];
  readonly siteId?: SiteId;
  readonly numberType?: PhoneNumber['numberType'];
  readonly source?: PhoneNumber['source'];
  readonly status?: PhoneNumber['status'];
  /** Part of the number or of its display name. */
  readonly keyword?: string;
}

/** Numbers a body names: by id, by E.164 with `+`, or some of each. */
export interface NumberRefs {
  readonly ids: readonly string[];
  readonly numbers: readonly string[];
}

export interface NumberCount {
  readonly source: PhoneNumber['source'];
  readonly numberType: PhoneNumber['numberType'];
  readonly country: string | null;
  readonly assigned: number;
  readonly total: number;
}

export type PhoneNumberChanges = Partial<Omit<PhoneNumber, 'id' | 'accountId' | 'number' | 'country' | 'numberType' | 'createdAt'>>;

export interface PhoneNumberStore {
  get(accountId: AccountId, id: PhoneNumberId): Promise<PhoneNumber | null>;
  /** Those of the named ones that are there, each once, in no order. */
  find(accountId: AccountId, refs: NumberRefs): Promise<readonly PhoneNumber[]>;
  /** The numbers of an extension, primary first. */
  of(extensionId: ExtensionId): Promise<readonly PhoneNumber[]>;
  page(accountId: AccountId, filter: PhoneNumberFilter, page: PageRequest): Promise<Page<PhoneNumber>>;
  /** Every number of a site, in the order of ids. */
  ofSite(siteId: SiteId): Promise<readonly PhoneNumber[]>;
  counts(accountId: AccountId): Promise<readonly NumberCount[]>;
  insert(numbers: readonly PhoneNumber[]): Promise<void>;
  update(id: PhoneNumberId, changes: PhoneNumberChanges): Promise<void>;
  setSite(ids: readonly PhoneNumberId[], siteId: SiteId): Promise<void>;
  /** With the permissions to show them, and the choices of them. */
  delete(ids: readonly PhoneNumberId[]): Promise<void>;
}

export interface CustomizedNumberFilter {
  /** Only of these sites, whatever else is asked: as far as the reader's reach goes. */
  readonly within?: readonly SiteId[];
  /** True: permitted numbers; false: those that could be. */
  readonly selected: boolean;
  readonly siteId?: SiteId;
  readonly ownerKind?: Extension['owner']['kind'];
  readonly keyword?: string;
}
export interface CustomizedNumberView {
  /** Null: not permitted yet. */
  readonly entry: CustomizedNumber | null;
  readonly number: PhoneNumber;
}

/** Numbers permitted as caller ID beside the own ones, and what extensions chose of all they may show. */
export interface CallerIdStore {
  page(accountId: AccountId, scopeId: string, filter: CustomizedNumberFilter, page: PageRequest): Promise<Page<CustomizedNumberView>>;
  /** Those of one place, of one place with these ids, or of these numbers everywhere; oldest first. */
  entries(
    accountId: AccountId,
    of: { readonly scopeId: string; readonly ids?: readonly CustomizedNumberId[] } | { readonly phoneNumberIds: readonly PhoneNumberId[] },
  ): Promise<readonly CustomizedNumber[]>;
  insert(entries: readonly CustomizedNumber[]): Promise<void>;
  delete(ids: readonly CustomizedNumberId[]): Promise<void>;
  choice(extensionId: ExtensionId): Promise<CallerIdChoice | null>;
  /** Extensions that chose one of these numbers. */
  choosers(ids: readonly PhoneNumberId[]): Promise<readonly ExtensionId[]>;
  setChoice(choice: CallerIdChoice): Promise<void>;
  clearChoice(extensionId: ExtensionId): Promise<void>;
}

export interface PhoneNumberStores {
  readonly phoneNumbers: PhoneNumberStore;
  readonly callerIds: CallerIdStore;
}
