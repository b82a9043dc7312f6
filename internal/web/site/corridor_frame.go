package site

import (
	"net/url"
	"slices"
	"strings"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// corridorFrame is what concerns life and insurance in a country.
type corridorFrame struct {
	Papers     []paperLine
	Fees       []fact
	Social     []socialLine
	Recognised []recognitionLine
	Arrival    []sourcedLine
	Treaties   []treatyLine
}

// paperLine is one paper to bring.
type paperLine struct {
	Label, Provider   string
	Optional, Expires bool
}

// socialLine is one branch of social insurance.
type socialLine struct {
	Branch, Payer, Note string
	Treaty              string // the agreement by which it is so
	Points              []fact // exportable, counted together, certificate
	Source              source
}

// recognitionLine is how a qualification is recognised.
type recognitionLine struct {
	Trades                      []string
	Authority, Procedure, Weeks string
	Source                      source
}

// sourcedLine is a sentence on a topic.
type sourcedLine struct {
	Topic, Text string
	Source      source
}

// treatyLine is an agreement with a record of its own.
type treatyLine struct {
	ID                   agreement.ID
	Title, Kind, Parties string
	Signed, Since, Until ref.Date
	Bound                bool // in force today
	Clauses              []sourcedLine
	Source               source
}

// source says where a fact was read. Link is empty where it is no address;
// what is not confirmed is said to be so.
type source struct {
	Text, Link string
	Confirmed  bool
}

func newSource(stated string, confirmed bool) source {
	s := source{Text: stated, Confirmed: confirmed}
	if u, err := url.Parse(stated); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		s.Link, s.Text = stated, u.Host
	}
	return s
}

func (v *visit) newCorridorFrame(c *corridor.Corridor) corridorFrame {
	var f corridorFrame
	for _, p := range c.Papers() {
		line := paperLine{Label: p.Label.In(v.loc), Optional: !p.Required, Expires: p.Expires}
		if p.Provider != corridor.Worker && p.Provider != corridor.PartyUnset {
			line.Provider = v.code("party", p.Provider)
		}
		f.Papers = append(f.Papers, line)
	}
	f.Fees = v.feeFacts(c)
	for _, s := range c.Social {
		f.Social = append(f.Social, v.socialLine(s))
	}
	f.Recognised = v.recognitionLines(c.Recognised)
	for _, h := range c.Arrival {
		f.Arrival = append(f.Arrival, sourcedLine{v.code("topic", h.Topic), h.Text.In(v.loc), newSource(h.Source, h.Confirmed)})
	}
	return f
}

// feeFacts says who bears each cost; what would charge the worker is told only
// where the law lets it.
func (v *visit) feeFacts(c *corridor.Corridor) []fact {
	var facts []fact
	for _, fee := range c.Fees {
		line := fact{Label: v.code("fee", fee.Item), Value: v.code("party", fee.Payer), Note: fee.Note.In(v.loc)}
		most, mine := c.WorkerPays(fee.Item)
		switch {
		case mine && most > 0:
			line.Value = v.t("corridor.fee.most", line.Value, v.francs(most, v.today()))
		case !mine && (fee.Payer == corridor.Worker || fee.Payer == corridor.BothSides):
			line.Value, line.Note = v.t("corridor.fee.never"), ""
		}
		facts = append(facts, line)
	}
	return facts
}

func (v *visit) socialLine(s corridor.Coordination) socialLine {
	line := socialLine{Branch: v.code("branch", s.Branch), Note: s.Note.In(v.loc), Source: newSource(s.Source, s.Confirmed)}
	if s.Payer != corridor.PartyUnset {
		line.Payer = v.code("party", s.Payer)
	}
	line.Points = []fact{
		{Label: v.t("corridor.exportable"), Value: v.answer(s.Exportable)},
		{Label: v.t("corridor.totalisation"), Value: v.answer(s.Totalisation)},
		{Label: v.t("corridor.certificate"), Value: v.answer(s.Certificate)},
	}
	return line
}

