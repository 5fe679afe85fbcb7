import { asId, type AccountId, type DeviceId } from '../ids.js';

/** How long a centre may call back past everything that usually decides who rings. */
export const CALL_BACK_MS = 3_600_000;

/** A desk that called for help, and the number it showed: whoever calls that number back reaches the desk. */
export interface CallBackPin {
  readonly accountId: AccountId;
  /** E.164, as the network saw it. */
  readonly number: string;
  readonly deviceId: DeviceId;
  /** The number tells of a place (ELIN), not of a holder. */
  readonly elin: boolean;
  /** Epoch ms. */
  readonly until: number;
}

/** A call for help as far as calling back is concerned. */
export interface CallForHelp {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly elin: string;
  readonly deskNumber: string;
  readonly at: number;
}

/** The pin that the call leaves; null where it showed no number, so that nobody can call back. */
export function pinOf({ accountId, deviceId, elin, deskNumber, at }: CallForHelp): CallBackPin | null {
  const number = elin === '' ? deskNumber : elin;
  return number === '' ? null : { accountId, number, deviceId, elin: elin !== '', until: at + CALL_BACK_MS };
}

/** Pins by number, one a desk: of several the one that lasts longest. */
export class CallBackPins {
  readonly #byNumber = new Map<string, Map<DeviceId, CallBackPin>>();

  put(pin: CallBackPin): void {
    const key = numberKey(pin.accountId, pin.number);
    const desks = this.#byNumber.get(key) ?? new Map<DeviceId, CallBackPin>();
    const known = desks.get(pin.deviceId);
    if (known !== undefined && known.until >= pin.until) return;
    this.#byNumber.set(key, desks.set(pin.deviceId, pin));
  }

  /** Those of the number that hold at `now`, the newest first. */
  at(accountId: AccountId, number: string, now: number): readonly CallBackPin[] {
    const desks = this.#byNumber.get(numberKey(accountId, number));
    if (desks === undefined) return [];
    return [...desks.values()].filter(({ until }) => until > now).sort((a, b) => b.until - a.until);
  }

  all(now: number): readonly CallBackPin[] {
    return [...this.#byNumber.values()].flatMap((desks) => [...desks.values()]).filter(({ until }) => until > now);
  }

  forgetOld(now: number): void {
    for (const [key, desks] of this.#byNumber) {
      for (const [deviceId, { until }] of desks) if (until <= now) desks.delete(deviceId);
      if (desks.size === 0) this.#byNumber.delete(key);
    }
  }
}

const numberKey = (accountId: AccountId, number: string): string => `${accountId} ${number}`;

/** One line of text, the same for the same pin. */
export function pinText({ accountId, number, deviceId, elin, until }: CallBackPin): string {
  return [accountId, number, deviceId, elin ? 'elin' : 'desk', until].join(' ');
}

/** The pin that `pinText` wrote; null for any other text. */
export function pinFrom(text: string): CallBackPin | null {
  const found = /^(\S+) (\+?[0-9]{1,20}) (\S+) (elin|desk) ([0-9]{1,15})$/.exec(text);
  if (found === null) return null;
  const [, accountId = '', number = '', deviceId = '', kind, until] = found;
  return { accountId: asId(accountId), number, deviceId: asId(deviceId), elin: kind === 'elin', until: Number(until) };
}
