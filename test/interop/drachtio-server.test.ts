import t from 'tap';
import { startDrachtio } from '../support/product-drachtio.js';
import { startProduct } from '../support/product.js';
import { baresipStory } from './baresip-story.js';
import { clientsAreHere } from './clients.js';
import { sippStory } from './sipp-story.js';

// The same stories with a real drachtio-server in the edge's place. DRACHTIO_BIN names its binary; it is no part of
// this repository, so that without it the file is skipped, aloud.
const binary = process.env['DRACHTIO_BIN'];
if (binary === undefined || binary === '') {
  const text = 'DRACHTIO_BIN names no drachtio-server: nothing was tested on one';
  process.stderr.write(`SKIPPED: ${text}\n`);
  t.plan(0, text);
} else if (clientsAreHere(t, ['baresip', 'sipp'])) {
  const drachtio = await startDrachtio(binary);
  t.teardown(() => drachtio.stop());
  const product = await startProduct({
    env: { DRACHTIO_URL: drachtio.control, DRACHTIO_SECRET: drachtio.secret }, sipPort: drachtio.sipPort,
  });
  t.teardown(() => product.close());
  await t.test('softphones', (t) => baresipStory(t, product));
  await t.test('sipp', (t) => sippStory(t, product));
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
