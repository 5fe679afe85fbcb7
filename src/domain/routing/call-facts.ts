import type { ForwardedCall } from '../calls/call-event.js';
import type { HandlingRules, NumberForward } from '../forwarding/call-handling.js';
import type { SentOnBecause } from '../forwarding/ring-plan.js';
import type { ExtensionId } from '../ids.js';
import type { Account } from '../identity/account.js';
import type { CommonArea } from '../identity/common-area.js';
import type { Site } from '../identity/site.js';
import type { PhoneUser } from '../identity/user.js';
import type { Device } from '../device/device.js';
import type { HotDeskSession } from '../hotdesk/session.js';
import type { Extension } from '../numbering/extension.js';
import type { CallerNumbers } from '../numbering/caller-id.js';
import type { PhoneNumber } from '../numbering/phone-number.js';
import type { Dialled } from '../numbering/dialled.js';
import type { DeskAddress } from '../emergency/desk-address.js';
import type { Binding } from '../registration/binding.js';
import type { CallerIdentity } from './call-decision.js';
import type { CallLimits } from './call-caps.js';
import type { SwitchedOff } from './calling-switches.js';
import type { InboundBlock, InboundCaller } from './inbound-blocked.js';
import type { OutboundChain } from './outbound-rules.js';
import type { SilentPhone } from './ring-phones.js';
import type { Trunk, TrunkGateway } from '../trunk/trunk.js';
import type { TrunkFacts } from './trunk-routes.js';

/** Whose rights, name and number a call carries: a device's guest, its owner, or its common area. */
export type ActingParty =
  | {
    readonly kind: 'user';
    readonly user: PhoneUser;
    readonly extension: Extension;
    readonly name: string;
    /** Under which the user acts as the device's guest; null = as its owner, or away from any device. */
    readonly session: HotDeskSession | null;
  }
  | { readonly kind: 'common_area'; readonly commonArea: CommonArea; readonly extension: Extension; readonly name: string }
  | { readonly kind: 'unassigned' };

/** A phone that calls, and whoever acts on it. */
export interface DeviceSource {
  readonly kind: 'device';
  readonly device: Device;
  readonly site: Site;
  readonly acting: ActingParty;
}

/** A trunk that brings a call from the telephone network. */
export interface TrunkSource {
  readonly kind: 'trunk';
  readonly trunk: Trunk;
  readonly gateway: TrunkGateway;
  /** As the peer gave it: display name ('' = none) and E.164 number, or digits that are none; null = withheld or not said. */
  readonly caller: { readonly name: string; readonly number: string | null };
  /** It carries the mark of a call that went out from here to the same number. */
  readonly looped: boolean;
}

/** The call that somebody sends on, as far as what follows depends on it. */
export interface CallOrigin {
  readonly source: DeviceSource | TrunkSource;
  /** How the caller is shown inside. */
  readonly callerId: CallerIdentity;
  /** As whom a network is told that the caller calls; number '' = withheld, null = nothing of the caller may be shown outside. */
  readonly outside: CallerIdentity | null;
  readonly inboundCaller: InboundCaller;
}

/** Whoever was called and sends the call on: what follows is a call of theirs. */
export interface ForwardSource {
  readonly kind: 'forward';
  readonly by: ForwardedCall['by'];
  readonly because: SentOnBecause;
  /** The phone that sent it on; null = the call handling, or the number, did. */
  readonly device: Device | null;
  readonly site: Site;
  readonly acting: Exclude<ActingParty, { readonly kind: 'unassigned' }>;
  /** Own number that is told as the one that sends the call on; '' = none. */
  readonly number: string;
  readonly origin: CallOrigin;
  /** Who sent it on before, oldest first. */
  readonly via: readonly ExtensionId[];
}

/** Where a call comes from, after authentication. */
export type CallSource = DeviceSource | TrunkSource | ForwardSource;

/** A phone that would ring, with where it can be reached now. */
export interface RingCandidate {
  readonly device: Device;
  readonly bindings: readonly Binding[];
  /** Under which the called user sits there as guest; null = the extension's own phone. */
  readonly session: HotDeskSession | null;
}

/** A phone that called for help under the number that is called now. */
export interface CallBackPhone {
  readonly device: Device;
  readonly bindings: readonly Binding[];
  /** The number tells of the phone's place (ELIN), not of its holder. */
  readonly elin: boolean;
}

