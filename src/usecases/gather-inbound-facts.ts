import { NO_CALLER_NUMBERS } from '../domain/numbering/caller-id.js';
import type { Account } from '../domain/identity/account.js';
import type { CallFacts, TrunkSource } from '../domain/routing/call-facts.js';
import type { Dialled } from '../domain/numbering/dialled.js';
import { toE164 } from '../domain/numbering/e164.js';
import type { Extension } from '../domain/numbering/extension.js';
import { readRequestUri } from '../domain/numbering/request-uri.js';
import { NO_TRUNKS } from '../domain/routing/trunk-routes.js';
import { readNumber } from '../domain/trunk/number-format.js';
import type { Binding } from '../domain/registration/binding.js';
import type { DeviceId } from '../domain/ids.js';
import type { Directory } from '../ports/directory.js';
import { inboundBlocksOn } from './call-rule-facts.js';
import { callBackPhones, numberHolder, ownNumber, plannedTarget, targetOf, withBindings, type CallPlan, type Pins } from './gather-call-facts.js';

/** What a trunk's Request-URI asks for, from memory: a number of the account, never an extension or a code. */
export function planInbound(directory: Directory, pins: Pins, account: Account, source: TrunkSource, requestUri: string): CallPlan<TrunkSource> {
  const dialled = calledBy(source, requestUri);
  const calledNumber = ownNumber(directory, account, dialled);
  return {
    account, source, dialled, calledNumber, target: plannedTarget(directory, account, numberHolder(directory, calledNumber)),
    callBack: callBackPhones(directory, pins, account, dialled),
  };
}

/** The facts that `routeCall` decides on. */
export function inboundFactsOf(
  directory: Directory, { account, source, dialled, calledNumber, target, callBack }: CallPlan<TrunkSource>,
  bindings: ReadonlyMap<DeviceId, readonly Binding[]>, hopsLeft: number,
): CallFacts<TrunkSource> {
  const { number } = source.caller;
  const inboundCaller = { kind: 'outside', number } as const;
  const externalName = number === null ? undefined : directory.safety.contactByNumber(account.id, number)?.name;
  return {
    account, source, dialled, calledNumber, target: targetOf(target, bindings), inboundCaller,
    inboundBlocks: target === null ? [] : inboundBlocksOn(directory, account.id, target.extension, inboundCaller),
    anonymousBlocked: number === null && target !== null && blocksAnonymous(directory, account, target.extension),
    callerNumbers: NO_CALLER_NUMBERS, deskNumber: '', outboundBlocks: [], outboundChains: [], desk: null, trunks: NO_TRUNKS,
    ...withBindings(callBack, bindings), ...(externalName === undefined ? {} : { externalName }), hopsLeft,
  };
}

function blocksAnonymous(directory: Directory, account: Account, { id, siteId }: Extension): boolean {
  return directory.setting('block_calls_without_caller_id', { accountId: account.id, siteId, extensionId: id }).value.enable;
}

function calledBy({ trunk }: TrunkSource, requestUri: string): Dialled {
  const target = readRequestUri(requestUri);
  if (target.kind === 'service') return { kind: 'unknown', digits: '' };
  const e164 = readNumber(target.text, trunk.border.numberIn, trunk.country);
  if (e164 === null) return { kind: 'unknown', digits: target.text };
  return { kind: 'number', e164, digits: e164, country: toE164(e164, { country: trunk.country, areaCode: '' })?.country ?? null };
}
