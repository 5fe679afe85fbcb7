import type { Device } from '../../domain/device/device.js';
import { expectedRestart, type ExpectedRestart } from '../../domain/device/expected-restart.js';
import { PHONE_FAMILIES } from '../../domain/device/phone-families.js';
import { recognisePhone, type KnownPhone } from '../../domain/device/phone-families-recognise.js';
import { batchSizeOf } from '../../domain/device/resync-campaign.js';
import { skipReason, type CampaignPhoneReason, type SelectedPhone } from '../../domain/device/resync-campaign-phone.js';
import { selectionOf } from '../../domain/device/resync-scope.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { Page, PageRequest } from '../../ports/admin-stores.js';
import type { DeviceCalls } from '../../ports/call-control.js';
import type { DeliveredFile } from '../../ports/resync-stores.js';
import type { Actor } from '../change.js';
import { inCallOf } from '../hotdesk/session-step.js';
import { done, type Outcome } from '../outcome.js';
import { compareFiles, type PhoneComparison } from '../provisioning/compare-files.js';
import type { PreviewDeps } from '../provisioning/preview-files.js';
import type { WantedCampaign } from './campaigns.js';
import { inShareOf, resolveScope } from './resolve-scope.js';

export interface CampaignPreviewDeps extends PreviewDeps {
  readonly deviceCalls: DeviceCalls;
  readonly nodeId: string;
}

/** What would become of one phone. */
export interface PreviewedPhone {
  readonly device: Device;
  readonly selected: SelectedPhone;
  /** Null: it would be asked. */
  readonly skipped: CampaignPhoneReason | null;
  readonly phone: KnownPhone;
  /** Event of its NOTIFY; null = none is known. */
  readonly event: string | null;
  /** Null: there are no files for its model. */
  readonly comparison: PhoneComparison | null;
  readonly restart: ExpectedRestart;
  readonly inCall: boolean;
  /** Where the NOTIFY would go now; null = it is not registered. */
  readonly contact: Binding | null;
}

export interface CampaignPreview {
  readonly asked: number;
  readonly skipped: ReadonlyMap<CampaignPhoneReason, number>;
  readonly batchSize: number;
  readonly batches: number;
  /** From the first batch to the last. */
  readonly lastsMs: number;
  readonly phones: Page<PreviewedPhone>;
}

/** What a campaign would do, phone by phone, without doing it. Throws StorageFault. */
export async function previewCampaign(
  deps: CampaignPreviewDeps, { accountId }: Pick<Actor, 'accountId'>, wanted: WantedCampaign, page: PageRequest,
): Promise<Outcome<CampaignPreview>> {
  const { stores } = deps;
  const resolved = await resolveScope(stores, accountId, wanted.scope);
  if ('why' in resolved) return resolved;
  const rules = { onlyPending: wanted.onlyPending, inShare: inShareOf(resolved) };
  const judged = (await stores.resyncCampaigns.select(accountId, selectionOf(resolved.scope))).map((selected) => ({ selected, skipped: skipReason(selected, rules) }));
  const skipped = new Map<CampaignPhoneReason, number>();
  for (const { skipped: reason } of judged) if (reason !== null) skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  const asked = judged.filter(({ skipped: reason }) => reason === null).length;
  const batchSize = batchSizeOf(wanted.plan, asked);
  const batches = Math.ceil(asked / batchSize);
  const rest = judged.filter(({ selected: { deviceId } }) => page.after === null || deviceId > page.after);
  const shown = rest.slice(0, page.size);
  const phones = await previewPhones(deps, accountId, shown, wanted.restart);
  return done({
    asked, skipped, batchSize, batches, lastsMs: Math.max(0, batches - 1) * wanted.plan.pauseMs,
    phones: { items: phones, total: judged.length, next: rest.length > shown.length ? shown.at(-1)?.selected.deviceId ?? null : null },
  });
}

type Judged = Pick<PreviewedPhone, 'selected' | 'skipped'>;

async function previewPhones(deps: CampaignPreviewDeps, accountId: Actor['accountId'], judged: readonly Judged[], restart: boolean): Promise<readonly PreviewedPhone[]> {
  const { stores, locations } = deps;
  const ids = judged.map(({ selected }) => selected.deviceId);
  const [bindings, inCall, kept] = await Promise.all([locations.bindings(ids), inCallOf(deps, stores, ids), stores.deliveredFiles.of(ids)]);
  const phones: PreviewedPhone[] = [];
  // One after the other: each is made as for the phone itself, and calls go on meanwhile.
  for (const one of judged) {
    const { deviceId } = one.selected;
    const device = await stores.devices.get(accountId, deviceId);
    if (device === null) continue;
    const there = [...bindings.get(deviceId) ?? []].sort((a, b) => b.registeredAt - a.registeredAt);
    phones.push({ ...one, device, inCall: inCall.has(deviceId), contact: there[0] ?? null, ...await next(deps, device, there, kept.get(deviceId) ?? [], restart) });
  }
  return phones;
}

async function next(
  deps: CampaignPreviewDeps, device: Device, bindings: readonly Binding[], kept: readonly DeliveredFile[], restart: boolean,
): Promise<Pick<PreviewedPhone, 'phone' | 'event' | 'comparison' | 'restart'>> {
  const model = deps.phoneFiles.findModel(device.type, device.model);
  const comparison = model === null ? null : await compareFiles(deps, device, model, bindings, kept);
  const there = recognisePhone(device, bindings[0]?.userAgent ?? null);
  const phone = there.firmware === null ? comparison?.phone ?? there : there;
  const facts = PHONE_FAMILIES[phone.family];
  return {
    phone, comparison, event: restart ? facts.restartEvent : facts.resyncEvent,
    restart: comparison === null ? { expected: restart ? 'yes' : 'unknown', text: 'There are no files for its model.' } : expectedRestart({
      phone, restart, change: comparison.change, changedLines: changedLines(comparison), firmware: comparison.firmware?.version ?? null,
    }),
  };
}

function changedLines({ files }: PhoneComparison): readonly string[] {
  return files.flatMap(({ text }) => text.split('\n').filter((line) => line.startsWith('+') || line.startsWith('-')));
}
