/* What makes the pages more convenient where a browser runs scripts: drafts
   that are kept while one types, what the checks say beside the fields,
   suggestions, a count of offers, and keys for the queue. Every word comes from
   the server, and every page does the same without this file. */
(function () {
  'use strict'
  var d = document, w = window
  if (!w.URLSearchParams || !w.FormData || !w.DOMParser || !d.querySelector || !d.addEventListener) return

  function all(selector, act, within) { Array.prototype.forEach.call((within || d).querySelectorAll(selector), act) }
  function later(act, ms) { var timer; return function () { clearTimeout(timer); timer = setTimeout(act, ms) } }
  function ask(method, url, body, done) {
    var x = new XMLHttpRequest()
    x.open(method, url)
    x.timeout = 30000
    if (body) x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded')
    x.onload = function () { done(x) }
    x.onerror = x.ontimeout = function () { done() }
    x.send(body)
    return x
  }

  /* Notes at the fields, and the parts of the page that the answer holds. */
  function describe(field, id, on) {
    var has = (field.getAttribute('aria-describedby') || '').split(/\s+/).filter(function (e) { return e && e !== id })
    if (on) has.push(id)
    if (has.length) field.setAttribute('aria-describedby', has.join(' '))
    else field.removeAttribute('aria-describedby')
  }
  function unsay(note) {
    var field = d.getElementById(note.getAttribute('data-at'))
    if (field) { describe(field, note.id); field.removeAttribute('aria-invalid') }
    note.parentNode.removeChild(note)
  }
  function tell(note) {
    var field = d.getElementById(note.getAttribute('data-at'))
    if (!field) return
    note = d.importNode(note, true)
    if (field.tagName === 'FIELDSET') field.insertBefore(note, field.children[1] || null)
    else field.parentNode.insertBefore(note, field)
    describe(field, note.id, true)
    if (note.className === 'error') field.setAttribute('aria-invalid', 'true')
  }
  function show(part) {
    all('[data-at]', unsay)
    all('[data-at]', tell, part.ownerDocument)
    Array.prototype.forEach.call(part.ownerDocument.body.children, function (e) {
      var place = e.id && d.getElementById(e.id)
      if (place && place.innerHTML !== e.innerHTML && !place.contains(d.activeElement)) place.innerHTML = e.innerHTML
    })
  }

  /* A form that is sent while somebody types. */
  all('form[data-live]', function (form) {
    var way = form.getAttribute('data-live'), keeps = way === 'auto', said = form.querySelector('[role=status]'), field = form.elements
    var busy, stopped, leaving, tries = 0, step = +(field.pas && field.pas.value) || 0
    var sent = form.hasAttribute('data-dirty') ? '' : typed()
    var soon = later(send, keeps ? 2000 : 800)

    function typed() {
      var list = new URLSearchParams()
      new FormData(form).forEach(function (value, name) {
        if (typeof value === 'string' && !/^(rev|pas|jeton|cle)$/.test(name)) list.append(name, value)
      })
      return list.toString()
    }
    function put(name, value) {
      if (!field[name]) {
        var e = d.createElement('input')
        e.type = 'hidden'
        e.name = name
        form.appendChild(e)
      }
      field[name].value = value
    }
    function say(html) { if (said.innerHTML !== html) said.innerHTML = html }
    function stop() { stopped = true; if (keeps) say(form.getAttribute('data-stop')) }
    function again() {
      if (keeps) say(form.getAttribute('data-off'))
      setTimeout(send, Math.min(60, 3 * Math.pow(2, tries++)) * 1000)
    }
    function send() {
      var now = typed()
      if (busy || stopped || leaving || now === sent) return
      busy = true
      put('pas', ++step)
      var body = now + '&voie=' + way + '&partie=1&pas=' + step
      ;['rev', 'cle', 'jeton'].forEach(function (name) { if (field[name]) body += '&' + name + '=' + encodeURIComponent(field[name].value) })
      ask('POST', form.action, body, function (x) {
        busy = false
        if (leaving) return
        if (!x || x.status >= 500 || x.status === 429) return again()
        var part = new DOMParser().parseFromString(x.responseText, 'text/html').querySelector('[data-part]')
        if (!part) return stop()
        tries = 0
        if (take(part, now) && typed() !== now) soon()
      })
    }
    function take(part, now) {
      var state = part.getAttribute('data-part'), rev = part.getAttribute('data-rev'), to = part.getAttribute('data-to')
      if (rev) put('rev', rev)
      if (to && form.getAttribute('action') !== to) {
        form.setAttribute('action', to)
        if (w.history.replaceState) w.history.replaceState(null, '', to)
      }
      if (state !== 'refused' && state !== 'conflict') sent = now
      if (state === 'conflict') stopped = true
      else show(part)
      say(part.querySelector('[data-said]').innerHTML)
      return state !== 'conflict'
    }

    form.addEventListener('input', soon)
    form.addEventListener('change', soon)
    form.addEventListener('submit', function () { leaving = true; put('pas', ++step) })
    w.addEventListener('pageshow', function () { leaving = false })
    w.addEventListener('online', send)
    d.addEventListener('visibilitychange', function () { if (d.hidden) send() })
    if (keeps) {
      w.addEventListener('beforeunload', function (e) {
        if (leaving || typed() === sent) return
        e.preventDefault()
        e.returnValue = ''
      })
    }
  })

  /* Suggestions for a field; for a list, beside it. */
  all('[data-suggest]', function (e) {
    var list = d.createElement('datalist'), input = e, codes = {}, label
    if (!('options' in list)) return
    list.id = e.id + '-liste'
    if (e.tagName === 'SELECT') {
      input = d.createElement('input')
      input.type = 'search'
      input.id = e.id + '-mots'
      input.autocomplete = 'off'
      label = d.createElement('label')
      label.htmlFor = input.id
      label.className = 'hint'
      label.textContent = e.getAttribute('data-find')
      e.parentNode.appendChild(label)
      e.parentNode.appendChild(input)
    }
    input.setAttribute('list', list.id)
    input.parentNode.appendChild(list)
    input.addEventListener('input', later(function () {
      var q = input.value.trim(), changed
      if (e !== input && codes[q]) {
        e.value = codes[q]
        changed = d.createEvent('Event')
        changed.initEvent('change', true, false)
        e.dispatchEvent(changed)
      } else if (q.length > 1) {
        ask('GET', e.getAttribute('data-suggest') + '?q=' + encodeURIComponent(q), null, function (x) {
          if (!x || x.status !== 200 || input.value.trim() !== q) return
          codes = {}
          list.textContent = ''
          JSON.parse(x.responseText).forEach(function (pair) {
            var o = d.createElement('option')
            o.value = pair[0]
            codes[pair[0]] = pair[1]
            list.appendChild(o)
          })
        })
      }
    }, 250))
  })

  /* How many offers the chosen filters leave. */
  all('form[data-count]', function (form) {
    var button = form.querySelector('[data-counted]'), said = form.querySelector('[role=status]')
    form.addEventListener('change', later(function () {
      ask('GET', form.getAttribute('data-count') + '?' + new URLSearchParams(new FormData(form)), null, function (x) {
        if (x && x.status === 200) button.textContent = said.textContent = x.responseText
      })
    }, 300))
  })

  /* Keys for the queue, unless they are switched off. None of them decides. */
  var table = d.querySelector('[data-keys]')
  if (table) {
    d.addEventListener('keydown', function (e) {
      var at = e.target, links = table.querySelectorAll('tbody th a'), now = -1, i, row, to
      if (e.altKey || e.ctrlKey || e.metaKey || e.isComposing || e.defaultPrevented || at.isContentEditable) return
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== 'checkbox') return
      for (i = 0; i < links.length; i++) {
        row = links[i].parentNode.parentNode
        if (row.contains(d.activeElement)) now = i
      }
      row = now < 0 ? null : links[now].parentNode.parentNode
      switch (e.key) {
        case 'j': to = links[Math.min(now + 1, links.length - 1)]; break
        case 'k': to = links[Math.max(now - 1, 0)]; break
        case 'o': if (row) links[now].click(); break
        case 'a': case 'r': if (row && row.hasAttribute('data-' + e.key)) w.location.assign(row.getAttribute('data-' + e.key)); break
        case 'c': if (row && (to = row.querySelector('button'))) to.click(); to = null; break
        case 'x': if (row && (to = row.querySelector('[type=checkbox]'))) to.checked = !to.checked; to = null; break
        case '?':
          to = d.getElementById('raccourcis')
          to.open = !to.open
          to = to.querySelector('summary')
          break
        default: return
      }
      e.preventDefault()
      if (to) to.focus()
    })
  }
})()
