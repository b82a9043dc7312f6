package demo

import (
	"context"
	"fmt"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// clerk takes one placement from step to step, at the times its people would.
type clerk struct {
	*cabinet
	service   *placement.Service
	clock     time.Time
	id        placement.ID
	candidate account.Actor
	agency    account.Actor
}

// placements opens the file of everybody who is selected, and takes it as far
// as the time since then allows; some wait at a step, so that every queue has
// something in it.
func (m *maker) placements() error {
	shelf := &cabinet{maker: m, files: map[placement.ID]*placement.Placement{}}
	c := &clerk{cabinet: shelf}
	n := 0
	c.service = placement.NewService(placement.Deps{
		Store: shelf, Model: shelf, Offers: vacancies{m}, Applications: selections{m}, People: people{m}, Codes: trusting{}, Blobs: contents{m},
		CoolingOff: 72 * time.Hour, Now: func() time.Time { return c.clock },
		NewID: func(prefix string) string { n++; return id(prefix, n, "placement") },
	})
	file := 0
	for _, a := range m.Applications {
		if a.State != application.Selected {
			continue
		}
		if err := c.take(a, file); err != nil {
			return fmt.Errorf("file of %s: %w", a.ID, err)
		}
		file++
	}
	return nil
}

// take makes one file; number decides how far it is taken.
func (c *clerk) take(a *application.Application, number int) error {
	c.clock = a.UpdatedAt.Add(time.Minute)
	p, err := c.service.Open(context.Background(), a.ID)
	if err != nil {
		return err
	}
	c.id, c.candidate = p.ID, account.Actor{Account: a.Candidate, Role: account.Candidate}
	for _, bureau := range c.Agencies {
		if string(bureau.ID) == a.Agency {
			c.agency = account.Actor{Account: bureau.Members[0], Role: account.Agency, Agency: a.Agency}
		}
	}
	for _, step := range c.steps()[:number%len(c.steps())] {
		if c.clock = c.clock.Add(step.after); !c.clock.Before(c.now) {
			break
		}
		if err := step.do(); err != nil {
			if kind := fault.KindOf(err); kind == fault.Internal || kind == fault.Forbidden || kind == fault.NotFound {
				return err
			}
			break // what the rules refuse, such as a suspended agency, stops the file there
		}
	}
	return c.keep()
}

// keep adds the file as it stands to the sample: nothing of it waits to be
// carried on.
func (c *clerk) keep() error {
	p, err := c.Get(context.Background(), c.id)
	if err != nil {
		return err
	}
	p.Pending, p.Outbox = nil, nil
	c.files[c.id] = p
	c.Placements = append(c.Placements, p)
	return nil
}

// walk is one step of a file, and the time that passes before it.
type walk struct {
	after time.Duration
	do    func() error
}

func (c *clerk) steps() []walk {
	const hour = time.Hour
	return []walk{
		{5 * hour, c.propose}, {2 * hour, c.read}, {73 * hour, c.accept}, {hour, c.papers}, {2 * hour, c.review},
		{3 * hour, c.clear}, {20 * hour, c.depart}, {22 * hour, c.arrive}, {hour, c.found}, {26 * hour, c.finish}, {24 * hour, c.goHome},
	}
}

func (c *clerk) today() ref.Date { return ref.DateOf(c.clock) }

func (c *clerk) propose() error {
	p, err := c.Get(context.Background(), c.id)
	if err == nil {
		err = c.describe(p)
	}
	if err == nil {
		_, err = c.service.Propose(context.Background(), c.agency, c.id, draft(&p.Frozen, c.today()))
	}
	return err
}

// describe states what stands before the contract of an internship, and what
// an expert is asked to do.
func (c *clerk) describe(p *placement.Placement) (err error) {
	terms := &p.Frozen.Terms
	switch p.Kind {
	case ref.Internship:
		_, err = c.service.SetConvention(context.Background(), c.agency, c.id, placement.Convention{
			School: "Lycée technique (démonstration)", SchoolCity: "Bamako", Programme: terms.Occupation.Title(ref.French), Tutor: "Tuteur de l’accueil",
			Stipend: terms.Pay, HoursPerWeek: terms.HoursPerWeek, Objectives: "Apprendre le métier sur place.", SchoolSigned: c.today(), HostSigned: c.today(),
		})
	case ref.ExpertMission:
		_, err = c.service.SetMission(context.Background(), c.agency, c.id, placement.MissionBrief{
			Host: terms.EmployerName, Objective: "Transmettre un savoir-faire aux équipes.", Results: []string{"Un module de formation", "Un rapport de mission"},
		})
	}
	return err
}

func (c *clerk) read() error {
	_, err := c.service.ReadContract(context.Background(), c.candidate, c.id, 1)
	return err
}

func (c *clerk) accept() error {
	_, err := c.service.Accept(context.Background(), c.candidate, c.id, "000000")
	return err
}

// papers hands in everything that is required; the agency does it for all but
// the training, which the person attended.
func (c *clerk) papers() error {
	ctx := context.Background()
	p, err := c.Get(ctx, c.id)
	if err != nil {
		return err
	}
	for _, item := range p.Checklist {
		if !item.Required {
			continue
		}
		if item.Key == placement.ItemTraining {
			_, err = c.service.MarkItem(ctx, c.candidate, c.id, placement.Mark{Key: item.Key, Done: true})
		} else {
			err = c.paper(item.Key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *clerk) paper(key string) error {
	ctx := context.Background()
	doc, err := c.service.AddDocument(ctx, c.agency, c.id, placement.Upload{Item: key, Name: "specimen.pdf", Content: specimen()})
	if err != nil {
		return err
	}
	_, err = c.service.MarkItem(ctx, c.agency, c.id, placement.Mark{Key: key, Done: true, Document: doc.ID, Expires: c.today().AddDays(400)})
	return err
}

func (c *clerk) review() error {
	_, err := c.service.Review(context.Background(), c.official(1), c.id)
	return err
}

func (c *clerk) clear() error {
	_, err := c.service.Clear(context.Background(), c.official(2), c.id, placement.Validity{})
	return err
}

func (c *clerk) depart() error {
	_, err := c.service.Depart(context.Background(), c.agency, c.id, placement.Departure{On: c.today(), Carrier: "AH 5003"})
	return err
}

func (c *clerk) arrive() error {
	p, err := c.Get(context.Background(), c.id)
	if err != nil {
		return err
	}
	place := p.Frozen.Terms.City
	if place == "" {
		place = string(p.Country)
	}
	_, err = c.service.Arrive(context.Background(), c.candidate, c.id, placement.Arrival{On: c.today(), Place: place})
	return err
}

func (c *clerk) found() error {
	p, err := c.Get(context.Background(), c.id)
	if err == nil {
		_, err = c.service.State(context.Background(), c.candidate, c.id,
			placement.Statement{Stage: placement.OnArrival, Terms: p.Frozen.Terms, Language: "fr"})
	}
	return err
}

func (c *clerk) finish() error {
	_, err := c.service.End(context.Background(), c.candidate, c.id, placement.End{On: c.today(), Early: true, Cause: "family"})
	return err
}

func (c *clerk) goHome() error {
	_, err := c.service.Conclude(context.Background(), c.candidate, c.id, placement.Outcome{State: placement.Returned, On: c.today()})
	return err
}
