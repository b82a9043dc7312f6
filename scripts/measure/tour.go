package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"
)

// stop is one picture of the tour.
type stop struct {
	file  string
	as    string // demo account; empty = nobody
	path  string
	width int64
}

// stops are the pictures in the README.
var stops = []stop{
	{"accueil-360", "", "/", 360},
	{"offres-360", "", "/offres?q=soudeur", 360},
	{"offres-1280", "", "/offres?q=soudeur", 1280},
	{"offre-360", "", "/offres?q=ma%C3%A7on", 360},
	{"mes-offres-360", "candidate", "/mes-offres", 360},
	{"mes-offres-1280", "candidate", "/mes-offres", 1280},
	{"agence-1280", "agency", "/agence/offres", 1280},
	{"travail-1280", "official", "/travail", 1280},
	{"recherche-en-1280", "", "/offres?q=nurse&lang=en", 1280},
}

// tour takes the pictures of real pages, on the demonstration's data, with
// scripts switched off as on the cheapest telephones.
func tour(ctx context.Context) error {
	p, err := build(ctx)
	if err != nil {
		return err
	}
	defer p.remove()
	s, err := p.serve(ctx, "tour")
	if err != nil {
		return err
	}
	return errors.Join(s.pictures(ctx, p.dir), s.stop())
}

func (s *server) pictures(ctx context.Context, scratch string) error {
	for i, stop := range stops {
		if err := s.picture(ctx, stop, filepath.Join(scratch, fmt.Sprint("browser-", i))); err != nil {
			return fmt.Errorf("%s: %w", stop.file, err)
		}
	}
	return nil
}

// picture opens a browser of its own, so that no sign-in lasts.
func (s *server) picture(ctx context.Context, stop stop, profile string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Headless, chromedp.NoFirstRun, chromedp.UserDataDir(profile),
		chromedp.Flag("accept-lang", "fr-FR,fr"), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	base := "http://" + s.address
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(stop.width, 900)); err != nil {
		return err
	}
	if stop.as != "" {
		err := chromedp.Do(ctx, chromedp.Navigate(base+"/connexion"),
			chromedp.SendKeys("input[name=login]", stop.as+"@demo.test"), chromedp.SendKeys("input[name=password]", password),
			chromedp.Submit("input[name=password]"), chromedp.WaitReady("form[action='/deconnexion']"))
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(base+stop.path)); err != nil {
		return err
	}
	if stop.file == "offre-360" { // the first offer of the results
		if err := chromedp.Do(ctx, chromedp.Click("main h2 a, main h3 a, main li a"), chromedp.WaitReady("h1")); err != nil {
			return err
		}
	}
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
	if err != nil {
		return err
	}
	if wide > stop.width {
		return fmt.Errorf("the page is %d px wide", wide)
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d KB\n", stop.file, len(picture)/1024)
	return os.WriteFile(filepath.Join("scripts", "tour", stop.file+".png"), picture, 0o644)
}
