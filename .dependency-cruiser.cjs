/**
 * The rings of ARCHITECTURE.md as rules: each folder names what it may import, everything else is refused.
 * Types count as imports (tsPreCompilationDeps).
 * @type {import('dependency-cruiser').IConfiguration}
 */
const { builtinModules } = require('node:module');

const NODE = `^(node:)?(${builtinModules.filter((name) => !name.startsWith('node:')).join('|')})$`;
const npm = (...names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}/`);
const folder = (...paths) => paths.map((path) => `^${path}/`);

/** One ring: `from` may import itself, `local` folders, `packages` of npm and, where `node` is true, what Node.js has built in. */
function ring(name, { from, local = [], packages = [], node = false, comment }) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^${from}/` },
    // What cannot be resolved is the business of the rule `resolvable`.
    to: { pathNot: ['^[.]{1,2}/(?!.*node_modules/)', `^${from}/`, ...folder(...local), ...npm(...packages), ...(node ? [NODE] : [])] },
  };
}

const inside = ['src/domain', 'src/ports'];
const verbs = [...inside, 'src/usecases'];

module.exports = {
  forbidden: [
    ring('domain-is-pure', {
      from: 'src/domain', packages: ['libphonenumber-js'],
      comment: 'The domain imports itself and libphonenumber-js: no clock, no random, no Node.js, no other ring.',
    }),
    ring('ports-see-the-domain', { from: 'src/ports', local: ['src/domain'], comment: 'Ports are interfaces in words of the domain.' }),
    ring('usecases-see-ports', {
      from: 'src/usecases', local: inside,
      comment: 'Use cases speak to the world through ports only: no storage, http, sip, express, pg, ioredis, drachtio-srf.',
    }),
    ring('postgres-behind-its-ports', {
      from: 'src/storage/postgres', local: [...inside, 'src/config'], node: true,
      packages: ['kysely', 'pg', 'pg-[^/]+', '@electric-sql/pglite', '@electric-sql/pglite-socket'],
      comment: 'PostgreSQL implements ports and knows no verb, no rim and no other store.',
    }),
    ring('redis-behind-its-ports', {
      from: 'src/storage/redis', local: [...inside, 'src/config'], packages: ['ioredis', 'rate-limiter-flexible'], node: true,
      comment: 'Redis implements ports and knows no verb, no rim and no other store.',
    }),
    ring('security-behind-its-ports', {
      from: 'src/security', local: inside, packages: ['jose', 'ulid', 'selfsigned'], node: true,
      comment: 'Cryptography implements ports and knows no verb, no rim and no store.',
    }),
    ring('observability-behind-its-ports', {
      from: 'src/observability', local: inside, packages: ['pino', 'pino-http', 'pino-pretty', 'prom-client'], node: true,
      comment: 'Logs and metrics implement ports and know no verb, no rim and no store.',
    }),
    ring('outbound-behind-its-ports', {
      from: 'src/outbound', local: inside, node: true, packages: ['nodemailer', 'liquidjs'],
      comment: 'Requests to servers of others implement ports and know no verb, no rim and no store.',
    }),
    ring('rendering-behind-its-ports', {
      from: 'src/rendering', local: inside, packages: ['liquidjs', 'zod', 'luxon'], node: true,
      comment: 'Rendering of phones\' files implements ports and knows no verb, no rim and no store.',
    }),
    ring('sound-behind-its-ports', {
      from: 'src/sound', local: inside, node: true,
      comment: 'Conversion of sound files implements ports and knows no verb, no rim and no store.',
    }),
    ring('http-calls-verbs', {
      from: 'src/http', local: verbs, node: true,
      packages: ['express', 'express-serve-static-core', 'csv-parse', 'csv-stringify', 'helmet', 'zod', 'jose', 'luxon', 'pino-http', 'qrcode', 'qs', 'scim-patch', 'scim2-parse-filter', 'serve-static'],
      comment: 'HTTP calls use cases: never storage, never sip.',
    }),
    ring('jobs-call-verbs', { from: 'src/jobs', local: verbs, packages: ['node-cron', 'luxon'], node: true, comment: 'Jobs name a schedule and a use case.' }),
    ring('cli-calls-verbs', {
      from: 'src/cli', local: [...verbs, 'src/config'], node: true,
      comment: 'The command line calls use cases: never storage, never sip.',
    }),
    ring('settings-stand-alone', { from: 'src/config', node: true, comment: 'Settings are read before anything else exists.' }),
    ring('sip-app-meets-the-edge-on-the-wire', {
      from: 'sip/app', local: [...verbs, 'sip/media'], packages: ['drachtio-srf', 'drachtio-sip'], node: true,
      comment: 'The SIP application and the edge meet over the drachtio control protocol only; no storage, no http.',
    }),
    ring('sip-edge-stands-alone', { from: 'sip/edge', packages: ['ws'], node: true, comment: 'The edge takes drachtio-server\'s place and knows nothing of src.' }),
    ring('sip-media-stands-alone', { from: 'sip/media', packages: ['werift'], node: true, comment: 'Media knows neither src nor the rest of sip.' }),
    {
      name: 'only-wiring-assembles',
      comment: 'Nothing imports the composition root.',
      severity: 'error',
      from: { pathNot: ['^src/wiring/', '^src/(main|cli)[.]ts$'] },
      to: { path: ['^src/wiring/', '^src/main[.]ts$'] },
    },
    {
      name: 'no-circular',
      comment: 'A cycle is one thing in two files; types alone may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', comment: 'Every import leads somewhere.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-test-code',
      comment: 'The product runs without development packages and without test code.',
      severity: 'error',
      from: { path: ['^src/', '^sip/'], pathNot: '[.]d[.]ts$' },
      to: { path: '^test/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-dev-packages',
      comment: 'What the product imports at run time is a dependency, not a development one.',
      severity: 'error',
      from: { path: ['^src/', '^sip/'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
