import qrcode from 'qrcode';
import { DateTime } from 'luxon';
import type { EnrolmentState } from '../../domain/provisioning/provisioning-access.js';
import type { SetUpStep } from '../../domain/provisioning/set-up-steps.js';
import type { SetUp } from '../../usecases/admin/set-up-device.js';
import { escape } from '../docs/html.js';
import { deviceType } from '../zoom-phone/device-view.js';

/** One of these is enough. */
const WAYS: ReadonlySet<SetUpStep['kind']> = new Set(['at-phone', 'in-browser', 'dhcp']);

/** Their lines are done one after the other. */
const IN_ORDER: ReadonlySet<SetUpStep['kind']> = new Set(['at-phone', 'in-browser', 'factory-reset']);

/** How one phone is set up, to be read at the phone or printed: nothing is loaded from elsewhere, and no script runs. */
export async function setUpPage(found: SetUp & { readonly expiresAt: number }, ticket: string): Promise<string> {
  const { device, address, steps, warnings, expiresAt } = found;
  const known = address !== null && !address.includes('{folder}');
  const code = known ? await qrcode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }) : '';
  const blocks = blocksOf(steps).map((block, at) => blockHtml(block, at + 1, known ? code : '', windowHtml(found, ticket)));
  const until = moment(expiresAt);
  return frame(`Set up ${device.displayName}`, `<header>
<h1>${escape(device.displayName)}</h1>
<dl><div><dt>Phone</dt><dd>${escape(deviceType(device))}</dd></div><div><dt>MAC address</dt><dd><code>${escape(inPairs(device.macAddress))}</code></dd></div></dl>
</header>
${warnings.map(({ text }) => `<p class="warning"><b>Please check.</b> ${escape(text)}</p>`).join('\n')}
<ol class="steps">
${blocks.join('\n')}
</ol>
<footer>This page can be read until ${until} UTC. Keep it to yourself, and throw a printed one away when the phone works.</footer>`);
}

const moment = (at: number): string => DateTime.fromMillis(at, { zone: 'utc' }).toFormat('d LLLL yyyy, HH:mm');

/** What is said of the window for enrolling, each in the words of whoever stands before the phone. */
const WINDOW_WORDS: Readonly<Record<EnrolmentState, string>> = {
  none: 'No window for this phone is open yet, so no address works.',
  open: '',
  closed: 'The window for this phone has closed, so the address does not work any more.',
  claimed: 'A phone has fetched this configuration and is restarting with it. If that was not this phone, tell your administrator.',
  enrolled: 'This phone is set up. To set it up once more, ask an administrator to open another window.',
};

function windowHtml({ enrolment: { state, window, until }, reopens }: SetUp, ticket: string): string {
  const open = state !== 'open' || until === null ? WINDOW_WORDS[state] : `The phone may fetch its configuration until ${moment(until)} UTC.`;
  const form = !reopens ? '' : `<form method="post" action="/setup/${escape(encodeURIComponent(ticket))}/window">
<button>${window === null ? 'Open a window' : 'Open a new window'}</button><span>${window === null ? 'It gives the phone an address.' : 'It gives the phone another address; this one ends.'}</span></form>`;
  return `${open === '' ? '' : `<p class="window">${open}</p>`}${form}`;
}

/** Told when a window is asked for and a phone has the configuration already. */
export function heldPage(text: string, ticket: string): string {
  return frame('Set up already', `<header><h1>A phone is set up already</h1></header>\n<p>${escape(text)}</p>\n<p><a href="/setup/${escape(encodeURIComponent(ticket))}">Back to the page</a></p>`);
}

/** What anybody sees whose ticket is none. */
export function gonePage(): string {
  return frame('Not there', '<header><h1>This page is not there any more</h1></header>\n<p>Ask an administrator of your phone system for a new one.</p>');
}

/** Steps one after the other; ways of which one is enough stand together. */
function blocksOf(steps: readonly SetUpStep[]): readonly (readonly SetUpStep[])[] {
  const ways = steps.filter(({ kind }) => WAYS.has(kind));
  const first = steps.findIndex(({ kind }) => WAYS.has(kind));
  return steps.flatMap((step, at) => {
    if (!WAYS.has(step.kind)) return [[step]];
    return at === first ? [ways] : [];
  });
}

function blockHtml(block: readonly SetUpStep[], number: number, code: string, window: string): string {
  const [first] = block;
  if (first === undefined) return '';
  if (!WAYS.has(first.kind)) return `<li class="${first.kind}"><h2><span>${number}</span>${escape(first.title)}</h2>${linesHtml(first, code)}${first.kind === 'address' ? window : ''}</li>`;
  const title = block.length > 1 ? 'Give the phone the address: one of these ways is enough' : 'Give the phone the address';
  const ways = block.map((way) => `<section><h3>${escape(way.title)}</h3>${linesHtml(way, '')}</section>`).join('\n');
  return `<li class="ways"><h2><span>${number}</span>${title}</h2><div>${ways}</div></li>`;
}

function linesHtml({ kind, lines }: SetUpStep, code: string): string {
  if (kind === 'address') {
    const [address = '', ...rest] = lines;
    const image = code === '' ? '' : `<figure>${code}<figcaption>The same, to be scanned</figcaption></figure>`;
    return `<div class="type"><div><p class="url"><code>${escape(address)}</code></p>${paragraphs(rest)}</div>${image}</div>`;
  }
  return lines.length === 1 || !IN_ORDER.has(kind) ? paragraphs(lines) : `<ol>${lines.map((line) => `<li>${escape(line)}</li>`).join('')}</ol>`;
}

const paragraphs = (lines: readonly string[]): string => lines.map((line) => `<p>${escape(line)}</p>`).join('');

/** As it stands on the label of a phone. */
const inPairs = (mac: string): string => mac.toUpperCase().replace(/(..)(?=.)/g, '$1:');

/** A page in our style; `main` is HTML. */
export function frame(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<link rel="stylesheet" href="/setup/style.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>`;
}
