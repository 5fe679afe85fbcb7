import t from 'tap';
import { startProduct } from '../support/product.js';
import { carriersStory } from './carriers-story.js';
import { clientsAreHere } from './clients.js';

if (clientsAreHere(t, ['sipp'])) {
  const product = await startProduct({ env: { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' } });
  t.teardown(() => product.close());
  await carriersStory(t, product, 4_000);
  t.same(product.log.faults().map(({ raw }) => raw), [], 'the program logged no error');
}
