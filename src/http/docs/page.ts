import type { OpenApiDocument } from '../openapi.js';
import { escape, slug } from './html.js';
import { entryHtml, type Entry } from './operation-view.js';

/** The OpenAPI document as one web page: nothing is loaded from elsewhere, and nothing but our own script runs. */
export function docsPage(document: OpenApiDocument): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) => (
    Object.entries(methods).map(([method, operation]): Entry => ({ method: method.toUpperCase(), path, operation }))
  ));
  const tags = document.tags.map(({ name }) => name);
  const links = tags.map((name) => `<a href="#${slug(name)}">${escape(name)}</a>`).join('');
  const paragraphs = document.info.description.split('\n\n').map((text) => `<p>${escape(text)}</p>`).join('\n');
  const sections = tags.map((name) => section(name, entries.filter(({ operation }) => operation.tags.includes(name))));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)} API</title>
<link rel="stylesheet" href="/docs/style.css">
<script src="/docs/search.js" defer></script>
</head>
<body>
<header>
<h1>${escape(document.info.title)} <small>API ${escape(document.info.version)}</small></h1>
<input id="search" type="search" placeholder="Search: path, verb, field…" aria-label="Search" autocomplete="off">
<a href="/v2/openapi.json">openapi.json</a>
</header>
<div class="layout">
<nav aria-label="Resources">${links}</nav>
<main>
${paragraphs}
<p id="nothing" hidden>Nothing found.</p>
${sections.join('\n')}
</main>
</div>
</body>
</html>`;
}

function section(name: string, entries: readonly Entry[]): string {
  return `<section id="${slug(name)}"><h2>${escape(name)}</h2>${entries.map(entryHtml).join('\n')}</section>`;
}
