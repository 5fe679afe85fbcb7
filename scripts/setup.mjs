// What must be there before the program can run: npm packages, redis-server, the build. Node built-ins only, since
// nothing is installed yet. Everything it says goes to standard error.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK_PATIENCE_MS = 10 * 60_000;

export class SetupProblem extends Error {}

const say = (text) => process.stderr.write(`cordboard: ${text}\n`);

/** Does what is missing; quick (a few file stats) when nothing is. */
export async function setUp({ redis, build = true }) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11)) throw new SetupProblem(`Node.js 20.11 or newer is needed, this is ${process.versions.node}`);
  if (packagesCurrent() && (!build || buildCurrent()) && (!redis || onPath('redis-server'))) return;
  const release = await lock();
  try {
    if (!packagesCurrent()) installPackages();
    if (redis && !onPath('redis-server')) installRedis();
    if (build && !buildCurrent()) compile();
  } finally {
    release();
  }
}

function run(command, args, problem) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (done.error || done.status !== 0) throw new SetupProblem(`${problem} (${command} ${args.join(' ')}: ${done.error?.message ?? `exit ${done.status}`})`);
}

export function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, name)));
}

const digest = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex');

// --- npm packages: what the lock file says, no more, no less
const packagesMark = join(root, 'node_modules', '.cordboard-lock');
const packagesWanted = () => digest(readFileSync(join(root, 'package-lock.json'), 'utf8'), process.versions.modules);
function packagesCurrent() {
  return existsSync(packagesMark) && readFileSync(packagesMark, 'utf8') === packagesWanted();
}
function installPackages() {
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new SetupProblem('node_modules leads to another checkout, whose packages are not those of package-lock.json. Run `npm ci` there, or remove the link');
  }
  say('installing npm packages (once; a minute or so) …');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], 'the npm packages could not be installed; check the network and npm');
  writeFileSync(packagesMark, packagesWanted());
}

// --- redis-server
function installRedis() {
  const asRoot = process.getuid?.() === 0;
  const prefix = asRoot ? [] : onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null;
  if (process.platform === 'linux' && onPath('apt-get') && prefix) {
    say('installing redis-server with apt …');
    const apt = (...args) => { const [command, ...rest] = [...prefix, 'apt-get', '-qq', ...args]; run(command, rest, 'redis-server could not be installed with apt'); };
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'redis-server');
    if (onPath('redis-server')) return;
  }
  const how = process.platform === 'darwin' ? 'brew install redis' : onPath('apt-get') ? 'sudo apt-get install redis-server'
    : onPath('dnf') ? 'sudo dnf install redis' : onPath('apk') ? 'sudo apk add redis' : 'the package redis or redis-server of your system';
  throw new SetupProblem(`redis-server is not installed and cannot be installed from here. Install it (${how}) and start again, or set REDIS_URL.`);
}

// --- the build: stale when any source or the lock file changed
const buildMark = join(root, 'dist', '.cordboard-build');
function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}
function buildWanted() {
  const parts = [readFileSync(join(root, 'tsconfig.json'), 'utf8'), packagesWanted()];
  for (const folder of ['src', 'sip']) {
    for (const path of [...sources(join(root, folder))].sort()) {
      const { mtimeMs, size } = statSync(path);
      parts.push(`${path.slice(root.length)} ${mtimeMs} ${size}`);
    }
  }
  return digest(...parts);
}
function buildCurrent() {
  return existsSync(buildMark) && readFileSync(buildMark, 'utf8') === buildWanted();
}
function compile() {
  say('building …');
  const wanted = buildWanted();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'], 'the build failed');
  writeFileSync(buildMark, wanted);
}

// --- one set-up at a time in one checkout
async function lock() {
  const path = join(root, '.setup');
  const until = Date.now() + LOCK_PATIENCE_MS;
  for (let told = false; ; told = true) {
    try {
      mkdirSync(root, { recursive: true });
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code === 'EACCES' || error.code === 'EROFS') throw new SetupProblem(`${root} must be writable for the first set-up`);
      if (error.code !== 'EEXIST') throw error;
      if (!alive(Number(readOr(path, '0')))) { rmSync(path, { force: true }); continue; }
      if (Date.now() > until) throw new SetupProblem(`another set-up of this checkout seems stuck; if none runs, remove ${path}`);
      if (!told) say('another set-up of this checkout is running, waiting …');
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}
function readOr(path, otherwise) {
  try { return readFileSync(path, 'utf8') || otherwise; } catch { return otherwise; }
}
function alive(pid) {
  // An empty file is a lock being taken at this very moment.
  if (pid === 0) return existsSync(join(root, '.setup')) && Date.now() - statSync(join(root, '.setup')).mtimeMs < 5000;
  try { process.kill(pid, 0); return true; } catch (error) { return error.code === 'EPERM'; }
}
