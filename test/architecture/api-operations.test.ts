import t from 'tap';
import { ROUTES } from '../../src/http/route-table.js';
import { API_FAMILIES } from './api-families.js';

const served = new Map(ROUTES.map((route) => [`${route.method} ${route.path}`, route]));

for (const [family, paths] of Object.entries(API_FAMILIES)) {
  t.test(`${family}: every operation is served`, (t) => {
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operationId] of Object.entries(operations)) {
        t.equal(served.get(`${method} ${path}`)?.operationId, operationId, `${method} ${path}`);
      }
    }
    t.end();
  });
}
