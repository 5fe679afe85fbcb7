import type { MailTexts } from './mail-texts.js';

export const NEW_PIN: MailTexts = {
  en: {
    subject: 'A new PIN for extension {{ extensionNumber }}',
    body: `Hello {{ name }},

an administrator of {{ accountName }} gave your extension {{ extensionNumber }} a new PIN.

PIN: {{ pinCode }}
{% if signInCode != '' %}
To use a shared desk phone, dial {{ signInCode }} on it, then enter your extension and your PIN.{% endif %}
The old PIN no longer works. Keep the new one to yourself.
`,
  },
  es: {
    subject: 'Nuevo PIN para la extensión {{ extensionNumber }}',
    body: `Hola, {{ name }}:

Un administrador de {{ accountName }} ha dado un nuevo PIN a su extensión {{ extensionNumber }}.

PIN: {{ pinCode }}
{% if signInCode != '' %}
Para usar un teléfono compartido, marque {{ signInCode }} en él e introduzca su extensión y su PIN.{% endif %}
El PIN anterior ya no sirve. No comparta el nuevo con nadie.
`,
  },
  de: {
    subject: 'Neue PIN für die Durchwahl {{ extensionNumber }}',
    body: `Guten Tag {{ name }},

die Verwaltung der Telefonanlage von {{ accountName }} hat Ihrer Durchwahl {{ extensionNumber }} eine neue PIN gegeben.

PIN: {{ pinCode }}
{% if signInCode != '' %}
Um ein gemeinsam benutztes Telefon zu verwenden, wählen Sie daran {{ signInCode }} und geben Durchwahl und PIN ein.{% endif %}
Die alte PIN gilt nicht mehr. Behalten Sie die neue für sich.
`,
  },
  fr: {
    subject: 'Nouveau code PIN pour le poste {{ extensionNumber }}',
    body: `Bonjour {{ name }},

Un administrateur de {{ accountName }} a donné un nouveau code PIN à votre poste {{ extensionNumber }}.

Code PIN : {{ pinCode }}
{% if signInCode != '' %}
Pour utiliser un téléphone partagé, composez {{ signInCode }} sur celui-ci, puis saisissez votre numéro de poste et votre code PIN.{% endif %}
L’ancien code ne fonctionne plus. Gardez le nouveau pour vous.
`,
  },
};
