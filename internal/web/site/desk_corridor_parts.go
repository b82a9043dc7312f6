package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/ref"
)

// corridorParts lists the parts of a corridor's facts in the order of the page.
func corridorParts() []corridorPart {
	return append([]corridorPart{
		{name: "rules", path: "regles", values: ruleValues, ask: (*visit).askRules, read: readRules},
		{name: "floors", path: "salaires", rows: "floors", ask: (*visit).askFloor,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Floors, func(x corridor.Floor) url.Values {
					return rowOf("prefix", string(x.Prefix), "from", dateField(x.From), "amount", eurosField(x.EURCents), "source", x.Source, "confirmed", yesIf(x.Confirmed))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Floors = readRows(r, func(i int) corridor.Floor {
					return corridor.Floor{Prefix: ref.Occupation(r.text(i, "prefix")), From: r.day(i, "from"), EURCents: r.cents(i, "amount"), Source: r.text(i, "source"), Confirmed: r.yes(i, "confirmed")}
				})
			}},
		{name: "notice", path: "notice",
			values: func(f corridor.Facts) []url.Values {
				return []url.Values{rowOf("notice-fr", f.Notice.FR, "notice-en", f.Notice.EN)}
			},
			ask: func(v *visit, f *form, at string) { v.askWords(f, at+"notice", v.t("desk.notice"), 16, 8000, false) },
			read: func(r *rowReader, f *corridor.Facts) {
				f.Notice = r.words(0, "notice")
			}},
		{name: "checklist", path: "pieces", rows: "checklist", ask: (*visit).askPaper,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Checklist, func(x corridor.Paper) url.Values {
					return rowOf("key", x.Key, "label-fr", x.Label.FR, "label-en", x.Label.EN, "required", yesIf(x.Required), "expires", yesIf(x.Expires), "provider", string(x.Provider))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Checklist = readRows(r, func(i int) corridor.Paper {
					return corridor.Paper{Key: r.text(i, "key"), Label: r.words(i, "label"), Required: r.yes(i, "required"), Expires: r.yes(i, "expires"), Provider: corridor.Party(r.text(i, "provider"))}
				})
			}},
		{name: "documents", path: "documents", rows: "documents",
			ask: func(v *visit, f *form, at string) {
				v.askWords(f, strings.TrimSuffix(at, "-"), v.t("desk.paper.label"), 0, 400, true)
			},
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Documents, func(x corridor.Text) url.Values { return rowOf("fr", x.FR, "en", x.EN) })
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Documents = readRows(r, func(i int) corridor.Text { return corridor.Text{FR: r.text(i, "fr"), EN: r.text(i, "en")} })
			}},
	}, frameParts()...)
}

