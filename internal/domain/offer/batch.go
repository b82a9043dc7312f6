package offer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// batchStep is how many offers are worked on between two reports of progress.
const batchStep = 100

// Batch is what became of the offers of one operation on many.
type Batch struct {
	Total   int // offers to work on
	Done    int
	Skipped int
	Reasons map[string]int // why offers were skipped: code → count
}

func (b *Batch) skip(code string) {
	b.Skipped++
	if b.Reasons == nil {
		b.Reasons = map[string]int{}
	}
	b.Reasons[code]++
}

// count books the outcome of one offer. What people can act upon is a reason
// to skip; our own troubles, and Unavailable, stop the batch.
func (b *Batch) count(err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden:
		b.skip(reasonOf(err))
		return nil
	}
	if err == nil {
		b.Done++
	}
	return err
}

// reasonOf gives the first finding of a blocked offer, else the fault's code.
func reasonOf(err error) string {
	f := fault.Of(err)
	if f.Code == "offer.lint.blocked" && len(f.Fields) > 0 {
		return f.Fields[0].Code
	}
	return f.Code
}

// each works through the offers of a query in steps and reports after each
// step. A batch may be run again: what is done already counts as done.
func (s *Service) each(ctx context.Context, q Query, progress func(Batch), one func(ID) error) (Batch, error) {
	q.Scope = account.Scope{All: true}
	ids := s.deps.Reader.OffersOf(q)
	b := Batch{Total: len(ids)}
	for i, id := range ids {
		if err := ctx.Err(); err != nil {
			return b, err
		}
		if err := b.count(one(id)); err != nil {
			return b, err
		}
		if progress != nil && ((i+1)%batchStep == 0 || i+1 == len(ids)) {
			progress(b)
		}
	}
	return b, nil
}

// ApproveImport gives the first signature to every offer of an import. Drafts
// are submitted on the importer's behalf first; offers with blocking findings,
// or that the official may not decide on, are skipped with the reason.
// Progress, which may be nil, is called after every hundred offers.
func (s *Service) ApproveImport(ctx context.Context, actor account.Actor, importID string, progress func(Batch)) (Batch, error) {
	if err := actor.Require("import.decide"); err != nil {
		return Batch{}, err
	}
	return s.each(ctx, Query{Import: importID}, progress, func(id ID) error {
		_, err := s.mutate(ctx, actor, id, change{action: ActApprove, reason: "import", apply: func(o *Offer, act Act) ([]string, error) {
			if v := o.Working(); v.State == Approved && v.ApprovedBy == actor.Account {
				return nil, errUnchanged
			}
			return s.submitAndApprove(o, act)
		}})
		return doneAlready(err)
	})
}

func (s *Service) submitAndApprove(o *Offer, act Act) ([]string, error) {
	if o.Working().State == Draft {
		system := Act{By: account.SystemActor(), At: act.At}
		if err := o.Submit(system, s.lint(o, act.At)); err != nil {
			return nil, err
		}
		o.record(system, ActSubmit, "import", nil)
	}
	return s.approve(o, act)
}

// PublishImport gives the second signature to every approved offer of an
// import, as Publish does for one.
func (s *Service) PublishImport(ctx context.Context, actor account.Actor, importID string, progress func(Batch)) (Batch, error) {
	if err := actor.Require("import.decide"); err != nil {
		return Batch{}, err
	}
	return s.each(ctx, Query{Import: importID}, progress, func(id ID) error {
		_, err := s.mutate(ctx, actor, id, change{action: ActPublish, reason: "import", apply: func(o *Offer, act Act) ([]string, error) {
			if o.Next == nil && o.Frozen != nil && o.Frozen.PublishedBy == actor.Account {
				return nil, errUnchanged
			}
			return s.publish(o, act)
		}})
		return doneAlready(err)
	})
}

// doneAlready takes an unchanged offer for done.
func doneAlready(err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// CodeRule gives drafts whose title contains some words an occupation.
type CodeRule struct {
	Import        string // at least one of Import and Agency
	Agency        string
	TitleContains string         // three letters or more, compared without case and accents
	Occupation    ref.Occupation // a unit group of ISCO-08
	// Recode also changes drafts that the vocabulary has coded from their
	// title; without it only those that wait for a clerk are coded.
	Recode bool
}

func (r CodeRule) check() error {
	var bad fault.List
	_, err := ref.ParseOccupation(string(r.Occupation))
	bad.Check(err == nil && r.Occupation.IsUnitGroup(), "/occupation", "ref.occupation")
	bad.Check(len([]rune(text.CleanName(r.TitleContains))) >= 3, "/titleContains", "length", "3", "200")
	bad.Check(r.Import != "" || r.Agency != "", "/import", "required")
	return bad.Err("offer.invalid")
}

// CodeByRule is one clerk's act on many drafts: those that wait for a code (or,
// to recode, all whose occupation was not given by the source) and whose title
// contains the words get the occupation.
// The clerk can afterwards neither approve nor publish them. Drafts that carry
// the code already count as done.
func (s *Service) CodeByRule(ctx context.Context, actor account.Actor, rule CodeRule) (Batch, error) {
	if err := actor.Require("offer.code"); err != nil {
		return Batch{}, err
	}
	if err := rule.check(); err != nil {
		return Batch{}, err
	}
	words := text.Fold(text.CleanName(rule.TitleContains))
	var b Batch
	q := Query{Import: rule.Import, Agency: rule.Agency, States: []State{Draft}, Scope: account.Scope{All: true}}
	for _, id := range s.deps.Reader.OffersOf(q) {
		card, ok := s.deps.Reader.OfferCard(id)
		waits := rule.Recode || !card.Occupation.IsUnitGroup()
		if !ok || !waits || !strings.Contains(text.Fold(card.Title), words) {
			continue
		}
		b.Total++
		_, err := s.mutate(ctx, actor, id, change{action: "code", apply: func(o *Offer, act Act) ([]string, error) {
			return s.code(o, act, rule.Occupation)
		}})
		if err := b.count(doneAlready(err)); err != nil {
			return b, err
		}
	}
	return b, nil
}

// code sets the occupation of a draft whose own is missing or was guessed.
func (s *Service) code(o *Offer, act Act, occupation ref.Occupation) ([]string, error) {
	v := o.Working()
	given := o.Source.Coding == "" && v.Terms.Occupation.IsUnitGroup()
	switch {
	case v.State != Draft:
		return nil, fault.New(fault.Conflict, "transition", fault.Field{Code: "transition.state", Args: []string{"code", string(v.State)}})
	case given:
		return nil, fault.New(fault.Conflict, "offer.coded_by_source")
	case v.Terms.Occupation == occupation && o.Source.Coding == CodedByClerk:
		return nil, errUnchanged
	}
	v.Terms.Occupation = occupation
	o.Source.Coding, o.Source.Confidence = CodedByClerk, 100
	if !slices.Contains(o.Source.Coders, act.By.Account) {
		o.Source.Coders = append(o.Source.Coders, act.By.Account)
	}
	v.Findings = s.lint(o, act.At)
	return []string{"occupation"}, nil
}

// CodedByClerk marks an occupation that an official gave.
const CodedByClerk = "clerk"
