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
})()
