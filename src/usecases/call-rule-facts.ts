import type { CallFacts, DeviceSource, ForwardSource, HeldBlock, HeldChain } from '../domain/routing/call-facts.js';
import { callerForms, type InboundBlock, type InboundCaller } from '../domain/routing/inbound-blocked.js';
import type { OutboundLevel } from '../domain/routing/outbound-rules.js';
import type { AccountId, ExtensionId, SiteId } from '../domain/ids.js';
import type { Account } from '../domain/identity/account.js';
import type { Dialled } from '../domain/numbering/dialled.js';
import type { Site } from '../domain/identity/site.js';
import type { Extension } from '../domain/numbering/extension.js';
import type { CallRuleDirectory } from '../ports/call-rule-directory.js';
import type { Directory } from '../ports/directory.js';
import { commonAreaOf, isGuest } from './acting-party.js';

type RuleFacts = Pick<CallFacts, 'outboundBlocks' | 'outboundChains' | 'inboundCaller' | 'inboundBlocks'>;
type OwnSource = DeviceSource | ForwardSource;
type NumberDialled = Extract<Dialled, { readonly kind: 'number' }>;

/** As much of a planned call as its rules depend on. */
export interface RuledCall {
  readonly account: Account;
  readonly source: OwnSource;
  readonly dialled: Dialled;
  readonly target: { readonly extension: Extension } | null;
}

/** What blocked lists, countries and exceptions say of a call: outwards of the number, inwards of the caller. From memory. */
export function callRulesOn(directory: Directory, { account, source, dialled, target }: RuledCall, actingSite: Site): RuleFacts {
  const inboundCaller = insideCaller(directory, source, actingSite);
  return {
    outboundBlocks: dialled.kind === 'number' ? blocksOn(directory, account, source, actingSite, dialled.e164) : [],
    outboundChains: dialled.kind === 'number' ? chainsOn(directory, account, source, actingSite, dialled) : [],
    inboundCaller,
    inboundBlocks: target === null ? [] : inboundBlocksOn(directory, account.id, target.extension, inboundCaller),
  };
}

/** Of account, phone's site and acting party; while a guest sits, of the guest's site and the phone's common area too. */
function blocksOn(directory: Directory, account: Account, source: OwnSource, actingSite: Site, e164: string): readonly HeldBlock[] {
  const { acting, device, site } = source;
  const own = acting.kind === 'unassigned' ? null : acting.extension;
  const held = (siteId: SiteId, extensionId: ExtensionId | null, holders: Readonly<Record<HeldBlock['scope'], string>>): readonly HeldBlock[] =>
    directory.outboundBlocks(account.id, siteId, extensionId, e164)
      .map(({ number, scope }) => ({ prefix: number, scope, holder: holders[scope] }));
  const named = { account: 'the account', site: `site ${site.name}`, extension: `extension ${own?.number ?? ''}` };
  const first = held(site.id, own?.id ?? null, named);
  if (!isGuest(acting)) return first;
  const area = device === null ? null : commonAreaOf(directory, device);
  const more = held(actingSite.id, area?.extension.id ?? null, {
    ...named, site: `the guest's site ${actingSite.name}`, extension: `common area ${area?.area.displayName ?? ''}`,
  }).filter(({ scope }) => scope === 'extension' || (scope === 'site' && actingSite.id !== site.id));
  return [...first, ...more];
}

/** The caller's chain, and the one of the phone's place where a guest sits or the phone stands at another site. */
function chainsOn(
  directory: CallRuleDirectory & Directory, account: Account, source: OwnSource, actingSite: Site, { e164, country }: NumberDialled,
): readonly HeldChain[] {
  const { acting, device, site } = source;
  const level = (scope: OutboundLevel['scope'], id: AccountId | SiteId | ExtensionId, holder: string): OutboundLevel =>
    ({ scope, holder, ...directory.outboundSaying(id, e164, country) });
  const ofAccount = level('account', account.id, 'the account');
  const own: HeldChain = {
    whose: 'caller',
    levels: [
      ofAccount, level('site', actingSite.id, `site ${actingSite.name}`),
      ...(acting.kind === 'unassigned' ? [] : [level('extension', acting.extension.id, `extension ${acting.extension.number}`)]),
    ],
  };
  const guest = isGuest(acting);
  if (!guest && actingSite.id === site.id) return [own];
  const area = guest && device !== null ? commonAreaOf(directory, device) : null;
  const place: HeldChain = {
    whose: 'phone',
    levels: [
      ofAccount, level('site', site.id, `the phone's site ${site.name}`),
      ...(area === null ? [] : [level('extension', area.extension.id, `common area ${area.area.displayName}`)]),
    ],
  };
  return [own, place];
}

/** A colleague: the extension short, behind its site code where the site has one, and the own numbers. */
function insideCaller(directory: Directory, { acting }: OwnSource, actingSite: Site): InboundCaller {
  if (acting.kind === 'unassigned') return { kind: 'inside', forms: [] };
  const { number } = acting.extension;
  const own = directory.numbers.of(acting.extension.id).map((held) => held.number);
  return { kind: 'inside', forms: [number, ...(actingSite.siteCode === null ? [] : [actingSite.siteCode + number]), ...own] };
}

export function inboundBlocksOn(
  directory: CallRuleDirectory, accountId: AccountId, called: Extension, caller: InboundCaller,
): readonly InboundBlock[] {
  return directory.inboundBlocks(accountId, called.id, callerForms(caller)).map(({ number, match, scope }) => ({
    number, match, scope, holder: scope === 'account' ? 'the account' : `extension ${called.number}`,
  }));
}
