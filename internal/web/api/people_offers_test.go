package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/offer"
	"passerelle/internal/domain/ref"
	"passerelle/internal/store"
	"passerelle/internal/web/api"
)

// noFiles are the placements of a part that has none.
type noFiles struct{}

func (noFiles) Standing(application.ID, int) application.Standing { return application.FileOpen }

func (noFiles) Open(context.Context, application.ID) error { return nil }

func (noFiles) Cancel(context.Context, account.Actor, application.ID, int, string) error { return nil }

// registerApplications adds applications over real offers.
func (p *people) registerApplications(t *testing.T) {
	t.Helper()
	p.offers = store.NewOfferStore(p.db, p.index.PutOffer)
	places := offer.NewService(offer.Deps{Store: p.offers, Reader: p.index, Directory: p.index, Now: p.now, NewID: p.newID})
	api.RegisterApplications(p.api, application.NewService(application.Deps{
		Store: store.NewApplicationStore(p.db, p.index.PutApplication), Model: p.index, Offers: p.offers, Places: places, Files: noFiles{},
		Log: slog.New(slog.DiscardHandler), Now: p.now,
	}))
	p.index.PutCorridor(&corridor.Corridor{Code: "ML-FR", Destination: "FR"})
}

// putOffer publishes an offer of agy_1 for nurses who speak French.
func (p *people) putOffer(id offer.ID, places int, change func(*offer.Terms)) string {
	p.t.Helper()
	p.token("agency1")
	terms := offer.Terms{
		Title: "Infirmière", Occupation: "2221", Kind: ref.Permanent, Country: "FR", Places: places,
		Languages: []offer.LanguageNeed{{Language: "fr", Level: ref.B2}},
		Pay:       ref.Pay{Min: 200000, Currency: "EUR", Period: ref.PerMonth, Basis: ref.Gross},
	}
	if change != nil {
		change(&terms)
	}
	o := &offer.Offer{
		ID: id, Rev: 1, Reference: fmt.Sprintf("OFF-%s", id), Agency: "agy_1", State: offer.Published,
		Current: offer.Version{Number: 1, State: offer.Published, Terms: terms},
		Frozen:  &offer.Snapshot{Version: 1, Terms: terms, PublishedAt: p.now(), PayCents: 200000, PayKnown: true},
	}
	if err := p.offers.Insert(p.t.Context(), o); err != nil {
		p.t.Fatal(err)
	}
	return string(id)
}
