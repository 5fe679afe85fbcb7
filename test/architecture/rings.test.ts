import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { ROOT } from '../support/repository.js';

const CRUISE = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Runs the tool as `npx depcruise --config .dependency-cruiser.cjs …` does, in the tree at `directory`. */
function violationsIn(directory: string, folders: readonly string[]): Promise<readonly Violation[]> {
  const args = [CRUISE, '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: directory, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve(readViolations(stdout));
    });
  });
}

function readViolations(json: string): readonly Violation[] {
  const result = JSON.parse(json) as { readonly summary: { readonly violations: readonly Violation[]; readonly totalCruised: number } };
  if (result.summary.totalCruised === 0) throw new Error('nothing was read: the rules prove nothing');
  return result.summary.violations;
}

/** [file that imports, what it imports, the rule that must refuse it] */
const PLANTED: readonly (readonly [from: string, imports: string, rule: string])[] = [
  ['src/domain/routing/clock.ts', 'node:fs', 'domain-is-pure'],
  ['src/domain/routing/database.ts', 'pg', 'domain-is-pure'],
  ['src/domain/routing/outward.ts', '../../ports/directory.js', 'domain-is-pure'],
  ['src/ports/verb.ts', '../usecases/place-call.js', 'ports-see-the-domain'],
  ['src/usecases/sql.ts', 'kysely', 'usecases-see-ports'],
  ['src/usecases/store.ts', '../storage/postgres/rows.js', 'usecases-see-ports'],
  ['src/usecases/signalling.ts', 'drachtio-srf', 'usecases-see-ports'],
  ['src/usecases/web.ts', 'express', 'usecases-see-ports'],
  ['src/storage/postgres/neighbour.ts', '../redis/keys.js', 'postgres-behind-its-ports'],
  ['src/storage/redis/verb.ts', '../../usecases/place-call.js', 'redis-behind-its-ports'],
  ['src/security/rim.ts', '../http/server.js', 'security-behind-its-ports'],
  ['src/observability/store.ts', '../storage/redis/keys.js', 'observability-behind-its-ports'],
  ['src/outbound/verb.ts', '../usecases/place-call.js', 'outbound-behind-its-ports'],
  ['src/rendering/verb.ts', '../usecases/place-call.js', 'rendering-behind-its-ports'],
  ['src/sound/verb.ts', '../usecases/place-call.js', 'sound-behind-its-ports'],
  ['src/http/sql.ts', '../storage/postgres/rows.js', 'http-calls-verbs'],
  ['src/http/calls.ts', '../../sip/app/app.js', 'http-calls-verbs'],
  ['src/jobs/sql.ts', '../storage/postgres/rows.js', 'jobs-call-verbs'],
  ['src/cli/calls.ts', '../../sip/app/app.js', 'cli-calls-verbs'],
  ['sip/app/shortcut.ts', '../edge/edge.js', 'sip-app-meets-the-edge-on-the-wire'],
  ['sip/app/store.ts', '../../src/storage/redis/keys.js', 'sip-app-meets-the-edge-on-the-wire'],
  ['sip/edge/inward.ts', '../../src/domain/ids.js', 'sip-edge-stands-alone'],
  ['sip/edge/framework.ts', 'drachtio-srf', 'sip-edge-stands-alone'],
  ['sip/media/inward.ts', '../app/app.js', 'sip-media-stands-alone'],
  ['src/http/root.ts', '../main.js', 'only-wiring-assembles'],
  ['src/usecases/round.ts', './trip.js', 'no-circular'],
  ['src/jobs/nowhere.ts', './missing.js', 'resolvable'],
  ['src/http/testing.ts', '../../test/support/sip-peer.js', 'no-test-code'],
  ['src/config/development.ts', 'fast-check', 'no-dev-packages'],
];

/** Imports that the rings allow, so that a rule refusing everything would show. */
const ALLOWED: readonly (readonly [from: string, imports: string])[] = [
  ['src/domain/ids.ts', 'libphonenumber-js/min'],
  ['src/ports/directory.ts', '../domain/ids.js'],
  ['src/usecases/place-call.ts', '../ports/directory.js'],
  ['src/usecases/trip.ts', './round.js'],
  ['src/storage/postgres/rows.ts', 'kysely'],
  ['src/storage/redis/keys.ts', 'ioredis'],
  ['src/http/server.ts', 'express'],
  ['sip/app/app.ts', 'drachtio-srf'],
  ['sip/edge/edge.ts', 'node:dgram'],
  ['src/main.ts', './wiring/storage.js'],
  ['src/wiring/storage.ts', '../storage/postgres/rows.js'],
  ['test/support/sip-peer.ts', 'node:net'],
];

t.test('the product keeps its rings', async (t) => {
  const violations = await violationsIn(ROOT, ['src', 'sip']);
  t.same(violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`), []);
});

t.test('each rule bites on a planted violation', async (t) => {
  const tree = mkdtempSync(join(tmpdir(), 'cordboard-rings-'));
  t.teardown(() => rmSync(tree, { recursive: true, force: true }));
  for (const [from, imports] of [...PLANTED, ...ALLOWED]) {
    mkdirSync(dirname(join(tree, from)), { recursive: true });
    writeFileSync(join(tree, from), `import * as imported from '${imports}';\nexport const found = imported;\n`);
  }
  for (const file of ['package.json', 'tsconfig.json']) copyFileSync(join(ROOT, file), join(tree, file));
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));

  const violations = await violationsIn(tree, ['src', 'sip']);
  for (const [from, imports, rule] of PLANTED) {
    t.ok(violations.some((violation) => violation.from === from && violation.rule.name === rule), `${rule}: ${from} may not import ${imports}`);
  }
  const roundTrip = new Set(['src/usecases/trip.ts']);
  for (const [from, imports] of ALLOWED.filter(([from]) => !roundTrip.has(from))) {
    t.same(violations.filter((violation) => violation.from === from).map(({ rule }) => rule.name), [], `${from} may import ${imports}`);
  }
});
