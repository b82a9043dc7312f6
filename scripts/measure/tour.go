package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	cdpage "github.com/chromedp/cdproto/page"

	"github.com/chromedp/chromedp"
)

// The pictures are kept small enough for a page that is read on a slow line.
const (
	pictureQuality = 50 // of JPEG; text stays sharp enough to read
	pictureBytes   = 120 << 10
	tourBytes      = 1_500_000
)

// stop is one page of the tour.
type stop struct {
	file   string
	as     string // demo account; empty = nobody
	path   string
	follow []string // links to go through
	anchor string   // where the picture begins; empty = the top
}

// stops are the pages in the README, each taken at both widths.
func stops() []stop {
	return []stop{
		{file: "accueil", path: "/"},
		{file: "offres", path: "/offres?q=soudeur"},
		{file: "offre", path: "/offres?q=ma%C3%A7on", follow: []string{offerLink}, anchor: "h1"},
		{file: "comparer", path: "/offres?q=ma%C3%A7on", follow: []string{".beside a", "main a[href^='/offres?']", "main .offer ~ .offer .beside a"}, anchor: "h1"},
		{file: "couloir", path: "/couloirs/ML-ES", anchor: "h1"},
		{file: "mes-offres", as: "candidate", path: "/mes-offres"},
		{file: "profil", as: "candidate", path: "/mon-profil"},
		{file: "contrat", as: "candidate", path: "/mes-departs", follow: []string{ownLink, "a[href*='/contrats/']"}, anchor: "h1"},
		{file: "suivi", as: "agency", path: pipelinePath},
		{file: "travail", as: "official", path: "/travail"},
		{file: "examen", as: "official", path: "/travail/departs?etat=under_review", follow: []string{".list th a"}, anchor: "h1"},
		{file: "tableau", as: "official", path: "/tableau-de-bord"},
	}
}

// pipelinePath stands for the offer of the agency with the most applications.
const pipelinePath = "pipeline"

// tour takes the pictures of real pages, on the demonstration's data.
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
	err = s.makeFile(ctx)
	if err == nil {
		err = s.pictures(ctx, p.dir)
	}
	return errors.Join(err, s.stop())
}

func (s *server) pictures(ctx context.Context, scratch string) error {
	total := 0
	for _, stop := range stops() {
		if stop.path == pipelinePath {
			path, err := s.busiest(ctx, stop.as)
			if err != nil {
				return err
			}
			stop.path = path
		}
		size, err := s.picture(ctx, stop, scratch)
		if err != nil {
			return fmt.Errorf("%s: %w", stop.file, err)
		}
		total += size
	}
	if total > tourBytes {
		return fmt.Errorf("all pictures together have %d bytes, the most is %d", total, tourBytes)
	}
	fmt.Printf("%d KB in all\n", total/1024)
	return nil
}

// busiest is the pipeline of the offer that most people have applied to.
func (s *server) busiest(ctx context.Context, as string) (string, error) {
	c, err := s.login(ctx, as)
	if err != nil {
		return "", err
	}
	var sent struct{ Items []struct{ Offer string } }
	if err := c.call(ctx, "GET", "/api/v1/applications?limit=100", nil, &sent); err != nil {
		return "", err
	}
	count, best := map[string]int{}, ""
	for _, item := range sent.Items {
		if count[item.Offer]++; count[item.Offer] > count[best] {
			best = item.Offer
		}
	}
	return "/agence/offres/" + best + "/suivi", nil
}

// picture takes one page at both widths, each in a browser of its own.
func (s *server) picture(ctx context.Context, stop stop, scratch string) (int, error) {
	total := 0
	for _, width := range []int64{phoneWidth, 1280} {
		v, err := s.view(ctx, scratch, stop.as, width)
		if err != nil {
			return 0, err
		}
		size, err := v.take(stop, width)
		v.end()
		if err != nil {
			return 0, fmt.Errorf("at %d px: %w", width, err)
		}
		total += size
	}
	return total, nil
}

func (v *viewer) take(stop stop, width int64) (int, error) {
	if err := v.open(stop.path, stop.follow...); err != nil {
		return 0, err
	}
	if wide, err := ask[int64](v, "document.documentElement.scrollWidth"); err != nil || wide > width {
		return 0, errors.Join(err, fmt.Errorf("the page is %d px wide", wide))
	}
	if stop.anchor != "" {
		if _, err := ask[bool](v, fmt.Sprintf("document.querySelector(%q).scrollIntoView(), true", stop.anchor)); err != nil {
			return 0, err
		}
	}
	quality := int64(pictureQuality)
	shot, err := chromedp.Call(v.ctx, cdpage.CaptureScreenshot, cdpage.CaptureScreenshotParams{Format: "jpeg", Quality: &quality})
	if err != nil {
		return 0, err
	}
	picture := shot.Data
	fmt.Printf("%s-%d: %d KB\n", stop.file, width, len(picture)/1024)
	if len(picture) > pictureBytes {
		return 0, fmt.Errorf("%d bytes, the most is %d", len(picture), pictureBytes)
	}
	return len(picture), os.WriteFile(filepath.Join("scripts", "tour", fmt.Sprintf("%s-%d.jpg", stop.file, width)), picture, 0o644)
}
