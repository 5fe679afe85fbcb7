import t from 'tap';
import { DirectoryIndex } from '../../../src/storage/postgres/directory-index.js';
import { deskNumberOf } from '../../../src/usecases/caller-numbers.js';
import { poolNumber } from '../../support/call-facts-office.js';
import { aDevice, anAccount, anExtension, aSite, newId } from '../../support/sample-account.js';

t.test('the number at which a desk is called back', async (t) => {
  const account = anAccount();
  const [site, other] = [aSite(account.id), aSite(account.id, { isMain: false })];
  const [ann, ben] = ['101', '102'].map((number) => anExtension(site, number, { kind: 'user', id: newId() }));
  if (ann === undefined || ben === undefined) return t.fail();
  const desk = aDevice(site, [ann.id]);
  const directory = new DirectoryIndex();
  const put = (digits: string, siteId = site.id, changes = {}) => directory.numbers.putNumber(poolNumber(digits, { id: newId(), accountId: account.id, siteId, ...changes }));
  t.equal(deskNumberOf(directory, desk), '', 'none at all');
  put('+12125550100', other.id);
  put('+12125550101', site.id, { incoming: false });
  t.equal(deskNumberOf(directory, desk), '', 'neither of another site nor one that cannot be called');
  put('+12125550102', site.id, { extensionId: ben.id });
  put('+12125550103');
  t.equal(deskNumberOf(directory, desk), '+12125550102', "the site's first one, whoever has it");
  const moved = directory.numbers.byNumber(account.id, '+12125550102');
  if (moved !== undefined) directory.numbers.putNumber({ ...moved, siteId: other.id });
  t.equal(deskNumberOf(directory, desk), '+12125550103', 'it moved away');
  put('+12125550104', site.id, { extensionId: ann.id });
  t.equal(deskNumberOf(directory, desk), '+12125550104', 'an own number comes first');
});
