import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Lua script as Redis knows it: its text, and the SHA-1 by which it is called. */
export interface Script {
  readonly name: string;
  readonly text: string;
  readonly sha: string;
}

/** Each script with the parts put in front of it. */
const PARTS = {
  'register': ['nonce-window', 'binding-record'],
  'call-facts': ['nonce-window', 'call-counts'],
  'renew-calls': [],
  'end-calls': [],
  'sweep': ['binding-record'],
  'drop': ['binding-record'],
  'list': [],
  'read-records': [],
  'restore': ['binding-record'],
  'append-calls': [],
  'hold-lease': [],
  'release-lease': [],
} as const satisfies Record<string, readonly string[]>;

export type ScriptName = keyof typeof PARTS;
export type Scripts = Readonly<Record<ScriptName, Script>>;

/** Reads every script once, at start; a missing file throws. `folder` is where the `.lua` files lie. */
export function loadScripts(folder: string = scriptFolder()): Scripts {
  const part = (name: string): string => readFileSync(join(folder, `${name}.lua`), 'utf8');
  const load = (name: ScriptName): Script => {
    const text = [...PARTS[name], name].map(part).join('\n');
    return { name, text, sha: createHash('sha1').update(text).digest('hex') };
  };
  return {
    'register': load('register'),
    'call-facts': load('call-facts'),
    'renew-calls': load('renew-calls'),
    'end-calls': load('end-calls'),
    'sweep': load('sweep'),
    'drop': load('drop'),
    'list': load('list'),
    'read-records': load('read-records'),
    'restore': load('restore'),
    'append-calls': load('append-calls'),
    'hold-lease': load('hold-lease'),
    'release-lease': load('release-lease'),
  };
}

/** The compiler leaves `.lua` behind, so built code reads them from the sources of the same package. */
function scriptFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The folder of package.json was not found above the Redis scripts.');
    folder = parent;
  }
  return join(folder, 'src', 'storage', 'redis', 'scripts');
}
