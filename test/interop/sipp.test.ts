import t from 'tap';
import { startProduct } from '../support/product.js';
import { clientsAreHere } from './clients.js';
import { sippStory } from './sipp-story.js';

if (clientsAreHere(t, ['sipp'])) {
  const product = await startProduct();
  t.teardown(() => product.close());
  await sippStory(t, product);
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
