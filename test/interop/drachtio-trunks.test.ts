import t from 'tap';
import { noKamailio } from '../support/kamailio.js';
import { startDrachtio } from '../support/product-drachtio.js';
import { startProduct } from '../support/product.js';
import { borderStory } from './border-story.js';
import { carriersStory } from './carriers-story.js';
import { clientsAreHere } from './clients.js';

// The stories of trunks with a real drachtio-server in the edge's place; see drachtio-server.test.ts.
const binary = process.env['DRACHTIO_BIN'];
if (binary === undefined || binary === '') {
  const text = 'DRACHTIO_BIN names no drachtio-server: no trunk was tested on one';
  process.stderr.write(`SKIPPED: ${text}\n`);
  t.plan(0, text);
} else if (clientsAreHere(t, ['sipp'])) {
  const drachtio = await startDrachtio(binary);
  t.teardown(() => drachtio.stop());
  const product = await startProduct({
    env: { DRACHTIO_URL: drachtio.control, DRACHTIO_SECRET: drachtio.secret, WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' }, sipPort: drachtio.sipPort,
  });
  t.teardown(() => product.close());
  // Nothing is told of a 100 there.
  await t.test('carriers', (t) => carriersStory(t, product, 20_000));
  await t.test('a border', { skip: noKamailio() ?? false }, (t) => borderStory(t, product));
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
