import type { SetUpGuides } from '../ports/set-up-guides.js';
import { loadFamilies } from './load-families.js';

/**
 * How phones are set up, by the manifests below a folder, read once.
 * @throws TemplateFolderProblem when one of them is wrong
 */
export function createSetUpGuides(folder: string): SetUpGuides {
  const manifests = loadFamilies(folder).map(({ manifest }) => manifest);
  return {
    guideOf(maker) {
      const manifest = manifests.find((one) => one.maker === maker);
      if (manifest === undefined) return null;
      const { guide, macCase } = manifest;
      return { maker, macCase, ...guide };
    },
    prefixes: manifests.flatMap(({ family, maker, ouis }) => (family === 'other' ? [] : [{ maker, prefixes: ouis }])),
  };
}
