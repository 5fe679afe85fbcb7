/** @param text `<n>ms` or `<n>s` (drachtio wire protocol §2) @returns milliseconds; undefined for anything else, and for 0 */
export function duration(text: string): number | undefined {
  const [, digits = '', unit] = /^(\d{1,9})(ms|s)$/.exec(text.trim()) ?? [];
  const milliseconds = Number(digits) * (unit === 's' ? 1_000 : 1);
  return milliseconds > 0 ? milliseconds : undefined;
}