func frameParts() []corridorPart {
	return []corridorPart{
		{name: "fees", path: "frais", rows: "fees", ask: (*visit).askFee,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Fees, func(x corridor.Fee) url.Values {
					return rowOf("item", string(x.Item), "payer", string(x.Payer), "max", eurosField(x.MaxCents), "note-fr", x.Note.FR, "note-en", x.Note.EN, "source", x.Source, "confirmed", yesIf(x.Confirmed))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Fees = readRows(r, func(i int) corridor.Fee {
					return corridor.Fee{Item: corridor.Item(r.text(i, "item")), Payer: corridor.Party(r.text(i, "payer")), MaxCents: r.cents(i, "max"), Note: r.words(i, "note"), Source: r.text(i, "source"), Confirmed: r.yes(i, "confirmed")}
				})
			}},
		{name: "social", path: "protection", rows: "socialSecurity", ask: (*visit).askSocial,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Social, func(x corridor.Coordination) url.Values {
					return rowOf("branch", string(x.Branch), "payer", string(x.Payer), "exportable", string(x.Exportable), "totalisation", string(x.Totalisation), "certificate", string(x.Certificate),
						"note-fr", x.Note.FR, "note-en", x.Note.EN, "agreement", string(x.Agreement), "source", x.Source, "confirmed", yesIf(x.Confirmed))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Social = readRows(r, func(i int) corridor.Coordination {
					return corridor.Coordination{Branch: corridor.Branch(r.text(i, "branch")), Payer: corridor.Party(r.text(i, "payer")), Exportable: corridor.Answer(r.text(i, "exportable")),
						Totalisation: corridor.Answer(r.text(i, "totalisation")), Certificate: corridor.Answer(r.text(i, "certificate")), Note: r.words(i, "note"),
						Agreement: agreement.ID(r.text(i, "agreement")), Source: r.text(i, "source"), Confirmed: r.yes(i, "confirmed")}
				})
			}},
		{name: "recognised", path: "reconnaissance", rows: "recognitions", ask: (*visit).askRecognition,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Recognised, func(x corridor.Recognition) url.Values {
					return rowOf("prefix", string(x.Prefix), "authority-fr", x.Authority.FR, "authority-en", x.Authority.EN, "procedure-fr", x.Procedure.FR, "procedure-en", x.Procedure.EN,
						"weeks", positive(x.Weeks), "source", x.Source, "confirmed", yesIf(x.Confirmed))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Recognised = readRows(r, func(i int) corridor.Recognition {
					return corridor.Recognition{Prefix: ref.Occupation(r.text(i, "prefix")), Authority: r.words(i, "authority"), Procedure: r.words(i, "procedure"), Weeks: r.whole(i, "weeks"), Source: r.text(i, "source"), Confirmed: r.yes(i, "confirmed")}
				})
			}},
		{name: "arrival", path: "arrivee", rows: "services", ask: (*visit).askHelp,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Arrival, func(x corridor.Help) url.Values {
					return rowOf("topic", string(x.Topic), "text-fr", x.Text.FR, "text-en", x.Text.EN, "source", x.Source, "confirmed", yesIf(x.Confirmed))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Arrival = readRows(r, func(i int) corridor.Help {
					return corridor.Help{Topic: corridor.Topic(r.text(i, "topic")), Text: r.words(i, "text"), Source: r.text(i, "source"), Confirmed: r.yes(i, "confirmed")}
				})
			}},
		{name: "bases", path: "textes", rows: "bases", ask: (*visit).askBasis,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Bases, func(x corridor.Basis) url.Values {
					return rowOf("title-fr", x.Title.FR, "title-en", x.Title.EN, "date", dateField(x.Date), "source", x.Source, "confirmed", yesIf(x.Confirmed))
				})
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Bases = readRows(r, func(i int) corridor.Basis {
					return corridor.Basis{Title: r.words(i, "title"), Date: r.day(i, "date"), Source: r.text(i, "source"), Confirmed: r.yes(i, "confirmed")}
				})
			}},
		{name: "agreements", path: "accords", rows: "agreements", ask: (*visit).askAgreement,
			values: func(f corridor.Facts) []url.Values {
				return mapRows(f.Agreements, func(id agreement.ID) url.Values { return rowOf("id", string(id)) })
			},
			read: func(r *rowReader, f *corridor.Facts) {
				f.Agreements = readRows(r, func(i int) agreement.ID { return agreement.ID(r.text(i, "id")) })
			}},
	}
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func ruleValues(f corridor.Facts) []url.Values {
	row := rowOf("maxHours", hundredthsField(f.MaxHours), "workerFees", yesIf(f.WorkerFees))
	for _, k := range f.Kinds {
		row.Add("kinds", string(k))
	}
	var regulated []string
	for _, o := range f.Regulated {
		regulated = append(regulated, string(o))
	}
	row.Set("regulated", strings.Join(regulated, ", "))
	return []url.Values{row}
}

