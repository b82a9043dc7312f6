package site

import (
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/placement"
	"passerelle/internal/domain/ref"
)

// What officials put into a file themselves: papers, insurance, and the words
// of a host whose agency keeps silent. Whoever adds a paper does not decide on
// the file any more; the service sees to it.

func fileDuties() []fileDuty {
	return []fileDuty{
		{name: "item", path: "pieces", permission: "placement.document", upload: placement.MaxDocument,
			open: func(v *visit, p *file) bool { return len(v.markable(p)) > 0 }, ask: askDeskItem, do: markDeskItem},
		{name: "paper", path: "pieces-jointes", permission: "placement.document", upload: placement.MaxDocument,
			open: func(_ *visit, p *file) bool { return p.State != placement.Cancelled },
			ask: func(v *visit, _ *file, f *asker) {
				f.field(field{Name: "item", Label: v.t("paper.kind"), Kind: "select", Required: true, Options: v.codes("paper", placement.Papers(), v.t("form.choose"))})
				f.paper(true)
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				in.bad.Check(slices.Contains(placement.Papers(), in.text("item")), "/item", "required")
				if err := in.err(); err != nil {
					return "", err
				}
				_, err := in.keep(v, p, in.text("item"))
				return "flash.paper.added", err
			}},
		{name: "insurance", path: "assurances", permission: "placement.end",
			open: func(_ *visit, p *file) bool { return p.Journey.ArrivedOn.Known() }, ask: askDeskInsurance, do: addDeskInsurance},
	}
}

// paper asks for a file.
func (a *asker) paper(required bool) {
	a.field(field{Name: fileField, Label: a.v.t("paper.file"), Hint: a.v.t("paper.file.hint"), Kind: "file", Accept: acceptedFiles, Required: required})
}

// keep adds the file of the duty's form to the documents.
func (a *answers) keep(v *visit, p *file, item string) (placement.Document, error) {
	sent, err := v.fileAs(a.name+"-"+fileField, placement.MaxDocument)
	if err != nil {
		return placement.Document{}, err
	}
	return v.site.opts.Placements.AddDocument(v.ctx, v.actor, p.ID, placement.Upload{Item: item, Name: sent.Name, Content: sent.Content})
}

// markable lists what of the checklist officials can still mark.
func (v *visit) markable(p *file) (list []option) {
	for _, i := range p.Checklist {
		if mayMark(account.Official, p, i) && (!i.Done || i.Expiry(v.today()) != placement.Lasting) {
			list = append(list, option{Value: i.Key, Label: v.itemLabel(i)})
		}
	}
	return list
}

func askDeskItem(v *visit, p *file, f *asker) {
	f.field(field{Name: "key", Label: v.t("desk.item"), Kind: "select", Required: true, Options: v.markable(p)})
	f.paper(false)
	f.day("expires", v.t("item.expires"), false)
}

// markDeskItem marks an item; the training on rights and duties needs no paper.
func markDeskItem(v *visit, p *file, in *answers) (string, error) {
	m := placement.Mark{Key: in.text("key"), Done: true, Expires: in.day("expires")}
	i := slices.IndexFunc(p.Checklist, func(i placement.Item) bool { return i.Key == m.Key && mayMark(account.Official, p, i) })
	in.bad.Check(i >= 0, "/key", "reason.unknown")
	in.bad.Check(m.Expires.Known() || m.Key != placement.ItemPassport, "/expires", "required")
	in.bad.Check(!m.Expires.Known() || m.Expires >= v.today(), "/expires", "placement.document.expired")
	if err := in.err(); err != nil {
		return "", err
	}
	if m.Key != placement.ItemTraining {
		d, err := in.keep(v, p, m.Key)
		if err != nil {
			return "", err
		}
		m.Document = d.ID
	}
	_, err := v.site.opts.Placements.MarkItem(v.ctx, v.actor, p.ID, m)
	return "flash.item.marked", err
}

