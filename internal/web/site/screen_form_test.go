package site_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// element is what a script tells about a field or a button.
type element struct {
	Kind, Value, Name, Missing string
	Checked                    bool
}

// spot is where to touch an element, or why nobody can.
type spot struct {
	X, Y    float64
	Problem string
}

// paper is a file to send.
type paper struct {
	name    string
	content []byte
}

// pick chooses a field of a form; with one, the button or box of that value.
func (s *screen) pick(form int, name, value, which string) (*element, error) {
	e, err := ask[element](s, "passerelleScreen.pick(%s, %s, %s, %s)", form, name, value, which)
	return &e, err
}

// activate touches, clicks, or reaches and presses what was picked.
func (s *screen) activate(ctx context.Context) error {
	if err := s.unfold(ctx); err != nil {
		return err
	}
	return s.strike(ctx)
}

func (s *screen) strike(ctx context.Context) error {
	if s.mode == byKeys {
		if err := s.reach(); err != nil {
			return err
		}
		return s.key(enter)
	}
	at, err := s.spot()
	if err != nil {
		return err
	}
	return s.touch(ctx, at)
}

// touch taps or clicks at a place.
func (s *screen) touch(ctx context.Context, at *spot) error {
	if s.mode == byTouch {
		return chromedp.Do(ctx, chromedp.TapXY(at.X, at.Y))
	}
	return chromedp.Do(ctx, chromedp.MouseClickXY(at.X, at.Y))
}

// spot says where to touch what was picked.
func (s *screen) spot() (*spot, error) {
	at, err := ask[spot](s, "passerelleScreen.spot()")
	if err == nil && at.Problem != "" {
		err = errors.New(at.Problem)
	}
	return &at, err
}

// unfold opens the closed parts of the page that hide what was picked.
func (s *screen) unfold(ctx context.Context) error {
	for {
		closed, err := ask[bool](s, "passerelleScreen.summary()")
		if err != nil || !closed {
			return err
		}
		if err := s.strike(ctx); err != nil {
			return err
		}
		if open, err := ask[bool](s, "passerelleScreen.e.parentElement.open && passerelleScreen.back()"); err != nil || !open {
			return errors.Join(err, errors.New("a closed part of the page does not open"))
		}
	}
}

// fill gives a field its values, as a person would.
func (s *screen) fill(form int, name string, values []string) error {
	e, err := s.pick(form, name, "", "")
	if err != nil {
		return err
	}
	if e.Missing != "" {
		return s.forge(form, name, values)
	}
	if err := s.unfold(s.ctx); err != nil {
		return err
	}
	switch e.Kind {
	case "submit":
		return nil // it is pressed in the end
	case "radio":
		return s.mark(form, name, values[0], true)
	case "checkbox":
		return s.tick(form, name, values)
	case "select":
		return s.choose(values[0])
	}
	return s.write(values[0])
}

// forge changes what the page holds hidden, as somebody who tampers would.
func (s *screen) forge(form int, name string, values []string) error {
	ok, err := ask[bool](s, "(f => Boolean(f) && ((f.value = %s), true))(document.forms[%s].elements[%s])", values[0], form, name)
	if err == nil && !ok {
		err = fmt.Errorf("the form has no field %q", name)
	}
	return err
}

// tick makes exactly the boxes of these values ticked.
func (s *screen) tick(form int, name string, values []string) error {
	boxes, err := ask[[]string](s, "[...document.forms[%s].elements].filter(e => e.name === %s && e.type === 'checkbox').map(e => e.value)", form, name)
	for i := 0; err == nil && i < len(boxes); i++ {
		err = s.mark(form, name, boxes[i], slices.Contains(values, boxes[i]))
	}
	return err
}

// mark makes one box or radio button marked or not.
func (s *screen) mark(form int, name, value string, want bool) error {
	e, err := s.pick(form, name, value, "one")
	if err == nil && e.Missing != "" {
		err = fmt.Errorf("%s has no choice %q", name, value)
	}
	if err != nil || e.Checked == want {
		return err
	}
	if s.mode == byKeys {
		err = s.markByKeys(e)
	} else {
		err = s.strike(s.ctx)
	}
	if err != nil {
		return err
	}
	if is, err := ask[bool](s, "passerelleScreen.e.checked"); err != nil || is != want {
		return errors.Join(err, fmt.Errorf("%s does not change", e.Name))
	}
	return nil
}

// choose takes a line of a list. What a telephone shows to choose from is not
// part of the page; its answer is.
func (s *screen) choose(value string) error {
	if s.mode == byKeys {
		return s.chooseByKeys(value)
	}
	if _, err := s.spot(); err != nil {
		return err
	}
	ok, err := ask[bool](s, "passerelleScreen.choose(%s)", value)
	if err == nil && !ok {
		err = fmt.Errorf("the list has no line %q", value)
	}
	return err
}

