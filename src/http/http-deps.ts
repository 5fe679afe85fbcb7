import type { FraudCounters } from '../ports/fraud-stores.js';
import type { Rerating } from '../ports/charge-stores.js';
import type { CallControl, EdgeAdmin } from '../ports/call-control.js';
import type { AuthorityReader, SecretBox, TokenIssuer } from '../ports/crypto.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService } from '../ports/location-service.js';
import type { RateLimits } from '../ports/rate-limits.js';
import type { Log } from '../ports/runtime.js';
import type { SetUpGuides } from '../ports/set-up-guides.js';
import type { AdminDeps } from '../usecases/admin/admin-deps.js';
import type { HotDesk } from '../usecases/hotdesk/create-hot-desk.js';
import type { PromptDeps } from '../usecases/prompts/account-prompts.js';
import type { WebhookDeps } from '../usecases/webhooks/webhook-deps.js';
import type { FirmwareUploads } from '../usecases/provisioning/firmware-images.js';
import type { TrunkDeps } from '../usecases/trunks/set-trunks.js';
import type { PhoneFileSources } from '../usecases/provisioning/provisioning-deps.js';
import type { RedirectServices } from '../ports/redirect-service.js';
import type { ImportWork } from '../usecases/exchange/run-imports.js';
import type { ExplainPolicy } from '../usecases/explain-policy.js';

/** Where phones reach the SIP side: what `provision.sip_accounts` shows. */
export interface SipReach {
  /** Host or host:port: the domain of every AOR, as typed into a phone. */
  readonly domain: string;
  /** host:port;transport=…, or '' when the domain itself leads there. */
  readonly outboundProxy: string;
}

/** Everything the HTTP rim works with. */
export interface HttpDeps extends AdminDeps, WebhookDeps, PhoneFileSources, FirmwareUploads, TrunkDeps, Pick<PromptDeps, 'prompts' | 'promptConverter'> {
  readonly tokens: TokenIssuer;
  readonly rerating: Rerating;
  readonly fraudCounters: FraudCounters;
  readonly readAuthorities: AuthorityReader;
  readonly locations: LocationService;
  readonly calls: CallControl;
  readonly edge: EdgeAdmin;
  readonly directory: Directory;
  readonly explain: ExplainPolicy;
  readonly hotDesk: HotDesk;
  readonly setUpGuides: SetUpGuides;
  readonly importWork: Pick<ImportWork, 'advance'>;
  readonly redirectServices: RedirectServices;
  readonly sipReach: () => SipReach;
  /** Each part the product cannot do without, and whether it is up. */
  readonly readiness: () => Promise<Readonly<Record<string, boolean>>>;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  readonly log: Log;
  readonly rateLimits: RateLimits;
  /** Seals answers that are kept for repeated requests. */
  readonly idempotencyBox: SecretBox;
  /** Addresses or networks whose X-Forwarded-* headers count. */
  readonly trustedProxies: readonly string[];
  readonly version: string;
}