func (v *visit) answer(a corridor.Answer) string {
	if a == corridor.Unknown {
		return v.t("corridor.not_known")
	}
	return v.code("known", a)
}

// recognitionLines puts together the trades that are recognised in one way.
func (v *visit) recognitionLines(all []corridor.Recognition) []recognitionLine {
	var lines []recognitionLine
	for _, r := range all {
		line := v.recognitionLine(r)
		same := slices.IndexFunc(lines, func(l recognitionLine) bool { return l.alike(line) })
		if same < 0 {
			lines = append(lines, line)
		} else {
			lines[same].Trades = append(lines[same].Trades, line.Trades...)
		}
	}
	return lines
}

// alike reports whether two lines differ in their trades only.
func (l recognitionLine) alike(m recognitionLine) bool {
	return l.Authority == m.Authority && l.Procedure == m.Procedure && l.Weeks == m.Weeks && l.Source == m.Source
}

func (v *visit) recognitionLine(r corridor.Recognition) recognitionLine {
	line := recognitionLine{Trades: []string{v.tradeName(r.Prefix)}, Authority: r.Authority.In(v.loc), Procedure: r.Procedure.In(v.loc), Source: newSource(r.Source, r.Confirmed)}
	if r.Weeks > 0 {
		line.Weeks = v.count("weeks", r.Weeks)
	}
	return line
}

// treaties reads the agreements a corridor rests on; one that is gone is left
// out.
func (v *visit) treaties(ids []agreement.ID) ([]treatyLine, error) {
	var lines []treatyLine
	for _, id := range ids {
		a, err := v.site.opts.Agreements.Get(v.ctx, v.publicActor(), id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lines = append(lines, v.treatyLine(a))
	}
	return lines, nil
}

// nameTreaties says by which agreement each branch of insurance is as it is.
func (v *visit) nameTreaties(page *corridorPage, social []corridor.Coordination) error {
	for i, s := range social {
		if s.Agreement == "" {
			continue
		}
		cited, known := func(t treatyLine) bool { return t.ID == s.Agreement }, page.Treaties
		if !slices.ContainsFunc(known, cited) {
			var err error
			if known, err = v.treaties([]agreement.ID{s.Agreement}); err != nil {
				return err
			}
		}
		if at := slices.IndexFunc(known, cited); at >= 0 {
			page.Social[i].Treaty = known[at].Title
		}
	}
	return nil
}

func (v *visit) treatyLine(a *agreement.Agreement) treatyLine {
	line := treatyLine{ID: a.ID, Title: a.Title.In(v.loc), Kind: v.code("treaty", a.Kind), Parties: joined(a.Parties, v.countryName), Signed: a.SignedOn, Since: a.InForceOn, Until: a.ExpiresOn,
		Bound: a.InForce(v.today()), Source: newSource(a.Source, a.Confirmed)}
	for _, c := range a.Clauses {
		line.Clauses = append(line.Clauses, sourcedLine{Topic: strings.TrimSpace(c.Topic.In(v.loc) + " " + bracketed(c.Number)), Text: c.Summary.In(v.loc)})
	}
	return line
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// noticeBlock is a part of a notice: a title, or sentences to be listed.
type noticeBlock struct {
	Title string
	Lines []string
}

// noticeBlocks reads a notice: parts are divided by empty lines, and a part of
// one line that another part follows is a title.
func noticeBlocks(text string) []noticeBlock {
	var blocks []noticeBlock
	parts := paragraphs(strings.ReplaceAll(text, "\r\n", "\n"))
	for i, part := range parts {
		lines := strings.Split(part, "\n")
		if len(lines) == 1 && i+1 < len(parts) && len([]rune(part)) < 60 {
			blocks = append(blocks, noticeBlock{Title: part})
			continue
		}
		blocks = append(blocks, noticeBlock{Lines: lines})
	}
	return blocks
}
