// docs/phones.md, made from the manifests of provisioning-templates.
import { join } from 'node:path';

/** Text of the page; `table` writes a Markdown table of heads and rows. */
export async function phonePage(root, made, table) {
  const { loadFamilies } = await import(join(root, 'dist/src/rendering/load-families.js'));
  const families = loadFamilies(join(root, 'provisioning-templates'));
  const capabilities = Object.keys(families[0].manifest.capabilities);
  const differing = ({ capabilities: own }, manifest) => capabilities.filter((one) => own[one] !== manifest.capabilities[one]).map((one) => `${one}: ${own[one]}`).join(', ');
  const overview = table(['capability', ...families.map(({ templateFamily }) => templateFamily)], capabilities.map((one) => [one, ...families.map(({ manifest }) => manifest.capabilities[one])]));
  const sections = families.map(({ templateFamily, manifest, models }) => `## ${manifest.title}

Templates: \`provisioning-templates/${templateFamily}\`. Set-up: ${manifest.setUp}

NOTIFY: \`${manifest.notify.resync ?? 'none'}\` to read the configuration again, \`${manifest.notify.reboot ?? 'none'}\` to restart. Files: ${
    manifest.files.filter(({ as }) => as !== undefined).map(({ as, kind }) => `\`${as}\` (${kind})`).join(', ')}.

${table(['model', 'other names', 'accounts', 'keys', 'soft keys', 'expansion', 'background', 'differs', 'note'], models.map((model) => [
    model.model, model.aliases.join(', '), model.accounts, model.usableKeys === model.keySlots ? model.keySlots : `${model.usableKeys} of ${model.keySlots}`, model.idleSoftKeys,
    model.expansion === null ? '' : `${model.expansion.name}, ${model.expansion.modules} × ${model.expansion.keysEach}`,
    model.background === null ? '' : `${model.background.formats.join(', ')}${model.background.width === null ? '' : `, ${model.background.width} × ${model.background.height}`}`,
    differing(model, manifest), model.note]))}

Not verified on a phone or in a manual: ${manifest.unverified.length === 0 ? 'nothing.' : `${manifest.unverified.map((one) => `\`${one}\``).join(', ')}.`}

Sources: ${manifest.sources.join('; ')}.
`);
  return `# Phones\n${made}\n\nModels whose files can be rendered, and what they can do. \`unverified\`: the parameter is sent, but nobody has confirmed on a phone or in its maker's manual that it
acts. \`no\`: the product says so where it is asked for.

SIP goes over TLS to phones that can trust the server's certificate: one that TLS_CERT names, or the server's own where \`trusted-certificate\` is \`yes\`. All
others get UDP, and \`reasons\` of the device's provisioning says why. \`sip_transport\` (auto, udp, tcp, tls), \`srtp\`, \`codecs\` and \`dtmf\` are set for the
account, a site or a device by \`…/desk_phone_settings\`.\n\n${overview}\n\n${sections.join('\n')}`;
}
