import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** Headers that keep browsers from doing more with our answers than showing them; only our own style and script run. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"], styleSrc: ["'self'"], scriptSrc: ["'self'"], imgSrc: ["'self'"], connectSrc: ["'self'"],
        baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"],
      },
    },
    // The same address is served over plain HTTP on purpose; a TLS proxy in front sets its own.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}
