import type { SecretBox } from '../../ports/crypto.js';
import type { TrunkDirectory, TrunkSecrets } from '../../ports/trunks.js';

/** Passwords out of the directory's memory: sealed there, opened for the one who asks and kept nowhere else. */
export function createTrunkSecrets({ trunks, box }: { readonly trunks: () => Pick<TrunkDirectory, 'sealedPassword'>; readonly box: SecretBox }): TrunkSecrets {
  return {
    async password(id) {
      const sealed = trunks().sealedPassword(id);
      return sealed === '' ? null : box.open(sealed, id);
    },
  };
}
