import { sql } from 'kysely';
import type { CustomizedNumberId, ExtensionId, PhoneNumberId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import type { CallerIdChoice, CustomizedNumber, PhoneNumber } from '../../domain/numbering/phone-number.js';
import { idsOf, replace } from './affected.js';
import { callerIdChoiceOf, customizedNumberOf } from './caller-id-store.js';
import type { Queries } from './database.js';
import type { NumberIndex } from './number-index.js';
import { phoneNumberOf } from './phone-number-store.js';
import { CHUNK, named, picked, type RowPick } from './row-chunks.js';
import type { SharedTexts } from './shared-texts.js';

/** Reads numbers and caller IDs for the directory, a chunk a statement. */
export interface NumberReader {
  readonly phoneNumbers: (pick: RowPick<PhoneNumberId>) => Promise<readonly PhoneNumber[]>;
  readonly customizedNumbers: (pick: RowPick<CustomizedNumberId>) => Promise<readonly CustomizedNumber[]>;
  readonly callerIdChoices: (pick: RowPick<ExtensionId>) => Promise<readonly CallerIdChoice[]>;
}

export function createNumberReader(queries: Queries, shared: SharedTexts): NumberReader {
  return {
    phoneNumbers: async (pick) => (
      await queries.selectFrom('phone_numbers').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()
    ).map(phoneNumberOf).map((number) => ({
      ...number,
      accountId: shared.text(number.accountId),
      country: number.country === null ? null : shared.text(number.country),
      numberType: shared.text(number.numberType),
      source: shared.text(number.source),
      status: shared.text(number.status),
      siteId: shared.text(number.siteId),
      carrier: shared.text(number.carrier),
      displayName: shared.text(number.displayName),
      sipGroupId: shared.text(number.sipGroupId),
    })),
    customizedNumbers: async (pick) => (
      await queries.selectFrom('customized_numbers').selectAll().where(picked(pick)).orderBy('id').limit(CHUNK).execute()
    ).map(customizedNumberOf),
    callerIdChoices: async (pick) => (
      await queries.selectFrom('caller_id_choices').selectAll()
        .where(pickedExtensions(pick)).orderBy('extension_id').limit(CHUNK).execute()
    ).map(callerIdChoiceOf),
  };
}

function pickedExtensions(pick: RowPick<ExtensionId>) {
  if ('ids' in pick) return sql<boolean>`extension_id = any(${pick.ids}::text[])`;
  return pick.after === null ? sql<boolean>`true` : sql<boolean>`extension_id > ${pick.after}`;
}

/** Reads what the events name; a choice goes with its extension. Returns the change, to be made in one go. */
export async function readAffectedNumbers(
  reader: NumberReader, index: NumberIndex, events: readonly ConfigEvent[],
): Promise<() => void> {
  const numberIds = idsOf<PhoneNumberId>(events, 'phone_number');
  const customizedIds = idsOf<CustomizedNumberId>(events, 'customized_number');
  const extensionIds = new Set([...idsOf<ExtensionId>(events, 'caller_id_choice'), ...idsOf<ExtensionId>(events, 'extension')]);
  const numbers = await named(reader.phoneNumbers, numberIds);
  const customized = await named(reader.customizedNumbers, customizedIds);
  const choices = await named(reader.callerIdChoices, extensionIds);
  return () => {
    replace(numberIds, numbers, (number) => index.putNumber(number), (id) => index.removeNumber(id));
    replace(customizedIds, customized, (entry) => index.putCustomized(entry), (id) => index.removeCustomized(id));
    replace(extensionIds, choices, (choice) => index.putChoice(choice), (id) => index.removeChoice(id));
  };
}
