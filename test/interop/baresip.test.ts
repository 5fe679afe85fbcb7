import t from 'tap';
import { startProduct } from '../support/product.js';
import { baresipStory } from './baresip-story.js';
import { clientsAreHere } from './clients.js';

if (clientsAreHere(t, ['baresip'])) {
  const product = await startProduct({ emptyDataDir: true });
  t.teardown(() => product.close());
  await baresipStory(t, product);
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
