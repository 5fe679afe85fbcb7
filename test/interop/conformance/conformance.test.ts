/**
 * What applications may rely on: unmodified drachtio-srf on `bin/cordboard edge`, scripted phones over UDP and TCP. With
 * DRACHTIO_BIN the same rows run on that drachtio-server too; rows say where it differs.
 */
import t, { type Test } from 'tap';
import { applicationCases } from './application-cases.js';
import { b2buaCases } from './b2bua-cases.js';
import { dialogCases } from './dialog-cases.js';
import { digestCases } from './digest-cases.js';
import { proxyCases } from './proxy-cases.js';
import { requestCases } from './request-cases.js';
import { Routes, Scene, type Case } from './scene.js';
import { connectedSrf, startDrachtioProcess, startEdgeProcess, type Server } from './server.js';
import { uacCases } from './uac-cases.js';
import { uasCases } from './uas-cases.js';

const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  'the application is called': uasCases, 'the application calls': uacCases, 'digest': digestCases, 'outside of calls': requestCases,
  'inside a call': dialogCases, 'B2BUA': b2buaCases, 'proxy': proxyCases,
};
/** Cases that wait for timers do so beside others. */
const AT_ONCE = 24;

async function conforms(t: Test, start: () => Promise<Server>): Promise<void> {
  t.test('cases that share one application', async (t) => {
    const server = await start();
    const routes = new Routes();
    const srf = await connectedSrf(server, (made) => routes.install(made));
    t.teardown(async () => {
      srf.disconnect();
      await server.stop();
    });
    t.jobs = AT_ONCE;
    for (const [group, cases] of Object.entries(GROUPS)) {
      for (const row of cases) {
        for (const transport of row.transports ?? (['udp'] as const)) {
          const skip = server.name === 'drachtio' && row.differs !== undefined ? row.differs : false;
          void t.test(`${group}: ${row.name}${row.transports === undefined ? '' : `, ${transport}`}`, { buffered: true, skip }, async (t) => {
            const scene = new Scene(server, srf, routes, transport);
            t.teardown(() => scene.close());
            await row.run(t, scene);
          });
        }
      }
    }
  });
  for (const { name, differs, run } of applicationCases) {
    t.test(`applications: ${name}`, async (t) => {
      const server = await start();
      t.teardown(() => server.stop());
      if (server.name === 'drachtio' && differs !== undefined) t.comment(`drachtio-server differs: ${differs}`);
      else await run(t, server);
    });
  }
}

t.test('cordboard', (t) => conforms(t, startEdgeProcess));
const binary = process.env['DRACHTIO_BIN'];
if (binary === undefined || binary === '') process.stderr.write('SKIPPED: DRACHTIO_BIN names no drachtio-server: conformance was not compared with one\n');
else t.test('drachtio-server', (t) => conforms(t, () => startDrachtioProcess(binary)));
