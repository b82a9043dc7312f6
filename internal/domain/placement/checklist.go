package placement

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
	"passerelle/internal/domain/text"
)

// The fixed items of a checklist; the corridor's own papers are "paper_1",
// "paper_2" and so on.
const (
	ItemPassport = "passport"
	ItemContract = "contract_signed"
	ItemMedical  = "medical"
	ItemRecord   = "criminal_record"
	ItemVisa     = "visa"
	ItemTraining = "training" // on rights and duties
	paperPrefix  = "paper_"
)

// itemRule says what an item of the checklist needs.
type itemRule struct {
	key      string
	by       []account.Role
	document bool // a paper proves it
	expires  bool // the paper has a last day
	label    Text
	words    []string // by which the corridor's list names the same paper
}

// itemRules lists the fixed items in the order of the checklist.
func itemRules() []itemRule {
	sides := []account.Role{account.Candidate, account.Agency, account.Official}
	return []itemRule{
		{ItemPassport, sides, true, true, Text{"Passeport ou carte d’identité biométrique", "Passport or biometric identity card"}, []string{"passeport", "carte d'identite"}},
		{ItemContract, []account.Role{account.Agency}, true, false, Text{"Contrat signé par les deux parties", "Contract signed by both sides"}, []string{"contrat de travail"}},
		{ItemMedical, sides, true, true, Text{"Certificat médical d’aptitude", "Medical certificate of fitness"}, []string{"certificat medical"}},
		{ItemRecord, sides, true, true, Text{"Extrait de casier judiciaire", "Criminal record extract"}, []string{"casier judiciaire"}},
		{ItemVisa, sides, true, true, Text{"Visa ou titre permettant de travailler", "Visa or permit to work"}, []string{"visa ou titre"}},
		{ItemTraining, []account.Role{account.Candidate, account.Official}, false, false, Text{"Formation sur vos droits et vos devoirs", "Training on your rights and duties"}, nil},
	}
}

// ruleOf gives the rule of an item; the corridor's papers share one.
func ruleOf(key string) itemRule {
	for _, r := range itemRules() {
		if r.key == key {
			return r
		}
	}
	return itemRule{key: key, by: []account.Role{account.Candidate, account.Agency, account.Official}, document: true}
}

// regulatedWords begin the corridor's paper that only a regulated occupation
// needs.
const regulatedWords = "pour un metier reglemente"

// checklist makes the list of a new file: the fixed items, then the corridor's
// papers that none of them is. A corridor that asks for no visa has none on
// its list; without a corridor (return to Mali) there is no visa either.
func checklist(c *corridor.Corridor, occupation ref.Occupation) []Item {
	var papers []corridor.Text
	if c != nil {
		papers = c.Documents
	}
	var items []Item
	for _, r := range itemRules() {
		if r.key == ItemVisa && !slices.ContainsFunc(papers, r.names) && !asksVisa(papers) {
			continue
		}
		items = append(items, Item{Key: r.key, Label: r.label, Required: true})
	}
	for i, paper := range papers {
		if slices.ContainsFunc(itemRules(), func(r itemRule) bool { return r.names(paper) }) {
			continue
		}
		required := !strings.HasPrefix(text.Fold(paper.FR), regulatedWords) || c.IsRegulated(occupation)
		items = append(items, Item{Key: paperPrefix + strconv.Itoa(i+1), Label: Text(paper), Required: required})
	}
	return items
}

// names reports whether the corridor's paper is this item under another name.
func (r itemRule) names(paper corridor.Text) bool {
	folded := text.Fold(paper.FR)
	return slices.ContainsFunc(r.words, func(w string) bool {
		return strings.HasPrefix(folded, w) || r.key == ItemRecord && strings.Contains(folded, w)
	})
}

// asksVisa reports whether any paper is a visa of the destination.
func asksVisa(papers []corridor.Text) bool {
	return slices.ContainsFunc(papers, func(t corridor.Text) bool { return strings.HasPrefix(text.Fold(t.FR), "visa ") })
}

// Mark is what is stated about one item.
type Mark struct {
	Key      string
	Done     bool
	Document string // id of a document of this file; mandatory where a paper proves the item
	Expires  ref.Date
}

// MarkItem notes that an item of the checklist is there, or no longer is. Once
// the contract is accepted and every required item is there, the file goes to
// review by itself.
func (s *Service) MarkItem(ctx context.Context, actor account.Actor, id ID, m Mark) (*Placement, error) {
	if err := actor.Require("placement.document"); err != nil {
		return nil, err
	}
	return s.change(ctx, actor, id, func(p *Placement, by act) error { return p.mark(by, m) })
}

func (p *Placement) mark(by act, m Mark) error {
	i := slices.IndexFunc(p.Checklist, func(item Item) bool { return item.Key == m.Key })
	if i < 0 {
		return fault.New(fault.Invalid, "placement.invalid", fault.Field{Pointer: "/key", Code: "reason.unknown"})
	}
	switch p.State {
	case Opened, ContractProposed, ContractAccepted:
	case UnderReview:
		if !m.Done { // a file under review is completed, not emptied
			return fault.New(fault.Conflict, "transition")
		}
	default:
		return fault.New(fault.Conflict, "transition")
	}
	rule := ruleOf(m.Key)
	if !slices.Contains(rule.by, by.actor.Role) {
		return fault.New(fault.Forbidden, "placement.item.role")
	}
	if err := p.checkMark(rule, m, ref.DateOf(by.now)); err != nil {
		return err
	}
	p.Checklist[i].set(m, by)
	p.Decision.Reviewed = Signature{} // what was reviewed has changed
	p.note(by, "mark_item", "", "", "checklist")
	return nil
}

func (p *Placement) checkMark(rule itemRule, m Mark, today ref.Date) error {
	var bad fault.List
	bad.Check(!m.Done || !rule.document || m.Document != "", "/document", "required")
	bad.Check(m.Document == "" || p.hasDocument(m.Document), "/document", "placement.document.unknown")
	_, err := ref.ParseDate(string(m.Expires))
	bad.Check(err == nil, "/expires", "ref.date")
	bad.Check(!m.Done || !m.Expires.Known() || m.Expires >= today, "/expires", "placement.document.expired")
	bad.Check(!m.Done || m.Key != ItemPassport || m.Expires.Known(), "/expires", "required")
	return bad.Err("placement.invalid")
}

func (i *Item) set(m Mark, by act) {
	i.Done, i.DoneBy, i.DoneAt, i.Document, i.Expires = m.Done, by.actor.Account, by.now, m.Document, m.Expires
	if !m.Done {
		i.DoneBy, i.DoneAt, i.Document, i.Expires = "", time.Time{}, "", ""
	}
}

// unsign takes the signed contract off the checklist: another one counts now.
func (p *Placement) unsign() {
	for i := range p.Checklist {
		if p.Checklist[i].Key == ItemContract {
			p.Checklist[i].set(Mark{}, act{})
		}
	}
}

// Lacking lists the required items that are not there, or ran out before the
// day.
func (p *Placement) Lacking(day ref.Date) []string {
	var keys []string
	for _, i := range p.Checklist {
		if i.Required && (!i.Done || i.Expires.Known() && i.Expires < day) {
			keys = append(keys, i.Key)
		}
	}
	return keys
}

// complete sends the file to review once the contract is accepted and nothing
// required is lacking.
func (p *Placement) complete(system act) error {
	if p.State != ContractAccepted || p.Held() || len(p.Lacking(ref.DateOf(system.now))) > 0 {
		return nil
	}
	return p.move(system, ActComplete, "", "")
}