/** What the dialled digits lead to, looked up before deciding. */
export type CallTarget =
  | { readonly kind: 'none' }
  | {
    readonly kind: 'extension';
    readonly extension: Extension;
    readonly party: ActingParty;
    readonly candidates: readonly RingCandidate[];
    /** Phones that would ring but for a guest, a desk taken elsewhere or the device lock. */
    readonly silent: readonly SilentPhone[];
  };

/** A number prefix that may not be called; E.164 with `+`. */
export interface OutboundBlock {
  readonly prefix: string;
  readonly scope: 'account' | 'site' | 'extension';
}

/** The outbound rules of somebody or of a phone's place; the place counts where it is not the caller's own. */
export interface HeldChain {
  readonly whose: 'caller' | 'phone';
  readonly levels: OutboundChain;
}

/** A block with whose list it stands on, in words. */
export interface HeldBlock extends OutboundBlock {
  readonly holder: string;
}

/** What a phone's place adds while a guest sits at it; its owner's licence, plan, status and personal rules never do. */
export interface DeskRestrictions {
  /** Whose phone it is; null for a user's phone and an unassigned one. */
  readonly commonArea: CommonArea | null;
}

/** Everything `routeCall` looks at: read once at the start of a call, never changed during the decision. */
export interface CallFacts<Source extends CallSource = CallSource> {
  readonly account: Account;
  readonly source: Source;
  /** Site of the acting party, where it is not the device's: home country of its plan, site code of its number. */
  readonly actingSite?: Site;
  readonly dialled: Dialled;
  readonly target: CallTarget;
  /** The account's own number that was dialled; null = no number, or none of the account. */
  readonly calledNumber: PhoneNumber | null;
  /** What the acting party may show to the network; the guest's while one sits at the phone. */
  readonly callerNumbers: CallerNumbers;
  /** E.164 number of the desk (its owner's or common area's), for emergency calls whoever sits there; '' = none. */
  readonly deskNumber: string;
  /** Of everybody whose lists count, the phone's place included. */
  readonly outboundBlocks: readonly HeldBlock[];
  /** Settings that are off for the acting party or the phone's place; missing = none. */
  readonly switchedOff?: readonly SwitchedOff[];
  /** What account, site and extension say of the number, for the caller and for the phone's place; each chain must allow it. */
  readonly outboundChains: readonly HeldChain[];
  /** Who calls, as the blocked lists of the called side know callers. */
  readonly inboundCaller: InboundCaller;
  /** Of the account and the called extension, as far as they could matter. */
  readonly inboundBlocks: readonly InboundBlock[];
  /** The called extension takes no calls without a caller's number, and this is one; missing = false. */
  readonly anonymousBlocked?: boolean;
  /** Null unless a guest acts. */
  readonly desk: DeskRestrictions | null;
  /** How calls to the extension are handled now; missing = its phones ring, and nothing else. */
  readonly handling?: HandlingRules;
  /** Where the number that was dialled leads outside; missing = it rings inside. */
  readonly numberForward?: NumberForward;
  /** Where help is sent; absent unless an emergency number was dialled. */
  readonly emergency?: DeskAddress;
  /** Phones that called for help within the last hour under the number that is called now; missing = none. */
  readonly callBack?: readonly CallBackPhone[];
  /** Name of the external contact that was dialled, or that calls by trunk; absent where there is none. */
  readonly externalName?: string;
  /** Trunks of the account with how well their gateways are; none = numbers are refused, emergency fails loudly. */
  readonly trunks: TrunkFacts;
  /** What is known of other calls; absent = nothing is limited. */
  readonly limits?: CallLimits;
  /** Hops left (Max-Forwards, RFC 3261 §16.3); a 302 of a phone spends one. */
  readonly hopsLeft: number;
}

/** A call that a phone makes: what most rules are about. */
export type DeviceCallFacts = CallFacts<DeviceSource>;

/** A call of somebody inside, made or sent on: what rules about calling out are about. */
export type OwnCallFacts = CallFacts<DeviceSource | ForwardSource>;
export type ForwardCallFacts = CallFacts<ForwardSource>;

export function isForward(facts: CallFacts): facts is ForwardCallFacts {
  return facts.source.kind === 'forward';
}

export function isFromDevice(facts: CallFacts): facts is DeviceCallFacts {
  return facts.source.kind === 'device';
}
