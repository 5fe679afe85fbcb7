import type { MailTexts } from './mail-texts.js';

export const SIGN_IN_CODE: MailTexts = {
  en: {
    subject: 'Your code to sign in: {{ code }}',
    body: `Hello {{ name }},

somebody, hopefully you, wants to sign in to the phone system of {{ accountName }} with your address.

Code: {{ code }}

It counts once, for {{ minutes }} minutes. If it was not you, do nothing: without the code nobody gets in.
`,
  },
  es: {
    subject: 'Su código de acceso: {{ code }}',
    body: `Hola, {{ name }}:

Alguien, esperamos que usted, quiere acceder con su dirección al sistema telefónico de {{ accountName }}.

Código: {{ code }}

Sirve una sola vez, durante {{ minutes }} minutos. Si no ha sido usted, no haga nada: sin el código nadie puede entrar.
`,
  },
  de: {
    subject: 'Ihr Code zum Anmelden: {{ code }}',
    body: `Guten Tag {{ name }},

jemand, hoffentlich Sie, möchte sich mit Ihrer Adresse an der Telefonanlage von {{ accountName }} anmelden.

Code: {{ code }}

Er gilt einmal, {{ minutes }} Minuten lang. Waren Sie es nicht, ist nichts zu tun: ohne den Code kommt niemand hinein.
`,
  },
  fr: {
    subject: 'Votre code de connexion : {{ code }}',
    body: `Bonjour {{ name }},

Quelqu’un, vous sans doute, souhaite se connecter avec votre adresse au système téléphonique de {{ accountName }}.

Code : {{ code }}

Il est valable une seule fois, pendant {{ minutes }} minutes. Si ce n’était pas vous, ne faites rien : sans le code, personne n’entre.
`,
  },
};
