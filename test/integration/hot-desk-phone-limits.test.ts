import t from 'tap';
import { startRoom } from '../support/hot-desk-room.js';

t.test('a call to a code ends after its longest duration', async (t) => {
  const room = await startRoom(t, { longestMs: 600 });
  const [owner] = await room.sit(['1001']);
  const phone = await room.phone(await room.desk(owner?.extension.id ?? ''));
  const call = await phone.dialCode('*91');
  t.match((await call.hungUp()).header('Reason'), /Longest call duration/);
  t.match(await room.calls.record(({ endedAt }) => endedAt !== null, 'the end'), { cause: 'max-duration', status: 200 });

  await t.test('the edge is lost: the call is over and its port is closed', async (t) => {
    const lost = await phone.dialCode('*91');
    await lost.hears('en/enter-extension');
    await room.edge.stop();
    t.match(await room.calls.record(({ cause }) => cause === 'flow-lost', 'the lost call'), { status: 200 });
    t.match(await room.bed.media.metrics(), { endpoints: 0 });
  });
});
