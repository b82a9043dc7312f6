// What the driver of the browser tests asks of the page that is open. It reads,
// and scrolls as a person would; it never fills in a field or presses a button,
// but for what an operating system does in the person's place: choosing in the
// list of a telephone (choose).
globalThis.passerelleScreen = {
  // smallest side of what a finger must hit, in CSS pixels (WCAG 2.2, 2.5.8).
  least: 24,

  name(e) {
    const text = (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.name || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.name ? '[' + e.name + ']' : '') + ' “' + text + '”';
  },

  // page is what is on the screen.
  page() {
    return {html: document.documentElement.outerHTML, url: location.href, type: document.contentType, forms: document.forms.length, wrong: this.plain()};
  },

  // plain is what must hold on every page at any time.
  plain() {
    const out = [], root = document.documentElement, headings = document.querySelectorAll('h1').length;
    if (document.contentType !== 'text/html') return out;
    if (root.scrollWidth > root.clientWidth) out.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
    if (headings !== 1) out.push(`${headings} headings of the first level`);
    if (document.title.trim() === '' || document.title.trim() === '– Passerelle') out.push('no title');
    if (!root.lang) out.push('no language');
    return out;
  },

  shown(e) { return e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.getClientRects().length > 0; },

  // form is the form of that number; pick its field or button.
  pick(n, name, value, kind) {
    this.e = undefined;
    const form = document.forms[n], all = [...form.elements].filter(e => e.name === name && e.type !== 'hidden');
    this.e = kind === 'one' ? all.find(e => e.value === value) : all[0];
    return this.facts(name);
  },

  // button is what sends the form: the one that says so, or the first.
  button(n, name, value) {
    const all = [...document.forms[n].elements].filter(e => (e.tagName === 'BUTTON' && e.type === 'submit') || ['submit', 'image'].includes(e.type));
    this.e = name ? all.find(e => e.name === name && e.value === value) : all[0];
    return this.facts(name || 'button');
  },

  // link finds a link to an address that a person can see, first in the page's own part.
  link(address) {
    const all = [...document.querySelectorAll('a[href]')].filter(a => a.getAttribute('href') === address && !a.hasAttribute('download') && !a.target && this.shown(a));
    this.e = all.find(a => a.closest('main')) || all[0];
    return Boolean(this.e);
  },

  // summary finds the outermost closed part that hides the element.
  summary() {
    const wanted = this.e;
    let closed;
    if (this.shown(wanted)) return false;
    for (let d = wanted.parentElement?.closest('details'); d; d = d.parentElement?.closest('details')) {
      if (!d.open && !wanted.closest('summary')?.parentElement?.isSameNode(d)) closed = d;
    }
    if (!closed) return false;
    this.wanted = wanted;
    this.e = closed.querySelector('summary');
    return true;
  },
  back() { this.e = this.wanted; return true; },

  facts(what) {
    const e = this.e;
    if (!e) return {missing: `there is no ${what}`};
    return {kind: e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase(), value: e.value, checked: Boolean(e.checked), name: this.name(e)};
  },

  // part is where a finger goes: the field, or its label when that is larger.
  part() {
    const e = this.e, box = e.getBoundingClientRect(), label = e.labels?.[0];
    if (['radio', 'checkbox'].includes(e.type) && label && (box.width < this.least || box.height < this.least)) return label;
    return e;
  },

  // spot scrolls the element to the middle and says where to touch it, or why nobody can.
  spot() {
    const e = this.part(), text = getComputedStyle(e).display === 'inline' && e.tagName === 'A';
    if (!this.shown(e)) return {problem: this.name(e) + ' is not visible'};
    e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const whole = e.getBoundingClientRect(), box = text ? e.getClientRects()[0] : whole;
    if (!text && (whole.width < this.least || whole.height < this.least)) return {problem: `${this.name(e)} is ${Math.round(whole.width)} × ${Math.round(whole.height)} px`};
    const x = box.left + box.width / 2, y = box.top + box.height / 2, hit = document.elementFromPoint(x, y);
    if (!hit) return {problem: this.name(e) + ' is outside the window'};
    if (hit !== e && !e.contains(hit) && !hit.contains(e)) return {problem: `${this.name(e)} is covered by ${this.name(hit)}`};
    return {x, y};
  },

  active() { return document.activeElement === this.e; },
  selectText() { this.e.select?.(); return true; },

  // choose is what the list of a telephone does when somebody taps a line.
  choose(value) {
    if (![...this.e.options].some(o => o.value === value)) return false;
    this.e.value = value;
    this.e.dispatchEvent(new Event('input', {bubbles: true}));
    this.e.dispatchEvent(new Event('change', {bubbles: true}));
    return true;
  },

  // steps is how many lines of the list lie between the chosen one and the value.
  steps(value) {
    const lines = [...this.e.options].filter(o => !o.disabled), to = lines.findIndex(o => o.value === value);
    if (to < 0) return 1e9;
    return to - lines.indexOf(this.e.options[this.e.selectedIndex]);
  },

  // stops are what Tab stops at, in order; a group of radio buttons is one stop.
  stops() {
    return [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')].filter(e => {
      if (e.disabled || e.type === 'hidden' || e.tabIndex < 0 || !e.checkVisibility({visibilityProperty: true})) return false;
      return e.type !== 'radio' || this.stop(e) === e;
    });
  },
  // stop is where Tab stops for the sake of an element.
  stop(e) {
    if (e.type !== 'radio') return e;
    const group = [...document.querySelectorAll('input[type=radio]')].filter(r => r.name === e.name && r.form === e.form && !r.disabled);
    return group.find(r => r.checked) || group[0];
  },

  // way is how far the element is by Tab: negative = backwards; and how many stops there are.
  way() {
    const stops = this.stops(), to = stops.indexOf(this.stop(this.e)), from = stops.indexOf(this.stop(document.activeElement));
    return {steps: to < 0 ? 0 : to - from, stops: stops.length, known: to >= 0};
  },
  // there tells whether Tab has come to the element, or to another button of its group.
  there() {
    const at = document.activeElement;
    return at === this.e || (this.e.type === 'radio' && at.type === 'radio' && at.name === this.e.name && at.form === this.e.form);
  },

  // focus tells what is wrong with how the focus is shown.
  focus() {
    const e = document.activeElement, s = getComputedStyle(e);
    const outline = s.outlineStyle === 'auto' || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && !/, 0\)$|transparent/.test(s.outlineColor));
    if (!e.matches(':focus-visible') || !(outline || s.boxShadow !== 'none')) return 'focus is not visible on ' + this.name(e);
    const box = e.getClientRects()[0], within = (n, most) => Math.min(Math.max(n, 0), most - 1);
    if (box.bottom <= 0 || box.top >= innerHeight) return 'focus is outside the window on ' + this.name(e);
    const hit = document.elementFromPoint(within(box.left + box.width / 2, innerWidth), (within(box.top, innerHeight) + within(box.bottom, innerHeight)) / 2);
    if (hit && hit !== e && !e.contains(hit) && !hit.contains(e)) return `${this.name(e)} has the focus under ${this.name(hit)}`;
    return '';
  },

  // send posts values that a person did not type: an old page, a form sent twice.
  send(path, pairs) {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = path;
    form.hidden = true;
    for (const [name, value] of pairs) {
      const field = document.createElement('textarea');
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
    return true;
  },
};
