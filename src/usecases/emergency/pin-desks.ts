import { isFromDevice, type CallFacts } from '../../domain/routing/call-facts.js';
import { pinOf } from '../../domain/emergency/call-back-pin.js';
import type { CallBackPinning } from '../../ports/call-back-pins.js';
import type { EmergencyCalls } from '../../ports/emergency-calls.js';

/** Remembers the desk of each call for help from its beginning, and anew from its end, so that the centre can call back; then tells `others`. */
export function pinDesks(pins: Pick<CallBackPinning, 'pin'>, others: EmergencyCalls): EmergencyCalls {
  return {
    placed(call) {
      pinDesk(pins, call.facts, call.at);
      others.placed(call);
    },
    ended(call) {
      pinDesk(pins, call.facts, call.at);
      others.ended?.(call);
    },
  };
}

function pinDesk(pins: Pick<CallBackPinning, 'pin'>, facts: CallFacts, at: number): void {
  if (!isFromDevice(facts)) return;
  const { account, source, emergency, deskNumber } = facts;
  const pin = pinOf({ accountId: account.id, deviceId: source.device.id, elin: emergency?.elin ?? '', deskNumber, at });
  if (pin !== null) pins.pin(pin);
}
