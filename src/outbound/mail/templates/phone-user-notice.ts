import type { MailTexts } from './mail-texts.js';

export const PHONE_USER_NOTICE: MailTexts = {
  en: {
    subject: 'Your phone extension is {{ extensionNumber }}',
    body: `Hello {{ name }},

you have a phone extension at {{ accountName }}.

Extension: {{ extensionNumber }}
Site: {{ siteName }}{% if siteCode != '' %} (code {{ siteCode }}){% endif %}
PIN: {{ pinCode }}
{% if signInCode != '' %}
To use a shared desk phone, dial {{ signInCode }} on it, then enter your extension and your PIN.{% endif %}
Keep the PIN to yourself. This is the only message that shows it; an administrator can give you another one.
`,
  },
  es: {
    subject: 'Su extensión telefónica es la {{ extensionNumber }}',
    body: `Hola, {{ name }}:

Ya tiene una extensión telefónica en {{ accountName }}.

Extensión: {{ extensionNumber }}
Sede: {{ siteName }}{% if siteCode != '' %} (código {{ siteCode }}){% endif %}
PIN: {{ pinCode }}
{% if signInCode != '' %}
Para usar un teléfono compartido, marque {{ signInCode }} en él e introduzca su extensión y su PIN.{% endif %}
No comparta el PIN con nadie. Solo aparece en este mensaje; un administrador puede darle otro.
`,
  },
  de: {
    subject: 'Ihre Durchwahl ist {{ extensionNumber }}',
    body: `Guten Tag {{ name }},

Sie haben bei {{ accountName }} eine Durchwahl.

Durchwahl: {{ extensionNumber }}
Standort: {{ siteName }}{% if siteCode != '' %} (Kennzahl {{ siteCode }}){% endif %}
PIN: {{ pinCode }}
{% if signInCode != '' %}
Um ein gemeinsam benutztes Telefon zu verwenden, wählen Sie daran {{ signInCode }} und geben Durchwahl und PIN ein.{% endif %}
Behalten Sie die PIN für sich. Sie steht nur in dieser Nachricht; eine neue bekommen Sie von der Verwaltung Ihrer Telefonanlage.
`,
  },
  fr: {
    subject: 'Votre numéro de poste est le {{ extensionNumber }}',
    body: `Bonjour {{ name }},

Vous avez désormais un poste téléphonique chez {{ accountName }}.

Poste : {{ extensionNumber }}
Site : {{ siteName }}{% if siteCode != '' %} (code {{ siteCode }}){% endif %}
Code PIN : {{ pinCode }}
{% if signInCode != '' %}
Pour utiliser un téléphone partagé, composez {{ signInCode }} sur celui-ci, puis saisissez votre numéro de poste et votre code PIN.{% endif %}
Gardez ce code pour vous. Seul ce message l’indique ; un administrateur peut vous en donner un autre.
`,
  },
};