// write types into a field in place of what it holds.
func (s *screen) write(value string) error {
	held, err := ask[string](s, "passerelleScreen.e.value")
	if err != nil || held == value {
		return err
	}
	if err := s.enterField(); err != nil {
		return err
	}
	if held != "" {
		if _, err := ask[bool](s, "passerelleScreen.selectText()"); err != nil {
			return err
		}
		if err := s.key(deleteKey); err != nil {
			return err
		}
	}
	if err := s.put(value); err != nil {
		return err
	}
	return s.holds(value)
}

func (s *screen) enterField() error {
	if s.mode == byKeys {
		return s.reach()
	}
	if err := s.strike(s.ctx); err != nil {
		return err
	}
	if active, err := ask[bool](s, "passerelleScreen.active()"); err != nil || !active {
		return errors.Join(err, errors.New("a touched field does not get the focus"))
	}
	return nil
}

// put types; long texts are pasted.
func (s *screen) put(value string) error {
	kind, err := ask[string](s, "passerelleScreen.e.type")
	if err != nil {
		return err
	}
	if kind == "date" {
		return s.putDate(value)
	}
	if s.mode == byKeys && len(value) < 200 && !strings.ContainsFunc(value, hidden) {
		return chromedp.Do(s.ctx, chromedp.KeyEvent(value))
	}
	_, err = chromedp.Call(s.ctx, input.InsertText, input.InsertTextParams{Text: value})
	return err
}

// hidden is a sign that no key makes, such as one that turns the writing round.
func hidden(r rune) bool { return unicode.Is(unicode.Cf, r) }

// putDate types a day in the order of this browser's language, or takes it
// from the calendar of a telephone.
func (s *screen) putDate(value string) error {
	if s.mode != byKeys || len(value) != len("2026-11-21") {
		_, err := ask[bool](s, "(passerelleScreen.e.value = %s, true)", value)
		return err
	}
	digits := value[5:7] + value[8:10] + value[:4]
	french, err := ask[bool](s, "new Intl.DateTimeFormat(navigator.language).formatToParts()[0].type === 'day'")
	if err != nil {
		return err
	}
	if french {
		digits = value[8:10] + value[5:7] + value[:4]
	}
	return chromedp.Do(s.ctx, chromedp.KeyEvent(digits))
}

// holds makes sure that the field shows what was typed, as far as it takes it.
func (s *screen) holds(value string) error {
	held, err := ask[string](s, "passerelleScreen.e.value")
	most, also := ask[int](s, "passerelleScreen.e.maxLength ?? -1")
	if err = errors.Join(err, also); most > 0 && most < len(value) {
		value = value[:most]
	}
	if err == nil && strings.ReplaceAll(held, "\r\n", "\n") != strings.ReplaceAll(value, "\r\n", "\n") {
		err = fmt.Errorf("typed %q, the field holds %q", value, held)
	}
	return err
}

// attach chooses a file. The window to choose it in is the operating system's.
func (s *screen) attach(form int, field string, p *paper) error {
	e, err := s.pick(form, field, "", "")
	if err == nil && e.Kind != "file" {
		err = fmt.Errorf("the form takes no file: %s", e.Missing)
	}
	if err == nil {
		err = s.unfold(s.ctx)
	}
	if err == nil && s.mode == byKeys {
		err = s.reach()
	} else if err == nil {
		_, err = s.spot()
	}
	if err != nil {
		return err
	}
	file := filepath.Join(s.dir, p.name)
	if err := os.WriteFile(file, p.content, 0o600); err != nil {
		return err
	}
	held, err := chromedp.Call(s.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: "passerelleScreen.e"})
	if err == nil {
		_, err = chromedp.Call(s.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: held.Result.ObjectID})
	}
	return err
}

// press sends the form by its button of that name and value, or by the first.
func (s *screen) press(form int, name, value string) error {
	e, err := ask[element](s, "passerelleScreen.button(%s, %s, %s)", form, name, value)
	if err == nil && e.Missing != "" {
		err = errors.New(e.Missing)
	}
	if err != nil {
		return err
	}
	return s.leave(s.activate)
}

// send posts values that nobody typed on this page: an old page, a form sent
// twice.
func (s *screen) send(path string, values map[string][]string) error {
	pairs := [][2]string{}
	for name, each := range values {
		for _, value := range each {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	return s.leave(func(context.Context) error {
		_, err := ask[bool](s, "passerelleScreen.send(%s, %s)", path, pairs)
		return err
	})
}
