import type { PhoneLanguage } from './phone-configuration.js';

/** What we write on a phone's screen ourselves; short, since soft keys show about nine characters. */
export interface PhoneWords {
  readonly guest: string;
  readonly signOut: string;
  /** Label of a phone that nobody has. */
  readonly unassigned: string;
}

export const PHONE_WORDS: Readonly<Record<PhoneLanguage, PhoneWords>> = {
  en: { guest: 'Guest', signOut: 'Sign Out', unassigned: 'Unassigned' },
  es: { guest: 'Invitado', signOut: 'Salir', unassigned: 'Sin asignar' },
  de: { guest: 'Gast', signOut: 'Abmelden', unassigned: 'Nicht vergeben' },
  fr: { guest: 'Invité', signOut: 'Quitter', unassigned: 'Non attribué' },
};
