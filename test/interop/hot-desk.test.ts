import t from 'tap';
import { startProduct } from '../support/product.js';
import { startDrachtio } from '../support/product-drachtio.js';
import { clientsAreHere } from './clients.js';
import { hotDeskStory } from './hot-desk-story.js';

if (clientsAreHere(t, ['baresip', 'sipp'])) {
  await t.test('on the embedded edge', async (t) => {
    const product = await startProduct({ demo: true });
    t.teardown(() => product.close());
    await hotDeskStory(t, product);
    t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
  });
  // No part of this repository: skipped aloud without.
  const binary = process.env['DRACHTIO_BIN'] ?? '';
  const skip = binary === '' ? 'DRACHTIO_BIN names no drachtio-server' : false;
  if (skip !== false) process.stderr.write(`SKIPPED: ${skip}\n`);
  await t.test('on a drachtio-server', { skip }, async (t) => {
    const drachtio = await startDrachtio(binary);
    t.teardown(() => drachtio.stop());
    const product = await startProduct({ demo: true, env: { DRACHTIO_URL: drachtio.control, DRACHTIO_SECRET: drachtio.secret }, sipPort: drachtio.sipPort });
    t.teardown(() => product.close());
    await hotDeskStory(t, product);
    t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
  });
}
