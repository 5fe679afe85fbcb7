import { readFileSync } from 'node:fs';
import type { BenchOptions } from './options.js';
import { NotHere, type BenchPhone, type Target } from './target.js';

/** A server that somebody else started, with phones it knows. */
export function externalTarget(options: BenchOptions): Target {
  if (options.target === null || options.targetDevices === null) throw new NotHere('--target and --target-devices tell where it is');
  const all = readFileSync(options.targetDevices, 'utf8').trim().split('\n').map((line): BenchPhone => {
    const [userName = '', password = '', domain = '', extension = ''] = line.trim().split(';');
    return { userName, authorizationId: userName, password, domain, extension };
  });
  const dialable = all.filter(({ extension }) => extension !== '');
  const callee = dialable.at(-1);
  if (!callee) throw new NotHere(`${options.targetDevices} names no phone with an extension`);
  return {
    name: 'target', sip: options.target, phones: all, callers: dialable.slice(0, -1), callee,
    processes: options.targetPids.map((pid) => ({ name: `pid ${pid}`, pids: [pid] })),
    inspect: async () => [],
    stop: async () => undefined,
  };
}
