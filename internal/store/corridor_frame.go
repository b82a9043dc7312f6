package store

import (
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
)

// frameDoc is what a corridor says beyond its first members.
type frameDoc struct {
	Agreements []agreement.ID    `bson:"agreements"`
	Checklist  []paperDoc        `bson:"checklist"`
	Fees       []feeDoc          `bson:"fees"`
	Social     []coordinationDoc `bson:"social"`
	Recognised []authorityDoc    `bson:"recognised"`
	Arrival    []helpDoc         `bson:"arrival"`
	Proposal   feeProposalDoc    `bson:"feeProposal"`
}

type paperDoc struct {
	Key      string         `bson:"key"`
	Label    wordingDoc     `bson:"label"`
	Required bool           `bson:"required"`
	Expires  bool           `bson:"expires"`
	Provider corridor.Party `bson:"provider"`
}

type feeDoc struct {
	Item      corridor.Item  `bson:"item"`
	Payer     corridor.Party `bson:"payer"`
	MaxCents  int64          `bson:"maxCents"`
	Note      wordingDoc     `bson:"note"`
	Source    string         `bson:"source"`
	Confirmed bool           `bson:"confirmed"`
}

type coordinationDoc struct {
	Branch       corridor.Branch `bson:"branch"`
	Payer        corridor.Party  `bson:"payer"`
	Exportable   corridor.Answer `bson:"exportable"`
	Totalisation corridor.Answer `bson:"totalisation"`
	Certificate  corridor.Answer `bson:"certificate"`
	Note         wordingDoc      `bson:"note"`
	Agreement    agreement.ID    `bson:"agreement"`
	Source       string          `bson:"source"`
	Confirmed    bool            `bson:"confirmed"`
}

type authorityDoc struct {
	Prefix    ref.Occupation `bson:"prefix"`
	Authority wordingDoc     `bson:"authority"`
	Procedure wordingDoc     `bson:"procedure"`
	Weeks     int            `bson:"weeks"`
	Source    string         `bson:"source"`
	Confirmed bool           `bson:"confirmed"`
}

type helpDoc struct {
	Topic     corridor.Topic `bson:"topic"`
	Text      wordingDoc     `bson:"text"`
	Source    string         `bson:"source"`
	Confirmed bool           `bson:"confirmed"`
}

type feeProposalDoc struct {
	By account.ID `bson:"by"`
	At time.Time  `bson:"at"`
}

func toFrameDoc(c *corridor.Corridor) frameDoc {
	return frameDoc{
		Agreements: c.Agreements, Proposal: feeProposalDoc(c.Proposal),
		Checklist: convert(c.Checklist, func(p corridor.Paper) paperDoc {
			return paperDoc{Key: p.Key, Label: wordingDoc(p.Label), Required: p.Required, Expires: p.Expires, Provider: p.Provider}
		}),
		Fees: convert(c.Fees, func(f corridor.Fee) feeDoc {
			return feeDoc{Item: f.Item, Payer: f.Payer, MaxCents: f.MaxCents, Note: wordingDoc(f.Note), Source: f.Source, Confirmed: f.Confirmed}
		}),
		Social: convert(c.Social, func(x corridor.Coordination) coordinationDoc {
			return coordinationDoc{Branch: x.Branch, Payer: x.Payer, Exportable: x.Exportable, Totalisation: x.Totalisation, Certificate: x.Certificate,
				Note: wordingDoc(x.Note), Agreement: x.Agreement, Source: x.Source, Confirmed: x.Confirmed}
		}),
		Recognised: convert(c.Recognised, func(r corridor.Recognition) authorityDoc {
			return authorityDoc{Prefix: r.Prefix, Authority: wordingDoc(r.Authority), Procedure: wordingDoc(r.Procedure), Weeks: r.Weeks, Source: r.Source, Confirmed: r.Confirmed}
		}),
		Arrival: convert(c.Arrival, func(h corridor.Help) helpDoc {
			return helpDoc{Topic: h.Topic, Text: wordingDoc(h.Text), Source: h.Source, Confirmed: h.Confirmed}
		}),
	}
}

// read fills the frame into a corridor.
func (d *frameDoc) read(c *corridor.Corridor) *corridor.Corridor {
	c.Agreements, c.Proposal = orNil(d.Agreements), corridor.FeeProposal(d.Proposal)
	c.Checklist = convert(d.Checklist, func(p paperDoc) corridor.Paper {
		return corridor.Paper{Key: p.Key, Label: corridor.Text(p.Label), Required: p.Required, Expires: p.Expires, Provider: p.Provider}
	})
	c.Fees = convert(d.Fees, func(f feeDoc) corridor.Fee {
		return corridor.Fee{Item: f.Item, Payer: f.Payer, MaxCents: f.MaxCents, Note: corridor.Text(f.Note), Source: f.Source, Confirmed: f.Confirmed}
	})
	c.Social = convert(d.Social, func(x coordinationDoc) corridor.Coordination {
		return corridor.Coordination{Branch: x.Branch, Payer: x.Payer, Exportable: x.Exportable, Totalisation: x.Totalisation, Certificate: x.Certificate,
			Note: corridor.Text(x.Note), Agreement: x.Agreement, Source: x.Source, Confirmed: x.Confirmed}
	})
	c.Recognised = convert(d.Recognised, func(r authorityDoc) corridor.Recognition {
		return corridor.Recognition{Prefix: r.Prefix, Authority: corridor.Text(r.Authority), Procedure: corridor.Text(r.Procedure), Weeks: r.Weeks, Source: r.Source, Confirmed: r.Confirmed}
	})
	c.Arrival = convert(d.Arrival, func(h helpDoc) corridor.Help {
		return corridor.Help{Topic: h.Topic, Text: corridor.Text(h.Text), Source: h.Source, Confirmed: h.Confirmed}
	})
	return c
}
