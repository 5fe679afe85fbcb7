import t from 'tap';
import { noKamailio } from '../support/kamailio.js';
import { startProduct } from '../support/product.js';
import { borderStory } from './border-story.js';

t.test('calls through Kamailio as the border of a carrier', { skip: noKamailio() ?? false, timeout: 110_000 }, async (t) => {
  const product = await startProduct();
  t.teardown(() => product.close());
  await borderStory(t, product);
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
});
