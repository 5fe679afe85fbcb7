// docs/phones.md, made from the manifests of provisioning-templates.
import { join } from 'node:path';

const ROLL_OUT = `## Rolling a change out

A change of a person, key, setting, template or firmware rule makes the phones that it concerns \`pending\`; they fetch it at their daily look, or at once with
\`"resync":"now"\` in a change of desk phone settings or a template. To have it in stages, look first what would happen, phone by phone (\`change\`, \`restart\`, \`in_call\`, \`registered\`; with \`include_diff\` the lines that differ, a secret as \`********\` and a mark):

\`\`\`
curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"scope":{"site_id":"SITE"},"batch":{"percent":10},
  "pause_seconds":600,"include_diff":true}' 'http://127.0.0.1:8080/v2/cordboard/resyncs/preview?page_size=20'
curl -s -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/v2/cordboard/devices/DEVICE/provisioning/diff
\`\`\`

Then begin, with the same body but \`include_diff\`. The scope is one of \`account\`, \`site_id\`, \`device_ids\`, \`provision_template_id\`, \`family\` (with \`model\`) and
\`firmware_rule_id\` (its share); a batch is \`size\` phones or \`percent\` of them. The answer has the campaign's id:

\`\`\`
curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"scope":{"site_id":"SITE"},"batch":{"percent":10},
  "pause_seconds":600}' http://127.0.0.1:8080/v2/cordboard/resyncs
curl -s -H "Authorization: Bearer $TOKEN" 'http://127.0.0.1:8080/v2/cordboard/resyncs/ID?state=told'
curl -s -X POST -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/v2/cordboard/resyncs/ID/cancel
\`\`\`

Each phone of a batch gets one NOTIFY at its newest registration, after its calls; a phone that is not registered, as soon as it is. \`told\` took it; \`delivered\` has
fetched everything it should have; \`unanswered\`, \`refused\` and \`unreachable\` say what to do in \`reason\`. The next batch begins after the pause whatever became of the one
before: look at \`counts\` meanwhile, and cancel where a batch went wrong. The campaign ends when every phone has come, or \`give_up_minutes\` (a day) after the last batch.

What restarts a phone that reads another configuration, as far as it is known:

`;

/** Text of the page; `table` writes a Markdown table of heads and rows. */
export async function phonePage(root, made, table) {
  const { loadFamilies } = await import(join(root, 'dist/src/rendering/load-families.js'));
  const families = loadFamilies(join(root, 'provisioning-templates'));
  const capabilities = Object.keys(families[0].manifest.capabilities);
  const differing = ({ capabilities: own }, manifest) => capabilities.filter((one) => own[one] !== manifest.capabilities[one]).map((one) => `${one}: ${own[one]}`).join(', ');
  const overview = table(['capability', ...families.map(({ templateFamily }) => templateFamily)], capabilities.map((one) => [one, ...families.map(({ manifest }) => manifest.capabilities[one])]));
  const { PHONE_FAMILIES } = await import(join(root, 'dist/src/domain/device/phone-families.js'));
  const restarts = table(['family', 'restarts', 'why'], Object.entries(PHONE_FAMILIES).map(([name, facts]) => [name, facts.restarts.expected, facts.restarts.text]));
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
account, a site or a device by \`…/desk_phone_settings\`.\n\n${overview}\n\n${ROLL_OUT}${restarts}\n\n${sections.join('\n')}`;
}
