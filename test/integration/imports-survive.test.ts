/** The program is killed while it applies and while it undoes a file: all of it is there afterwards, or nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { madePeople } from '../support/made-people.js';
import { startProduct } from '../support/product.js';

interface Shown { readonly id: string; readonly state: string; readonly applied_rows: number; readonly counts: object }
const PEOPLE = 300;

t.test('kill -9 in the middle', { timeout: 280_000 }, async (t) => {
  const product = await startProduct();
  t.teardown(() => product.close());
  const read = async (id: string): Promise<Shown> => (await product.api<Shown>('GET', `/v2/cordboard/imports/${id}`)).body;
  const until = async (id: string, done: (one: Shown) => boolean): Promise<Shown> => {
    for (const end = Date.now() + 90_000; Date.now() < end; await pause(10)) {
      const shown = await read(id);
      if (done(shown)) return shown;
    }
    throw new Error(`the import stands still: ${JSON.stringify(await read(id))}`);
  };
  const people = async (): Promise<number> => (await product.api<{ readonly total_records: number }>('GET', '/v2/phone/users?page_size=30')).body.total_records;
  const uploaded = await product.api<Shown>('POST', '/v2/cordboard/imports?kind=users', madePeople(PEOPLE));
  t.equal(uploaded.status, 201);
  const { id } = await until(uploaded.body.id, ({ state }) => state === 'planned');
  t.match((await read(id)).counts, { add: PEOPLE, error: 0 });

  // The answer comes after the first slices, and may never come.
  const killedWhile = async (verb: string, middle: (one: Shown) => boolean): Promise<void> => {
    const answer = product.api<Shown>('POST', `/v2/cordboard/imports/${id}/${verb}`, {}).catch(() => null);
    await until(id, middle);
    await product.kill9();
    await answer;
    await product.startAgain();
  };
  const partly = ({ applied_rows: rows }: Shown): boolean => rows > 0 && rows < PEOPLE;
  await killedWhile('apply', (one) => one.state === 'applying' && partly(one));
  t.not(await people(), 0, 'a part of it was written');
  t.match(await until(id, ({ state }) => state === 'applied'), { applied_rows: PEOPLE });
  t.equal(await people(), PEOPLE, 'after the start all of it is there');

  await killedWhile('undo', (one) => one.state === 'undoing' && partly(one));
  t.match(await until(id, ({ state }) => state === 'undone'), { applied_rows: 0 });
  t.equal(await people(), 0, 'and nothing is left of it');
});
