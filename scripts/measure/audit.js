// What scripts/axe asks of a page. Every function answers a list of texts, one
// for each thing that is wrong; the page itself is never changed for good.
window.passerelleAudit = {
  // name says which element is meant.
  name(e) {
    const text = (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.className ? '.' + String(e.className).split(' ')[0] : '') + ' “' + text + '”';
  },

  // axe runs the rules of WCAG 2.2 A and AA, and the advice beside them.
  async axe() {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: tags}});
    return found.violations.flatMap(v => v.nodes.map(n => `axe ${v.id} (${v.impact}): ${n.target.join(' ')} – ${n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 200)}`));
  },

  // sideways finds what makes the page wider than the window.
  sideways(what) {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('.seen,thead'));
    return [`${what}: the page is ${document.documentElement.scrollWidth} px wide in ${wide}: ${out.slice(0, 4).map(e => this.name(e)).join(', ')}`];
  },

  enlarged(percent) {
    const root = document.documentElement, size = parseFloat(getComputedStyle(root).fontSize);
    root.style.fontSize = size * percent / 100 + 'px';
    const out = this.sideways(percent + ' % text');
    root.style.fontSize = '';
    return out;
  },

  // stops are what Tab must reach, in document order; one of each group of radio buttons.
  stops() {
    const groups = new Set();
    return [...document.querySelectorAll('a[href],button,input,select,textarea,summary')].filter(e => {
      if (e.disabled || e.type === 'hidden' || !e.checkVisibility({visibilityProperty: true})) return false;
      if (e.type !== 'radio') return true;
      const group = [...document.querySelectorAll('input[type=radio]')].filter(r => r.name === e.name && r.form === e.form);
      const chosen = group.find(r => r.checked);
      if (chosen) return chosen === e;
      const key = e.name + '|' + (e.form ? [...document.forms].indexOf(e.form) : '');
      return !groups.has(key) && groups.add(key);
    });
  },

  // begin listens to where Tab leads and answers how often to press it.
  begin() {
    const look = e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.textDecoration].join('|'); };
    const stops = this.stops(), plain = new Map(stops.map(e => [e, look(e)]));
    this.seen = [];
    this.wrong = [];
    document.addEventListener('focusin', event => {
      const e = event.target;
      if (!plain.has(e) || this.seen.includes(e)) return;
      this.seen.push(e);
      const s = getComputedStyle(e), r = e.getBoundingClientRect();
      if (look(e) === plain.get(e) || s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) this.wrong.push('focus is not visible on ' + this.name(e));
      else if (r.bottom < 0 || r.top > innerHeight) this.wrong.push('focus is outside the window on ' + this.name(e));
    });
    const parts = stops.filter(e => ['date', 'time', 'datetime-local', 'month'].includes(e.type)).length;
    return stops.length + 6 * parts + 2;
  },

  // finish compares where Tab led with where it must lead.
  finish() {
    const stops = this.stops(), out = this.wrong;
    for (const e of stops) if (!this.seen.includes(e)) out.push('Tab does not reach ' + this.name(e));
    const reached = stops.filter(e => this.seen.includes(e));
    const at = reached.findIndex((e, i) => this.seen[i] !== e);
    if (at >= 0) out.push(`Tab order: ${this.name(this.seen[at])} comes before ${this.name(reached[at])}`);
    return out;
  },

  // links are the pages this one leads to, with their questions.
  links() {
    return [...document.querySelectorAll('a[href]:not([download])')].filter(a => a.origin === location.origin).map(a => a.pathname + a.search.replace(/[?&]lang=\w+/, ''));
  },
};