func (v *visit) askRules(f *form, _ string) {
	f.add(field{Name: "maxHours", Label: v.t("corridor.hours"), Hint: v.t("desk.hours.hint"), Mode: "decimal", Max: 6, Narrow: true})
	f.add(field{Name: "workerFees", Label: v.t("desk.fees"), Hint: v.t("desk.fees.hint"), Kind: "checks", Options: []option{{Value: "yes", Label: v.t("desk.fees.yes")}}})
	kinds := labelled(ref.WorkKinds(), v.loc, "")[1:]
	f.add(field{Name: "kinds", Label: v.t("corridor.kinds"), Hint: v.t("desk.kinds.hint"), Kind: "checks", Options: kinds})
	f.add(field{Name: "regulated", Label: v.t("desk.regulated"), Hint: v.t("desk.regulated.hint"), Kind: "area", Rows: 3, Max: 1000})
}

func readRules(r *rowReader, f *corridor.Facts) {
	f.MaxHours, f.WorkerFees = r.hundredths(0, "maxHours"), r.yes(0, "workerFees")
	f.Kinds, f.Regulated = nil, nil
	for _, k := range r.in["kinds"] {
		f.Kinds = append(f.Kinds, ref.WorkKind(k))
	}
	for _, o := range strings.FieldsFunc(r.text(0, "regulated"), func(c rune) bool { return strings.ContainsRune(" ,;\n", c) }) {
		f.Regulated = append(f.Regulated, ref.Occupation(o))
	}
}

// askWords asks for a wording in both languages; French comes first.
func (v *visit) askWords(f *form, name, label string, rows, most int, required bool) {
	kind := ""
	if rows > 0 {
		kind = "area"
	}
	f.add(field{Name: name + "-fr", Label: v.t("desk.in_french", label), Kind: kind, Rows: rows, Max: most, Required: required})
	f.add(field{Name: name + "-en", Label: v.t("desk.in_english", label), Kind: kind, Rows: rows, Max: most})
}

// askSource asks where a fact was read, and whether it is confirmed.
func (v *visit) askSource(f *form, at string) {
	f.add(field{Name: at + "source", Label: v.t("desk.source"), Hint: v.t("desk.source.hint"), Max: 400})
	f.add(field{Name: at + "confirmed", Label: v.t("desk.confirmed"), Kind: "checks", Options: []option{{Value: "yes", Label: v.t("desk.confirmed.yes")}}})
}

func (v *visit) askPrefix(f *form, at string, required bool) {
	f.add(field{Name: at + "prefix", Label: v.t("desk.prefix"), Hint: v.t("desk.prefix.hint"), Mode: "numeric", Max: 4, Narrow: true, Required: required})
}

func (v *visit) askFloor(f *form, at string) {
	v.askPrefix(f, at, false)
	f.add(field{Name: at + "amount", Label: v.t("desk.floor"), Mode: "decimal", Max: 12, Narrow: true, Required: true})
	f.add(field{Name: at + "from", Label: v.t("desk.since"), Hint: v.t("desk.day.hint"), Max: 10, Narrow: true})
	v.askSource(f, at)
}

func (v *visit) askPaper(f *form, at string) {
	f.add(field{Name: at + "key", Label: v.t("desk.paper.key"), Hint: v.t("desk.paper.key.hint"), Max: 40, Narrow: true, Required: true})
	f.add(field{Name: at + "provider", Label: v.t("desk.paper.provider"), Kind: "select", Narrow: true, Options: v.codes("party", textList(corridor.Parties()), v.t("form.unsaid"))})
	v.askWords(f, at+"label", v.t("desk.paper.label"), 0, 400, true)
	f.add(field{Name: at + "required", Label: v.t("desk.paper.required"), Kind: "checks", Options: []option{{Value: "yes", Label: v.t("desk.paper.required.yes")}}})
	f.add(field{Name: at + "expires", Label: v.t("desk.paper.expires"), Kind: "checks", Options: []option{{Value: "yes", Label: v.t("desk.paper.expires.yes")}}})
}

