import type { Account } from '../../domain/identity/account.js';
import type { ForwardTo } from '../../domain/forwarding/call-handling.js';
import type { SentOnBecause } from '../../domain/forwarding/ring-plan.js';
import type { DeviceId, ExtensionId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Binding } from '../../domain/registration/binding.js';
import type { CallFacts, CallOrigin, DeviceSource, ForwardCallFacts, ForwardSource, TrunkSource } from '../../domain/routing/call-facts.js';
import { callerShown } from '../../domain/routing/inbound-rules.js';
import { callerIdentity } from '../../domain/routing/outgoing-rules.js';
import { outsideIdentity } from '../../domain/routing/own-number.js';
import type { TrunkFacts } from '../../domain/routing/trunk-routes.js';
import type { Directory } from '../../ports/directory.js';
import { actingOn, partyOf } from '../acting-party.js';
import { callRulesOn, inboundBlocksOn } from '../call-rule-facts.js';
import { callerNumbersOf } from '../caller-numbers.js';
import { switchesOff } from '../calling-switches.js';
import { deskOf, planCall, plannedTarget, siteActing, targetOf, type CallPlan } from '../gather-call-facts.js';

/** Who sends a call on: a phone with its 302, or an extension by what is set. */
export type Forwarder =
  | { readonly kind: 'phone'; readonly device: Device }
  | { readonly kind: 'extension'; readonly extension: Extension; readonly by: 'handling' | 'number' };

export interface SendingOn {
  readonly account: Account;
  /** Of the call that is sent on. */
  readonly facts: CallFacts;
  readonly forwarder: Forwarder;
  readonly because: SentOnBecause;
  /** As set, or as a phone's Contact says it (any URI). */
  readonly to: ForwardTo | { readonly kind: 'uri'; readonly uri: string };
  /** Who sent it on before. */
  readonly via: readonly ExtensionId[];
  readonly hopsLeft: number;
}

/** What the request means, from memory; null = there is nobody to send it on, or nobody it is for. */
export function planForward(directory: Directory, sending: SendingOn): CallPlan<ForwardSource> | null {
  const { account, to } = sending;
  const source = sourceOf(directory, sending);
  if (source === null) return null;
  if (to.kind !== 'extension') return planCall(directory, null, account, source, to.kind === 'uri' ? to.uri : `tel:${to.number}`);
  const extension = directory.extension(to.extensionId);
  if (extension?.accountId !== account.id) return null;
  const { number } = extension;
  return {
    account, source, dialled: { kind: 'extension', digits: number, siteCode: null, number }, calledNumber: null,
    target: plannedTarget(directory, account, extension), callBack: [],
  };
}

/** The facts that `routeCall` decides on. */
export function forwardFactsOf(
  directory: Directory, plan: CallPlan<ForwardSource>, bindings: ReadonlyMap<DeviceId, readonly Binding[]>,
  { hopsLeft, trunks, anonymous }: { readonly hopsLeft: number; readonly trunks: TrunkFacts; readonly anonymous: boolean },
): ForwardCallFacts {
  const { account, source, dialled, calledNumber, target } = plan;
  const actingSite = siteActing(directory, source);
  const { inboundCaller } = source.origin;
  const externalName = dialled.kind === 'number' && target === null ? directory.safety.contactByNumber(account.id, dialled.e164)?.name : undefined;
  const blocked = target !== null && anonymous
    && directory.setting('block_calls_without_caller_id', { accountId: account.id, siteId: target.extension.siteId, extensionId: target.extension.id }).value.enable;
  return {
    account, source, dialled, calledNumber, target: targetOf(target, bindings), actingSite, callerNumbers: callerNumbersOf(directory, source.acting), deskNumber: '',
    switchedOff: dialled.kind === 'number' ? switchesOff(directory, account, source) : [],
    ...callRulesOn(directory, plan, actingSite),
    // Whoever is called next knows the caller, not who sends the call on.
    inboundCaller, inboundBlocks: target === null ? [] : inboundBlocksOn(directory, account.id, target.extension, inboundCaller), anonymousBlocked: blocked,
    desk: deskOf(directory, source), ...(externalName === undefined ? {} : { externalName }), trunks, hopsLeft,
  };
}

/** Whether the caller's number is withheld, or was never told. */
export function isAnonymous({ source }: CallFacts): boolean {
  const first = source.kind === 'forward' ? source.origin.source : source;
  return first.kind === 'trunk' && first.caller.number === null;
}

function sourceOf(directory: Directory, { facts, forwarder, because, via }: SendingOn): ForwardSource | null {
  const device = forwarder.kind === 'phone' ? forwarder.device : null;
  const acting = device !== null ? actingOn(directory, device) : forwarder.kind === 'extension' ? partyOf(directory, forwarder.extension) : null;
  if (acting === null || acting.kind === 'unassigned') return null;
  const site = directory.site(device?.siteId ?? acting.extension.siteId);
  if (site === undefined) return null;
  const called = via.length === 0 && facts.target.kind === 'extension' && facts.target.extension.id === acting.extension.id ? facts.calledNumber : null;
  const number = called?.number ?? directory.numbers.of(acting.extension.id)[0]?.number ?? '';
  return { kind: 'forward', by: forwarder.kind === 'phone' ? 'phone' : forwarder.by, because, device, site, acting, number, origin: originOf(facts), via };
}

function originOf(facts: CallFacts): CallOrigin {
  const { source, inboundCaller, callerNumbers } = facts;
  if (source.kind === 'forward') return source.origin;
  if (source.kind === 'trunk') return originOfTrunk({ ...facts, source });
  return { ...originOfDevice({ ...facts, source }), inboundCaller, outside: shownOutside({ source, callerNumbers }) };
}

function originOfTrunk(facts: CallFacts<TrunkSource>): CallOrigin {
  const { name, number } = facts.source.caller;
  // Digits that are no number mean nothing to another network.
  const outside = number === null ? { name: '', number: '' } : number.startsWith('+') ? { name, number } : null;
  return { source: facts.source, callerId: callerShown(facts), outside, inboundCaller: facts.inboundCaller };
}

function originOfDevice(facts: CallFacts<DeviceSource>): Pick<CallOrigin, 'source' | 'callerId'> {
  return { source: facts.source, callerId: callerIdentity(facts) };
}

/** A colleague outside: as on calls of theirs; null without a number, so that whoever sends the call on is shown. */
function shownOutside(call: Pick<CallFacts<DeviceSource>, 'source' | 'callerNumbers'>): CallOrigin['outside'] {
  const { name, number, asserted } = outsideIdentity(call);
  if (number !== '') return { name, number };
  return asserted === '' ? null : { name: '', number: '' };
}
