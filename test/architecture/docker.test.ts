import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/config/settings.js';
import { ROOT } from '../support/repository.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** No container runs in the tests: what can be known without one is checked. */
t.test('compose.yaml', async (t) => {
  const compose: Compose = parse(read('docker/compose.yaml'));
  t.same(Object.keys(compose.services).sort(), ['app', 'drachtio', 'postgres', 'redis', 'rtpengine']);
  const names: ReadonlySet<string> = new Set(Object.values(SETTINGS).map((row) => row.env));
  for (const [name, service] of Object.entries(compose.services)) {
    t.ok(service.image !== undefined || service.build !== undefined, `${name} has an image or is built`);
    for (const other of Object.keys(service.depends_on ?? {})) t.ok(compose.services[other], `${name} waits for ${other}, which there is`);
    for (const volume of service.volumes ?? []) t.ok((volume.split(':')[0] ?? '') in compose.volumes, `${name}: volume ${volume} is declared`);
  }
  for (const name of Object.keys(compose.services['app']?.environment ?? {})) t.ok(names.has(name), `${name} is a setting of the program`);
  t.notMatch(read('docker/compose.yaml'), /(SECRET|PASSWORD|KEY): *[A-Za-z0-9]/, 'no secret is written down');
});

t.test('Dockerfile', async (t) => {
  const lines = read('docker/Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const known = /^(FROM|WORKDIR|COPY|RUN|ENV|USER|VOLUME|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD) /;
  t.same(lines.filter((line) => !known.test(line)), [], 'every line is an instruction');
  for (const line of lines.filter((one) => one.startsWith('COPY ') && !one.includes('--from='))) {
    for (const source of line.split(/ +/).slice(1, -1)) t.ok(existsSync(join(ROOT, source)), `${source} is there to copy`);
  }
  t.ok(lines.includes('USER node'), 'it does not run as root');
});
