/** Style of the documentation page: follows the reader's light or dark preference. */
export const DOCS_STYLE = `:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --soft: #f3f5f8; --line: #dde2ea; --accent: #0b5cad; --faint: #5c6878; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ef; --paper: #14181f; --soft: #1d232d; --line: #313a48; --accent: #6db3ff; --faint: #9aa7b8; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { position: sticky; top: 0; z-index: 1; display: flex; gap: 1rem; align-items: center; flex-wrap: wrap; padding: .6rem 1.2rem; background: var(--paper); border-bottom: 1px solid var(--line); }
h1 { font-size: 1.25rem; margin: 0; } h1 small, h3 small { color: var(--faint); font-weight: 400; }
#search { flex: 1; min-width: 12rem; max-width: 32rem; padding: .45rem .7rem; font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; }
a { color: var(--accent); }
.layout { display: grid; grid-template-columns: 13rem minmax(0, 1fr); }
nav { position: sticky; top: 3.6rem; align-self: start; max-height: calc(100vh - 3.6rem); overflow: auto; padding: 1.2rem; display: flex; flex-direction: column; gap: .35rem; }
nav a { text-decoration: none; } nav a:hover { text-decoration: underline; }
main { padding: 1.2rem; max-width: 62rem; }
h2 { margin: 2rem 0 .6rem; font-size: 1.15rem; scroll-margin-top: 4rem; } h3 { margin: 1rem 0 .3rem; font-size: .95rem; }
.operation { border: 1px solid var(--line); border-radius: 8px; margin: .45rem 0; padding: .1rem .9rem; scroll-margin-top: 4.5rem; }
.operation[open] { padding-bottom: .9rem; }
summary { cursor: pointer; padding: .45rem 0; display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; }
.summary { color: var(--faint); }
.method { font: 600 .72rem/1 ui-monospace, monospace; padding: .28rem .45rem; border-radius: 4px; color: #fff; background: #57606e; min-width: 3.9rem; text-align: center; }
.method.get { background: #0b6bcb; } .method.post { background: #12803c; } .method.patch, .method.put { background: #a15c00; } .method.delete { background: #b3261e; }
code, pre { font: .86em/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; overflow: auto; max-height: 26rem; }
table { border-collapse: collapse; width: 100%; font-size: .9em; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-weight: 600; } td b { font-size: .8em; color: #b3261e; }
.access { margin: .3rem 0; color: var(--faint); }
@media (max-width: 50rem) { .layout { grid-template-columns: 1fr; } nav { display: none; } }
`;
