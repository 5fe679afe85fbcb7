import t from 'tap';
import { createPromptConverter } from '../../src/sound/prompt-converter.js';
import { removePrompt, uploadPrompt } from '../../src/usecases/prompts/account-prompts.js';
import { startRoom } from '../support/hot-desk-room.js';
import { valueOf } from '../support/hot-desk-office.js';
import { wavFile } from '../support/wav-files.js';

t.test("*91 speaks with the account's own recording, and with the built-in one when it is gone", async (t) => {
  const room = await startRoom(t);
  const [owner, guest] = await room.sit(['1001', '1002']);
  if (owner === undefined || guest === undefined) throw new Error('nobody there');
  const phone = await room.phone(await room.desk(owner.extension.id));
  const file = wavFile({ data: Buffer.from(room.ear.learn('our enter-pin').buffer) });
  // Converted before the call, so that a slow machine does not outlast the caller's time to type.
  const converted = await createPromptConverter().convert(file);
  const deps = { ...room.deps, prompts: room.bed.prompts, promptConverter: { convert: async () => converted } };

  const call = await phone.dialCode('*91');
  await call.hears('en/enter-extension');
  // Into a call that stands: its next prompt is the new one.
  valueOf(await uploadPrompt(deps, room.actor, 'en', 'enter-pin', file));
  call.type(`${guest.number}#`);
  await call.hears('our enter-pin');
  call.type(guest.pinCode);
  await call.hears('en/signed-in');
  await call.hungUp();

  valueOf(await removePrompt(deps, room.actor, 'en', 'enter-pin'));
  const again = await phone.dialCode('*91');
  await again.hears('en/enter-extension');
  again.type(`${guest.number}#`);
  await again.hears('en/enter-pin');
  t.same(again.heard(), ['en/enter-extension', 'en/enter-pin']);
});
