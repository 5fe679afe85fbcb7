/** What feature codes can say to a caller; each is a recording of every prompt language. */
export const HOT_DESK_PROMPTS = [
  'enter-extension', 'enter-pin', 'signed-in', 'try-again', 'locked', 'not-available', 'signed-out', 'nobody-signed-in',
  'goodbye', 'device-locked', 'device-unlocked', 'enter-code', 'phone-activated', 'activation-not-possible',
] as const;
export type HotDeskPrompt = (typeof HOT_DESK_PROMPTS)[number];
