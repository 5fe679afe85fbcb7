import t from 'tap';
import type { LegProfile, MediaGateway } from '../../src/ports/media.js';
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

/** Stands for a gateway where only the words of the description matter: sound goes past it. */
function wordGateway() {
  const asked: { readonly what: 'offer' | 'answer' | 'remove'; readonly toward?: LegProfile['transport']; readonly callId: string }[] = [];
  const to = (sdp: string, transport: string) => ({ kind: 'sdp', sdp: sdp.replace(/RTP\/S?AVP/, transport).replace(/a=crypto:.*\r\n/, '') }) as const;
  const gateway: MediaGateway = {
    kind: 'rtpengine', capabilities: { webrtc: true, anchor: true, transcode: [] },
    offer: ({ callId }, sdp, { transport }) => {
      asked.push({ what: 'offer', toward: transport, callId });
      return Promise.resolve(to(sdp, transport));
    },
    answer: ({ callId }, sdp, { transport }) => {
      asked.push({ what: 'answer', toward: transport, callId });
      return Promise.resolve(to(sdp, transport));
    },
    remove: ({ callId }) => {
      asked.push({ what: 'remove', callId });
      return Promise.resolve(null);
    },
    on: () => undefined,
  };
  return { gateway, asked };
}

t.test('a caller with SRTP goes through the gateway: the INVITE, a re-INVITE, and the end', async (t) => {
  const { gateway, asked } = wordGateway();
  const room = await startRoom(t, { gateway });
  const [owner] = await room.sit(['1001']);
  const phone = await room.phone(await room.desk(owner?.extension.id ?? ''));
  const rtp = await phone.rtp();
  const secured = rtp.sdp('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz').replace('RTP/AVP', 'RTP/SAVP');
  const call = await phone.dialCode('*91', { sdp: secured });
  t.match(call.success.body, /RTP\/SAVP 0 101/);
  const again = await call.request('INVITE', { body: secured });
  await call.ack(again);
  t.match([again.status, again.body], [200, /RTP\/SAVP/]);
  await call.hangUp();
  await room.calls.record(({ endedAt }) => endedAt !== null, 'the end');
  t.same(asked.map(({ what, toward }) => [what, toward]), [
    ['offer', 'RTP/AVP'], ['answer', 'RTP/SAVP'], ['offer', 'RTP/AVP'], ['answer', 'RTP/SAVP'], ['remove', undefined],
  ]);
  t.equal(new Set(asked.map(({ callId }) => callId)).size, 1);
});
