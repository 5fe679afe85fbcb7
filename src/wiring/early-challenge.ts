import { formatChallenge } from '../domain/auth/digest.js';
import type { Directory, DirectoryKeeper } from '../ports/directory.js';
import type { EdgeHandle, PreparedChallenge } from './edge.js';

/** Stands for the nonce while the challenge is cut in two; no realm holds it. */
const NONCE = '\0';

/**
 * What every REGISTER without credentials is challenged with; null while that depends on the account. Phones whose device
 * has digest algorithms of its own are left to the application.
 */
export function preparedChallenge(directory: Pick<DirectoryKeeper, 'accounts' | 'devicesWithOwnAlgorithms'>, nonceKey: Uint8Array): PreparedChallenge | null {
  const [account, another] = directory.accounts();
  if (account === undefined || another !== undefined) return null;
  return {
    lines: account.policy.digestAlgorithms.map((algorithm) => {
      const [before = '', after = ''] = formatChallenge({ realm: account.sipDomain, nonce: NONCE, algorithm, stale: false }).split(NONCE);
      return { before, after };
    }),
    nonceKey,
    except: new Set(directory.devicesWithOwnAlgorithms().map(({ userName }) => userName)),
  };
}

/** Keeps the edge's challenge that of the directory, from now on until the returned function is called. */
export function keepChallengePrepared(directory: Directory & DirectoryKeeper, nonceKey: Uint8Array, edge: EdgeHandle): () => void {
  const prepare = (): void => edge.prepareChallenge(preparedChallenge(directory, nonceKey));
  prepare();
  return directory.onChange(prepare);
}
