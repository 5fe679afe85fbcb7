/** What a headless baresip 1.0.0 needs in its configuration folder. */
export interface BaresipConfig {
  readonly folder: string;
  /** 8 kHz mono WAV it says in calls; baresip hangs up where it ends. */
  readonly source: string;
  readonly sipPort: number;
  readonly controlPort: number;
  readonly rtpPort: number;
  readonly rtpPorts: number;
}

const MODULES = ['g711', 'aufile', 'aubridge', 'sndfile'];
const APPLICATIONS = ['contact', 'debug_cmd', 'menu', 'ctrl_tcp'];

/** Files of a provisioning server, which stand before what only the computer knows. */
export interface ProvisionedFiles {
  readonly config: string;
  readonly accounts: string;
  readonly contacts: string;
}

/** The provisioned `config`, then the lines of the computer's own that it does not have. */
export function provisionedConfigText(provisioned: string, local: string): string {
  const given = provisioned.split('\n').map((line) => line.split(/[ \t]+/));
  const has = (line: string): boolean => {
    const [name, value] = line.split(/[ \t]+/);
    return given.some((one) => one[0] === name && (name?.startsWith('module') !== true || one[1] === value));
  };
  return `${provisioned}${local.split('\n').filter((line) => !has(line)).join('\n')}\n`;
}

/** The text of `config`. Interop: `net_interface` must be an address; with `lo` baresip finds none. */
export function configText(config: BaresipConfig): string {
  const settings: readonly (readonly [string, string])[] = [
    ['poll_method', 'epoll'],
    ['sip_listen', `127.0.0.1:${config.sipPort}`],
    ['net_interface', '127.0.0.1'],
    ['call_local_timeout', '120'],
    ['call_max_calls', '4'],
    ['audio_player', 'aubridge,dev1'],
    ['audio_source', `aufile,${config.source}`],
    ['audio_alert', 'aubridge,dev2'],
    ['ausrc_srate', '8000'],
    ['auplay_srate', '8000'],
    ['ausrc_channels', '1'],
    ['auplay_channels', '1'],
    ['audio_level', 'no'],
    ['rtp_ports', `${config.rtpPort}-${config.rtpPort + config.rtpPorts - 1}`],
    ['rtcp_mux', 'no'],
    ['jitter_buffer_delay', '5-10'],
    ['rtp_stats', 'yes'],
    ['module_path', '/usr/lib/baresip/modules'],
    ...MODULES.map((name) => ['module', `${name}.so`] as const),
    ['module_tmp', 'uuid.so'],
    ['module_tmp', 'account.so'],
    ...APPLICATIONS.map((name) => ['module_app', `${name}.so`] as const),
    ['ctrl_tcp_listen', `127.0.0.1:${config.controlPort}`],
    ['snd_path', config.folder],
    ['statmode_default', 'off'],
  ];
  return `${settings.map(([name, value]) => `${name}\t\t${value}`).join('\n')}\n`;
}

/** A sine as a 16-bit mono WAV of 8 kHz. */
export function toneWav(hz: number, seconds: number): Buffer {
  const rate = 8000;
  const bytes = rate * seconds * 2;
  const wav = Buffer.alloc(44 + bytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(bytes, 40);
  for (let at = 0; at < rate * seconds; at += 1) {
    wav.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hz * at) / rate)), 44 + 2 * at);
  }
  return wav;
}
