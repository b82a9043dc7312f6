package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// viewer is one person at a browser of their own, so that no sign-in and no
// kept file is shared with others.
type viewer struct {
	ctx  context.Context
	base string
	end  func()
}

// patience is how long one step of a browser may take on a busy machine.
const patience = time.Minute

// view starts a browser and signs in, unless as is empty.
func (s *server) view(ctx context.Context, scratch, as string, width int64) (*viewer, error) {
	return visit(ctx, "http://"+s.address, scratch, as, width)
}

func visit(ctx context.Context, base, scratch, as string, width int64) (*viewer, error) {
	ctx, stop := chromedp.NewExecAllocator(ctx,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Headless, chromedp.NoFirstRun,
		chromedp.UserDataDir(filepath.Join(scratch, fmt.Sprintf("browser-%d", time.Now().UnixNano()))),
		chromedp.Flag("accept-lang", "fr-FR,fr"), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, leave := chromedp.NewContext(ctx)
	v := &viewer{ctx: ctx, base: base, end: func() { leave(); stop() }}
	err := v.wide(width)
	if err == nil && as != "" {
		err = v.signIn(as)
	}
	if err != nil {
		v.end()
		return nil, err
	}
	return v, nil
}

// wide gives the window a width in CSS pixels.
func (v *viewer) wide(width int64) error {
	return chromedp.Do(v.ctx, chromedp.EmulateViewport(width, 900))
}

func (v *viewer) signIn(as string) error {
	err := v.do(chromedp.Navigate(v.base+"/connexion"),
		chromedp.SendKeys("input[name=login]", as+"@demo.test"), chromedp.SendKeys("input[name=password]", password),
		chromedp.Submit("input[name=password]"), chromedp.WaitReady("form[action='/deconnexion']"))
	if err != nil {
		return fmt.Errorf("sign in as %s: %w", as, err)
	}
	return nil
}

// do runs steps of the browser within its patience.
func (v *viewer) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// open goes to a path, then through the links that the selectors find.
func (v *viewer) open(path string, follow ...string) error {
	if err := v.do(chromedp.Navigate(v.base + path)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, selector := range follow {
		next, err := ask[string](v, fmt.Sprintf("document.querySelector(%q)?.getAttribute('href') ?? ''", selector))
		if err == nil && next == "" {
			err = fmt.Errorf("no link %s", selector)
		}
		if err == nil {
			err = v.do(chromedp.Navigate(v.base + next))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// ask evaluates a script in the page, and waits for what it promises.
func ask[T any](v *viewer, script string) (T, error) {
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, func(p *runtime.EvaluateParams) { wait := true; p.AwaitPromise = &wait }))
}