func askDeskInsurance(v *visit, p *file, f *asker) {
	if at := f.name + "-country"; f.values.Get(at) == "" {
		f.values.Set(at, string(p.Country))
	}
	f.field(field{Name: "branch", Label: v.t("insurance.branch"), Kind: "select", Required: true, Options: v.codes("branch", placement.Branches(), v.t("form.choose"))})
	f.field(field{Name: "country", Label: v.t("draft.country"), Kind: "select", Required: true, Options: v.countryOptions()})
	f.field(field{Name: "institution", Label: v.t("insurance.institution"), Hint: v.t("insurance.institution.hint"), Max: 200, Required: true})
	f.field(field{Name: "number", Label: v.t("insurance.number"), Hint: v.t("insurance.number.hint"), Max: 200})
	f.day("from", v.t("insurance.from"), true)
	f.day("until", v.t("insurance.until"), false)
	f.field(field{Name: "document", Label: v.t("insurance.document"), Kind: "select", Options: v.paperOptions(p, "certificate", "evidence")})
}

func addDeskInsurance(v *visit, p *file, in *answers) (string, error) {
	country, err := ref.ParseCountry(in.text("country"))
	in.bad.Check(err == nil, "/country", "ref.country")
	period := placement.InsurancePeriod{
		Branch: in.text("branch"), Country: country, Institution: in.text("institution"), Number: in.text("number"),
		From: in.day("from"), Until: in.day("until"), Document: in.text("document"),
	}
	if err := in.err(); err != nil {
		return "", err
	}
	_, err = v.site.opts.Placements.AddInsurance(v.ctx, v.actor, p.ID, period)
	return "flash.insurance.added", err
}

// trainingDuties stand in for a host that states nothing itself.
func trainingDuties() []fileDuty {
	return []fileDuty{
		{name: "evaluate", path: "evaluations", permission: "placement.train", open: func(_ *visit, p *file) bool { return mayEvaluate(p) },
			ask: func(v *visit, _ *file, f *asker) {
				f.field(field{Name: "by", Label: v.t("evaluation.by"), Max: 200, Required: true})
				for _, name := range []string{"skills", "conduct", "autonomy"} {
					f.field(field{Name: name, Label: v.code("evaluation", name), Kind: "select", Options: v.marks(), Required: true, Narrow: true})
				}
				f.wording(v.t("evaluation.comment"), false)
			},
			do: func(v *visit, p *file, in *answers) (string, error) {
				e := placement.Evaluation{By: in.text("by"), Skills: in.mark("skills"), Conduct: in.mark("conduct"), Autonomy: in.mark("autonomy"), Comment: in.text("note")}
				if err := in.err(); err != nil {
					return "", err
				}
				_, err := v.site.opts.Placements.Evaluate(v.ctx, v.actor, p.ID, e)
				return "flash.file.evaluated", err
			}},
		{name: "accept_report", path: "rapports", permission: "placement.train",
			open: func(_ *visit, p *file) bool { return onMission(p) && !p.Mission.ReportAt.IsZero() },
			do: func(v *visit, p *file, _ *answers) (string, error) {
				_, err := v.site.opts.Placements.AcceptReport(v.ctx, v.actor, p.ID)
				return "flash.file.report_accepted", err
			}},
	}
}

// mark reads a mark from 1 to 5.
func (a *answers) mark(name string) int {
	n, err := strconv.Atoi(strings.TrimSpace(a.text(name)))
	a.bad.Check(err == nil, "/"+name, "required")
	return n
}

// deskMore tells officials what sides stated of training, mission and insurance.
func (v *visit) deskMore(p *file) []factGroup {
	groups := v.trainingFacts(p)
	if p.LacksBrief() {
		groups = append(groups, factGroup{v.t("deed.mission"), []fact{{Label: v.t("file.brief"), Value: v.t("file.brief.none"), Note: v.t("file.brief.agency")}}})
	}
	if m := p.Mission; m != nil && m.Report != "" {
		groups = append(groups, factGroup{v.t("mission.report"), []fact{{Label: v.instant(m.ReportAt), Value: m.Report}}})
	}
	if insured := v.insuredFacts(p); len(insured) > 0 {
		groups = append(groups, factGroup{v.t("file.insurance"), insured})
	}
	return groups
}
