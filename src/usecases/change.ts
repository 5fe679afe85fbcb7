import { asId, type AccountId, type EventId, type SiteId } from '../domain/ids.js';
import { concernedDevices } from '../domain/device/configuration-generation.js';
import type { Reach } from '../domain/access/reach.js';
import type { AggregateKind, ConfigEvent } from '../domain/events.js';
import { UniqueViolation, type Stores, type UnitOfWork } from '../ports/admin-stores.js';
import type { AuditEntry } from '../ports/record-stores.js';
import type { Clock, IdSource } from '../ports/runtime.js';
import { outsideReach } from './access/check-notes.js';
import { refused, type Outcome, type Refused } from './outcome.js';
import type { VersionGuard } from './version-guard.js';

/** Who asks for a change, and from where; kept in the audit log. */
export interface Actor {
  readonly accountId: AccountId;
  /** `client:<id>`, `user:<id>`, `system` or `cli`. */
  readonly name: string;
  /** IP address, or '' for the machine itself. */
  readonly address: string;
  readonly requestId: string;
  /** What the change may touch; outside of it nothing is done (403). */
  readonly reach: Reach;
  /** The version the account must still have when the change begins; missing = any. */
  readonly onlyAt?: VersionGuard;
}

export interface ChangeDeps {
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** One thing that a change did: an audit entry and an event are made of it. */
export interface ChangeNote {
  readonly aggregate: AggregateKind;
  readonly id: string;
  readonly change: ConfigEvent['change'];
  /** The verb in the audit log, e.g. `assign-device`. */
  readonly action: string;
  readonly before: object | null;
  readonly after: object | null;
  /** It follows by itself from another thing of the same change, wherever it is: a key that showed a removed extension, a guest's session. */
  readonly consequence?: boolean;
  /** Sites of other things that it uses, which must be reached as well: whose phone a device becomes, whose number may be shown. */
  readonly alsoAt?: readonly SiteId[];
}

/** Something worth keeping that changed no configuration: an attempt, a warning. Never a secret. */
export interface AuditNote {
  readonly aggregate: AggregateKind;
  readonly id: string;
  readonly action: string;
  readonly about: Readonly<Record<string, unknown>>;
}

/** A transaction in the making: reads and writes go through `stores`, and everything done is noted. */
export interface Draft {
  readonly stores: Stores;
  readonly accountId: AccountId;
  /** Who makes the change, as the audit log names them. */
  readonly actor: string;
  /** Epoch ms: the one instant of the whole change. */
  readonly at: number;
  readonly newId: () => string;
  readonly note: (note: ChangeNote) => void;
  /** An audit entry without an event. */
  readonly audit: (note: AuditNote) => void;
  /** An event without an audit entry, for what others must read again though nobody decided it. */
  readonly announce: (subject: Pick<ChangeNote, 'aggregate' | 'id' | 'change'>) => void;
  /** What needs to know which phones are pending by this change: runs in the same transaction, which a refusal undoes. */
  readonly afterwards: (fn: () => Promise<Refused | null>) => void;
}

/** Writers who meet at a unique rule: the loser runs again and then sees what the winner wrote. */
const TRIES = 3;

/**
 * Runs `fn` as one transaction: rows, audit entries and events stand or fall together. A refusal undoes everything and
 * is
 * returned. When another writer takes a unique value in the same moment, `fn` runs again and can refuse by name or
 * choose
 * anew, so it may change nothing but the draft. Changes of one account run one after the other, on every node: what a
 * draft reads stays true until its end. Throws `StorageFault` while PostgreSQL is away.
 */
export async function change<T>(
  deps: ChangeDeps, actor: Actor, fn: (draft: Draft) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(deps, actor, fn);
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error;
      if (tries < TRIES) continue;
      return refused(
        'conflict', FIELD_OF_RULE.get(error.constraint) ?? 'body',
        'Somebody else has just taken this value. Read again and choose another.',
      );
    }
  }
}

