import { join } from 'node:path';
import t from 'tap';
import { createPhoneFiles } from '../../../src/rendering/phone-renderer.js';
import { clearGolden, goldenFolder, goldenTexts, readGolden, writeGolden, writesGolden } from '../../support/golden-files.js';
import { TEMPLATE_FOLDER } from '../../support/phone-facts.js';

const files = createPhoneFiles(TEMPLATE_FOLDER);

if (writesGolden()) for (const model of files.models) clearGolden(goldenFolder(model));

for (const model of files.models) {
  t.test(`${model.maker} ${model.model}: files of owner, guest, common area and unassigned are as kept`, async (t) => {
    for (const [path, text] of goldenTexts(files, model)) {
      const full = join(goldenFolder(model), path);
      if (writesGolden()) writeGolden(full, text);
      t.equal(text, readGolden(full), path);
    }
  });
}
