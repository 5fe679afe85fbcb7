/** RFC 3551 §6: what needs no rtpmap. */
const STATIC: Readonly<Record<string, string>> = { 0: 'PCMU', 3: 'GSM', 4: 'G723', 8: 'PCMA', 9: 'G722', 18: 'G729' };

/** The codec that an answer chose for its first audio stream: its first format that is sound; '' where there is none. */
export function codecOfAnswer(sdp: string): string {
  const line = /^m=audio [1-9]\d{0,4}(?:\/\d+)? \S+((?: \d{1,3})+)/m.exec(sdp);
  if (line === null) return '';
  const rest = sdp.slice(line.index).split(/\r?\nm=/, 1)[0] ?? '';
  const names = new Map([...rest.matchAll(/^a=rtpmap:(\d{1,3}) +([A-Za-z0-9._-]{1,24})\//gm)].map(([, type = '', name = '']) => [type, name]));
  const codecs = (line[1] ?? '').trim().split(' ').map((type) => names.get(type) ?? STATIC[type] ?? '');
  return codecs.find((name) => name !== '' && !/^(?:telephone-event|CN|red)$/i.test(name)) ?? '';
}
