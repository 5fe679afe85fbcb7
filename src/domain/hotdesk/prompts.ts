/** What feature codes can say to a caller; each is a recording of every prompt language. */
export type HotDeskPrompt =
  | 'enter-extension' | 'enter-pin' | 'signed-in' | 'try-again' | 'locked' | 'not-available' | 'signed-out' | 'nobody-signed-in'
  | 'goodbye' | 'device-locked' | 'device-unlocked';

export const HOT_DESK_PROMPTS: readonly HotDeskPrompt[] = [
  'enter-extension', 'enter-pin', 'signed-in', 'try-again', 'locked', 'not-available', 'signed-out', 'nobody-signed-in',
  'goodbye', 'device-locked', 'device-unlocked',
];