function attempt<T>(deps: ChangeDeps, actor: Actor, fn: (draft: Draft) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  return deps.uow.run<Outcome<T>>(async (stores) => {
    const at = deps.clock.now();
    const notes: ChangeNote[] = [];
    const audits: AuditNote[] = [];
    const announced: Pick<ChangeNote, 'aggregate' | 'id' | 'change'>[] = [];
    const afterwards: (() => Promise<Refused | null>)[] = [];
    // Before any other row, so that two changes never wait for each other's.
    await stores.accounts.lock(actor.accountId);
    if (actor.onlyAt) actor.onlyAt.check((await stores.accounts.get(actor.accountId))?.configVersion ?? 0);
    const value = await fn({
      stores,
      accountId: actor.accountId,
      actor: actor.name,
      at,
      newId: () => deps.ids.next(),
      note: (note) => void notes.push(note),
      audit: (note) => void audits.push(note),
      announce: (subject) => void announced.push(subject),
      afterwards: (fn) => void afterwards.push(fn),
    });
    if (value.kind === 'refused') return { end: 'rollback', value };
    // In the same transaction, so that no phone is ever shown as up to date when it is not.
    await stores.deviceConfigurations.raise(actor.accountId, notes.flatMap(concernedDevices), at);
    for (const fn of afterwards) {
      const problem = await fn();
      if (problem !== null) return { end: 'rollback', value: problem };
    }
    const outside = await outsideReach(stores, actor.accountId, actor.reach, [...notes, ...audits]);
    if (outside !== null) return { end: 'rollback', value: outside };
    // A few statements, however much was noted.
    await stores.audit.appendAll([...audits.map((audit) => auditedEntry(audit, at)), ...notes.flatMap((note) => notedEntry(note, at))].map((entry) => ({
      ...entry, id: asId<EventId>(deps.ids.next()), accountId: actor.accountId, actor: actor.name, address: actor.address, requestId: actor.requestId,
    })));
    await stores.emitAll([...notes.filter((note) => notedEntry(note, at).length > 0), ...announced].map(({ aggregate, id, change: what }) => ({
      id: asId<EventId>(deps.ids.next()), accountId: actor.accountId, aggregate, aggregateId: id, change: what, at,
    })));
    return { end: 'commit', value };
  });
}

type Entry = Pick<AuditEntry, 'at' | 'aggregate' | 'aggregateId' | 'action' | 'before' | 'after'>;

function auditedEntry({ aggregate, id, action, about }: AuditNote, at: number): Entry {
  return { at, aggregate, aggregateId: id, action, before: null, after: masked(Object.entries(about)) };
}

/** The entry of a note; an update that changed nothing has none, and is no event. */
function notedEntry(note: ChangeNote, at: number): readonly Entry[] {
  const fields = changedFields(note);
  if (note.change === 'updated' && fields.after === null) return [];
  return [{ at, aggregate: note.aggregate, aggregateId: note.id, action: note.action, ...fields }];
}

type Fields = Readonly<Record<string, unknown>> | null;

const SECRET_NAME = /password|secret|pin|token|hash/i;

/** Both sides cut down to what differs, secrets masked; null where nothing is left. */
function changedFields(note: ChangeNote): { before: Fields; after: Fields } {
  const before = Object.entries(note.before ?? {});
  const after = Object.entries(note.after ?? {});
  if (note.change !== 'updated') {
    return { before: note.before && masked(before), after: note.after && masked(after) };
  }
  const old = new Map(before);
  const changed = after.filter(([name, value]) => JSON.stringify(old.get(name)) !== JSON.stringify(value));
  if (changed.length === 0) return { before: null, after: null };
  const names = new Set(changed.map(([name]) => name));
  return { before: masked(before.filter(([name]) => names.has(name))), after: masked(changed) };
}

function masked(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries.map(([name, value]) => [name, SECRET_NAME.test(name) ? '***' : value]));
}

/** The API field behind each unique rule of the schema that two administrators may break at once. */
const FIELD_OF_RULE: ReadonlyMap<string, string> = new Map([
  ['sites_name_unique', 'name'],
  ['setting_templates_name_unique', 'name'],
  ['sites_code_unique', 'site_code'],
  ['users_email_unique', 'email'],
  ['scim_profiles_name_unique', 'userName'],
  ['group_mappings_name_unique', 'group_name'],
  ['extensions_number_unique', 'extension_number'],
  ['devices_mac_unique', 'mac_address'],
  ['blocked_numbers_number_unique', 'phone_number'],
  ['phone_numbers_number_unique', 'phone_numbers'],
  ['customized_numbers_number_unique', 'phone_number_ids'],
  ['outbound_exceptions_number_unique', 'exception_rule.prefix_number'],
  ['provision_templates_name_unique', 'name'],
  ['firmware_rules_model_unique', 'device_model'],
  ['trunks_name_unique', 'name'],
  ['line_keys_position_unique', 'line_keys'],
  ['rate_decks_name_unique', 'name'],
  ['fraud_guards_name_unique', 'name'],
  ['rate_decks_place_unique', 'trunk_id'],
]);
