/** What a maker's phones want when they are taken out of the box; see `guide` of the manifests. */
export interface SetUpGuide {
  readonly maker: string;
  readonly macCase: 'lower' | 'upper';
  /** What is typed in, with `{folder}` and `{mac}`. */
  readonly url: string;
  readonly dhcpOptions: readonly number[];
  readonly factoryReset: readonly string[];
  readonly atPhone: readonly string[];
  readonly inBrowser: readonly string[];
  readonly beware: readonly string[];
}

export type SetUpStepKind = 'beware' | 'factory-reset' | 'address' | 'dhcp' | 'at-phone' | 'in-browser' | 'by-hand' | 'check';

/** One step; of `dhcp`, `at-phone` and `in-browser` one way is enough. */
export interface SetUpStep {
  readonly kind: SetUpStepKind;
  readonly title: string;
  readonly lines: readonly string[];
}

export interface SetUpPhone {
  /** Twelve lower-case hex digits. */
  readonly macAddress: string;
  /** URL of the folder of its files, ending in `/`; null = not known here. */
  readonly folder: string | null;
  /** For what must be typed in where there are no files. */
  readonly account: { readonly userName: string; readonly domain: string; readonly outboundProxy: string };
}

/** What is typed into the phone; without the folder's address its place is kept as `{folder}`. */
export function addressToType({ url, macCase }: SetUpGuide, { macAddress, folder }: Pick<SetUpPhone, 'macAddress' | 'folder'>): string {
  const mac = macCase === 'upper' ? macAddress.toUpperCase() : macAddress;
  return url.replace('{mac}', mac).replace('{folder}', () => folder ?? '{folder}');
}

/** What to do with a phone, in order, until it registers. Total: a maker that nothing is known of is set up by hand. */
export function setUpSteps(guide: SetUpGuide | null, phone: SetUpPhone): readonly SetUpStep[] {
  if (guide === null) return [byHand(phone), check()];
  const address = addressToType(guide, phone);
  const ways: readonly SetUpStep[] = [
    { kind: 'at-phone', title: 'At the phone', lines: guide.atPhone },
    { kind: 'in-browser', title: 'In a browser', lines: guide.inBrowser },
    { kind: 'dhcp', title: 'By DHCP', lines: dhcpLines(guide.dhcpOptions) },
  ];
  return [
    { kind: 'beware' as const, title: 'Before you begin', lines: guide.beware },
    { kind: 'factory-reset' as const, title: 'Reset a phone that was in use before', lines: guide.factoryReset },
    { kind: 'address' as const, title: 'The address that the phone needs', lines: addressLines(address, phone.folder !== null) },
    ...ways,
    check(),
  ].filter(({ lines }) => lines.length > 0);
}

function addressLines(address: string, known: boolean): readonly string[] {
  const secret = 'The address is as good as a password: it works for one phone and for a short time.';
  return known ? [address, secret]
    : [address, '{folder} stands for the address of a window for enrolling: adding the device opens one, and an administrator opens another.', secret];
}

function dhcpLines([first, ...others]: readonly number[]): readonly string[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : ` The phone also reads ${others.length === 1 ? 'option' : 'options'} ${others.join(', ')}: remove what leads elsewhere.`;
  return [
    `Give this phone alone DHCP option ${first} with the address as text, and restart it: the address is of this phone, so never give it to a whole network.${more}`,
  ];
}

function byHand({ account: { userName, domain, outboundProxy } }: SetUpPhone): SetUpStep {
  return {
    kind: 'by-hand', title: 'Type the SIP account in',
    lines: [
      `User name and authentication name: ${userName}`, 'Password: ask an administrator, who reads it from the device.', `Domain: ${domain}`,
      ...(outboundProxy === '' ? [] : [`Outbound proxy: ${outboundProxy}`]), 'Send DTMF by RFC 4733 (RFC 2833), and subscribe to nothing else.',
    ],
  };
}

const check = (): SetUpStep => ({
  kind: 'check', title: 'See whether it worked',
  lines: [
    'The phone restarts, and then shows whose it is. That can take some minutes.',
    'Where it does not, see that its clock is right (it needs a time server to trust the certificate), and that it reaches this server.',
  ],
});
