/** Ann calls Bob, on one office: scenes by the rule they show. */
import type { Test } from 'tap';
import type { CallRecord } from '../../src/domain/calls/call-event.js';
import { startOffice, type Office } from './sip-office.js';
import type { PhoneCall, ScriptedPhone } from './scripted-phone.js';

export type RegisteredPhone = Awaited<ReturnType<Office['registered']>>;

export interface CallScene {
  readonly office: Office;
  readonly ann: RegisteredPhone;
  readonly bob: RegisteredPhone;
}

export type CallScenes = Readonly<Record<string, (t: Test, scene: CallScene) => Promise<void>>>;

let next = 200;
/** Digits nobody has yet. */
export const freeNumber = (): string => String((next += 1));

/** Ann dials Bob, who answers. */
export async function answeredCall(
  ann: ScriptedPhone, bob: ScriptedPhone & { readonly extension: { readonly number: string } },
): Promise<{ call: PhoneCall; rung: PhoneCall }> {
  const call = await ann.dial(bob.extension.number);
  const rung = await bob.called();
  const acked = rung.answer();
  await call.ack(await call.response(200));
  await acked;
  return { call, rung };
}

/** The record of the call to Bob, once it has ended. */
export const endedRecord = ({ office, bob }: CallScene): Promise<CallRecord> =>
  office.calls.record((record) => record.endedAt !== null && record.dialled === bob.extension.number, 'the call ended');

/** Runs each scene with an Ann and a Bob of its own; afterwards no call may be left, and no error in the log. */
export async function runCallScenes(t: Test, scenes: CallScenes): Promise<void> {
  const office = await startOffice(t);
  for (const [rule, run] of Object.entries(scenes)) {
    await t.test(rule, async (t) => {
      const ann = await office.registered(freeNumber(), 'Ann');
      await run(t, { office, ann, bob: await office.registered(freeNumber(), 'Bob') });
    });
  }
  t.same(office.app.callControl.list(office.account.id), [], 'no call is left');
  t.same(office.log.lines.filter(({ level }) => level === 'error'), [], 'no error in the log');
}