func (v *visit) askFee(f *form, at string) {
	f.add(field{Name: at + "item", Label: v.t("desk.fee.item"), Kind: "select", Narrow: true, Required: true, Options: v.codes("fee", textList(corridor.Items()), v.t("form.choose"))})
	f.add(field{Name: at + "payer", Label: v.t("desk.cost.payer"), Kind: "select", Narrow: true, Required: true, Options: v.codes("party", textList(corridor.Parties()), v.t("form.choose"))})
	f.add(field{Name: at + "max", Label: v.t("desk.fee.max"), Mode: "decimal", Max: 12, Narrow: true})
	v.askWords(f, at+"note", v.t("work.note"), 0, 1500, false)
	v.askSource(f, at)
}

func (v *visit) askSocial(f *form, at string) {
	known := v.codes("known", textList(corridor.Answers()), v.t("corridor.not_known"))
	f.add(field{Name: at + "branch", Label: v.t("corridor.branch"), Kind: "select", Narrow: true, Required: true, Options: v.codes("branch", textList(corridor.Branches()), v.t("form.choose"))})
	f.add(field{Name: at + "payer", Label: v.t("corridor.contributions"), Kind: "select", Narrow: true, Options: v.codes("party", textList(corridor.Parties()), v.t("corridor.not_known"))})
	f.add(field{Name: at + "exportable", Label: v.t("corridor.exportable"), Kind: "select", Narrow: true, Options: known})
	f.add(field{Name: at + "totalisation", Label: v.t("corridor.totalisation"), Kind: "select", Narrow: true, Options: known})
	f.add(field{Name: at + "certificate", Label: v.t("corridor.certificate"), Kind: "select", Narrow: true, Options: known})
	v.askWords(f, at+"note", v.t("work.note"), 0, 1500, false)
	f.add(field{Name: at + "agreement", Label: v.t("desk.treaty.id"), Kind: "select", Options: v.cited(f.values.Get(at + "agreement"))})
	v.askSource(f, at)
}

func (v *visit) askRecognition(f *form, at string) {
	v.askPrefix(f, at, true)
	f.add(field{Name: at + "weeks", Label: v.t("desk.weeks"), Mode: "numeric", Max: 3, Narrow: true})
	v.askWords(f, at+"authority", v.t("desk.authority"), 0, 400, true)
	v.askWords(f, at+"procedure", v.t("desk.procedure"), 3, 1500, true)
	v.askSource(f, at)
}

func (v *visit) askHelp(f *form, at string) {
	f.add(field{Name: at + "topic", Label: v.t("desk.topic"), Kind: "select", Narrow: true, Required: true, Options: v.codes("topic", textList(corridor.Topics()), v.t("form.choose"))})
	v.askWords(f, at+"text", v.t("desk.text"), 3, 1500, true)
	v.askSource(f, at)
}

func (v *visit) askBasis(f *form, at string) {
	v.askWords(f, at+"title", v.t("desk.title"), 0, 400, true)
	f.add(field{Name: at + "date", Label: v.t("desk.dated"), Hint: v.t("desk.day.hint"), Max: 10, Narrow: true})
	v.askSource(f, at)
}

func (v *visit) askAgreement(f *form, at string) {
	f.add(field{Name: at + "id", Label: v.t("desk.treaty.id"), Kind: "select", Options: v.cited(f.values.Get(at + "id"))})
}

// cited lists the agreements; what is cited now stays a choice in any case.
func (v *visit) cited(now string) []option {
	var options []option
	var err error
	if v.site.opts.Agreements != nil {
		if options, err = v.treatyOptions(); err != nil {
			v.site.opts.Server.Logger().Warn("agreements not listed", "error", err)
		}
	}
	if !slices.ContainsFunc(options, func(o option) bool { return o.Value == now }) {
		options = append(options, option{Value: now, Label: now})
	}
	return options
}
