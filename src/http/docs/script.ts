/** Search of the documentation page, run by browsers: hides what does not match, opens a linked entry. */
export const DOCS_SCRIPT = `'use strict';
const search = document.getElementById('search');
const operations = Array.from(document.querySelectorAll('.operation'));
const sections = Array.from(document.querySelectorAll('section'));
function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let found = 0;
  for (const operation of operations) {
    const shown = words.every((word) => operation.dataset.text.includes(word));
    operation.hidden = !shown;
    if (shown) found += 1;
  }
  for (const section of sections) section.hidden = !section.querySelector('.operation:not([hidden])');
  document.getElementById('nothing').hidden = found > 0;
}
search.addEventListener('input', filter);
function openLinked() {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (linked && linked.tagName === 'DETAILS') { linked.open = true; linked.scrollIntoView(); }
}
window.addEventListener('hashchange', openLinked);
openLinked();
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); search.focus(); }
});
`;
