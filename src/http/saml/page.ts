import { SAML_REFUSALS, type SamlRefusal } from '../../domain/saml/judge-assertion.js';
import { nameOf, type AccountUser } from '../../domain/identity/user.js';
import { escape } from '../docs/html.js';
import { frame } from '../set-up/page.js';

/** Shown to whoever began a sign-in without a program to come back to. */
export function signedInPage(user: AccountUser, code: string): string {
  return frame('Signed in', `<header><h1>You are signed in</h1></header>
<p>You are signed in as <b>${escape(nameOf(user))}</b> (${escape(user.email)}).</p>
<p>If a program asks you for a code, give it this one. It works once, for a minute.</p>
<p class="url"><code>${escape(code)}</code></p>
<footer>If nothing asked you for a code, you can close this page.</footer>`);
}

/** Shown when a response signed nobody in. */
export function refusedPage(why: SamlRefusal, loginUrl: string | null): string {
  const again = loginUrl === null ? '' : `\n<p><a href="${escape(loginUrl)}">Sign in again</a></p>`;
  return frame('Not signed in', `<header><h1>You are not signed in</h1></header>
<p class="warning"><b>${escape(SAML_REFUSALS[why])}</b></p>${again}
<footer>Tell your administrator if this goes on: the reason is <code>${escape(why)}</code>.</footer>`);
}

/** Shown where a program wants its browser back at an address that nobody allowed. */
export function wrongReturnPage(): string {
  return frame('Not signed in', `<header><h1>You are not signed in</h1></header>
<p class="warning"><b>The program that sent you here wants you back at an address that is not allowed.</b></p>
<footer>An administrator allows addresses by redirect_uris of the sign-in's settings.</footer>`);
}
