const RATE_HZ = 8000;
/** WAVE_FORMAT_MULAW (Microsoft, multimedia standards update of 1994: any codec but PCM has a `fact` chunk). */
const MULAW = 7;
const HEAD_BYTES = 58;

/** µ-law sound of 8000 Hz → a WAV file. It is one that an upload takes. */
export function telephoneWav(ulaw: Uint8Array): Uint8Array {
  const padding = ulaw.length % 2;
  const file = new Uint8Array(HEAD_BYTES + ulaw.length + padding);
  const view = new DataView(file.buffer);
  const name = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i += 1) file[at + i] = text.charCodeAt(i);
  };
  name(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  name(8, 'WAVEfmt ');
  view.setUint32(16, 18, true);
  view.setUint16(20, MULAW, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  name(38, 'fact');
  view.setUint32(42, 4, true);
  view.setUint32(46, ulaw.length, true);
  name(50, 'data');
  view.setUint32(54, ulaw.length, true);
  file.set(ulaw, HEAD_BYTES);
  return file;
}
