package site_test

import (
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// stroke is a key as the browser takes it.
type stroke struct {
	name  string
	code  int64
	text  string
	shift bool
}

var (
	tab       = stroke{name: "Tab", code: 9}
	backTab   = stroke{name: "Tab", code: 9, shift: true}
	enter     = stroke{name: "Enter", code: 13, text: "\r"}
	space     = stroke{name: " ", code: 32, text: " "}
	down      = stroke{name: "ArrowDown", code: 40}
	up        = stroke{name: "ArrowUp", code: 38}
	deleteKey = stroke{name: "Delete", code: 46}
)

// key presses a key and lets it go.
func (s *screen) key(k stroke) error {
	p := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: k.name, Code: k.name, WindowsVirtualKeyCode: k.code, NativeVirtualKeyCode: k.code}
	if k.text != "" {
		p.Type, p.Text, p.UnmodifiedText = input.DispatchKeyEventTypeKeyDown, k.text, k.text
	}
	if k.name == " " {
		p.Code = "Space"
	}
	if k.shift {
		p.Modifiers = int64(chromedp.ModifierShift)
	}
	_, err := chromedp.Call(s.ctx, input.DispatchKeyEvent, p)
	if err == nil {
		p.Type, p.Text, p.UnmodifiedText = input.DispatchKeyEventTypeKeyUp, "", ""
		_, err = chromedp.Call(s.ctx, input.DispatchKeyEvent, p)
	}
	return err
}

func (s *screen) keys(k stroke, times int) error {
	for range times {
		if err := s.key(k); err != nil {
			return err
		}
	}
	return nil
}

// way is how far it is to what was picked.
type way struct {
	Steps, Stops int
	Known        bool
}

// reach brings the focus to what was picked by Tab alone, or backwards with
// Shift when that is nearer, in no more strokes than the page has stops, and
// looks whether the focus is shown there.
func (s *screen) reach() error {
	w, err := ask[way](s, "passerelleScreen.way()")
	if err != nil {
		return err
	}
	k, steps := tab, w.Steps
	if steps < 0 {
		k, steps = backTab, -steps
	}
	if err := s.keys(k, steps); err != nil {
		return err
	}
	for extra := 0; ; extra++ { // date fields and scrolling parts hold more than one stop
		there, err := ask[bool](s, "passerelleScreen.there()")
		if err != nil {
			return err
		}
		if there {
			break
		}
		if extra > w.Stops+12 {
			name, err := ask[string](s, "passerelleScreen.name(passerelleScreen.e)")
			return errors.Join(err, fmt.Errorf("%s is out of reach of Tab after %d strokes", name, steps+extra))
		}
		if err := s.key(k); err != nil {
			return err
		}
	}
	wrong, err := ask[string](s, "passerelleScreen.focus()")
	if err == nil && wrong != "" {
		err = errors.New(wrong)
	}
	return err
}

// markByKeys changes a box with the space bar, and radio buttons with arrows.
func (s *screen) markByKeys(e *element) error {
	if err := s.reach(); err != nil {
		return err
	}
	if e.Kind == "radio" {
		group, err := ask[int](s, "[...document.querySelectorAll('input[type=radio]')].filter(e => e.name === passerelleScreen.e.name && e.form === passerelleScreen.e.form).length")
		if err != nil {
			return err
		}
		for range group {
			if at, err := ask[bool](s, "passerelleScreen.active()"); err != nil || at {
				break
			}
			if err := s.key(down); err != nil {
				return err
			}
		}
		if marked, err := ask[bool](s, "passerelleScreen.e.checked"); err != nil || marked {
			return err
		}
	}
	return s.key(space)
}

// chooseByKeys walks through a list with arrows.
func (s *screen) chooseByKeys(value string) error {
	steps, err := ask[int](s, "passerelleScreen.steps(%s)", value)
	if err == nil && steps == 1e9 {
		err = fmt.Errorf("the list has no line %q", value)
	}
	if err != nil || steps == 0 {
		return err
	}
	if err := s.reach(); err != nil {
		return err
	}
	k := down
	if steps < 0 {
		k, steps = up, -steps
	}
	if err := s.keys(k, steps); err != nil {
		return err
	}
	return s.holds(value)
}
