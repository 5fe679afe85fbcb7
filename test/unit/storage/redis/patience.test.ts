import t from 'tap';
import { NoReply, withPatience } from '../../../../src/storage/redis/patience.js';

const block = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until) { /* the event loop is busy */ }
};

t.test('a reply in time is the reply, an error the error', async (t) => {
  t.equal(await withPatience(Promise.resolve(1), 1000), 1);
  await t.rejects(withPatience(Promise.reject(new Error('refused')), 1000), { message: 'refused' });
});

t.test('a silent peer is found out', async (t) => {
  await t.rejects(withPatience(new Promise(() => undefined), 20), NoReply);
});

t.test('a busy event loop of our own is not taken for a silent peer', async (t) => {
  let arrive = (): void => undefined;
  const reply = new Promise<string>((resolve) => { arrive = () => resolve('came meanwhile'); });
  const waiting = withPatience(reply, 100);
  // The timer is overdue when the loop turns again; the reply is read only after it, as from a socket.
  setTimeout(() => setImmediate(() => setImmediate(arrive)), 100);
  block(300);
  t.equal(await waiting, 'came meanwhile');
});
