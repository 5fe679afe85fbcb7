/** Style of the pages for setting phones up: follows the reader's light or dark preference, and prints black on white. */
export const SET_UP_STYLE = `:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --back: #eef1f5; --soft: #f3f5f8; --line: #dde2ea; --accent: #0b5cad; --faint: #5c6878; --warn: #7a4b00; --warn-back: #fff4dc; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ef; --paper: #1a1f27; --back: #11151b; --soft: #232a35; --line: #313a48; --accent: #6db3ff; --faint: #9aa7b8; --warn: #ffd58a; --warn-back: #3a2c10; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--back); }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 2.2rem; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; }
header { padding-bottom: 1.1rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0 0 .6rem; font-size: 1.7rem; line-height: 1.2; overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: .4rem 2.4rem; margin: 0; }
dt { font-size: .8rem; color: var(--faint); } dd { margin: 0; font-weight: 600; }
.warning { margin: 1.2rem 0 0; padding: .7rem 1rem; color: var(--warn); background: var(--warn-back); border-radius: 8px; }
.steps { margin: 0; padding: 0; list-style: none; }
.steps > li { padding: 1.2rem 0 1.1rem 2.9rem; border-bottom: 1px solid var(--line); break-inside: avoid; }
h2 { position: relative; margin: 0 0 .4rem; font-size: 1.08rem; }
h2 span { position: absolute; left: -2.9rem; top: -.1rem; width: 1.9rem; height: 1.9rem; border-radius: 50%; font-size: .95rem; line-height: 1.9rem; text-align: center; color: var(--paper); background: var(--accent); }
h3 { margin: 0 0 .2rem; font-size: .95rem; color: var(--accent); }
p { margin: .3rem 0; } li p:first-child { margin-top: 0; }
ol ol { margin: 0; padding-left: 1.2rem; } section ol { padding-left: 1.1rem; }
.ways > div { display: grid; gap: .8rem; } .ways section { padding: .8rem 1rem; background: var(--soft); border-radius: 8px; }
.type { display: flex; gap: 1.4rem; align-items: flex-start; } .type > div { flex: 1; min-width: 0; }
code { font: .95em/1.5 ui-monospace, monospace; }
.url { padding: .7rem .9rem; background: var(--soft); border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere; }
.url code { font-weight: 600; }
figure { margin: 0; width: 10.5rem; flex: none; text-align: center; } figure svg { display: block; width: 100%; height: auto; border-radius: 8px; }
figcaption { margin-top: .3rem; font-size: .8rem; color: var(--faint); }
form { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: center; margin-top: .8rem; font-size: .88rem; color: var(--faint); }
button { padding: .5rem 1rem; font: inherit; font-weight: 600; color: var(--accent); background: var(--paper); border: 1px solid var(--accent); border-radius: 8px; cursor: pointer; }
button:hover, button:focus-visible { color: var(--paper); background: var(--accent); }
.window { font-weight: 600; } a { color: var(--accent); }
footer { padding-top: 1.1rem; font-size: .88rem; color: var(--faint); }
@media (max-width: 36rem) { body { padding: 0; } main { padding: 1.3rem 1.1rem; border: 0; border-radius: 0; } .type { flex-direction: column; } .steps > li { padding-left: 2.5rem; } h2 span { left: -2.5rem; } figure { align-self: center; } }
@media print { form { display: none; } :root { color-scheme: light; --ink: #000; --paper: #fff; --back: #fff; --soft: #fff; --line: #999; --accent: #000; --faint: #333; --warn: #000; --warn-back: #fff; } body { padding: 0; font-size: 11pt; } main { max-width: none; padding: 0; border: 0; } .warning, .ways section { border: 1px solid #999; } }
`;
