const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

let lastSecond = -1;
let lastText = '';

/**
 * `HH:MM:SS.uuuuuu` in UTC, as leaders carry it (drachtio wire protocol §3.1).
 * @param epochMs fractions of a millisecond become microseconds
 */
export function clockText(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastSecond) {
    const ofDay = second % 86_400;
    lastText = `${two(Math.floor(ofDay / 3600))}:${two(Math.floor(ofDay / 60) % 60)}:${two(ofDay % 60)}.`;
    lastSecond = second;
  }
  const micros = Math.floor((epochMs - second * 1000) * 1000);
  return lastText + String(micros).padStart(6, '0');
}
