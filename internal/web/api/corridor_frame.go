package api

import (
	"strconv"

	"passerelle/internal/domain/agreement"
	"passerelle/internal/domain/corridor"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// corridorFrame is what a corridor says beyond its first members, as sent and
// as shown.
type corridorFrame struct {
	Agreements []string           `json:"agreements" validate:"max=60,dive,max=64" doc:"ids of the agreements it rests on"`
	Checklist  []paperJSON        `json:"checklist" validate:"max=60,dive" doc:"what a file must hold before it is reviewed"`
	Fees       []feeJSON          `json:"fees" validate:"max=60,dive" doc:"who may be charged what; without a line nobody may charge the worker"`
	Social     []coordinationJSON `json:"socialSecurity" validate:"max=60,dive" doc:"coordination of social insurance, by branch"`
	Recognised []recognitionRule  `json:"recognitions" validate:"max=60,dive" doc:"who recognises qualifications, by occupation"`
	Arrival    []helpJSON         `json:"services" validate:"max=60,dive" doc:"services on arrival"`
}

type paperJSON struct {
	Key      string        `json:"key" validate:"required,max=40" example:"passport" doc:"lower-case letters, digits and _"`
	Label    localisedText `json:"label"`
	Required bool          `json:"required"`
	Expires  bool          `json:"expires" doc:"its last day is asked for"`
	Provider string        `json:"provider,omitempty" validate:"omitempty,oneof=worker employer agency both authority" doc:"who has to bring it"`
}

type feeJSON struct {
	Item      string        `json:"item" validate:"required,oneof=recruitment visa travel medical training insurance documents"`
	Payer     string        `json:"payer" validate:"required,oneof=worker employer agency both authority" doc:"a charge to the worker counts only while workerFees is true"`
	Max       string        `json:"max,omitempty" validate:"omitempty,amount" doc:"most that may be charged, EUR" example:"0.00"`
	Note      *optionalText `json:"note,omitempty"`
	Source    string        `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed bool          `json:"confirmed"`
}

type optionalText struct {
	FR string `json:"fr,omitempty" validate:"max=1500"`
	EN string `json:"en,omitempty" validate:"max=1500"`
}

type coordinationJSON struct {
	Branch       string        `json:"branch" validate:"required,oneof=old_age health accident family unemployment"`
	Payer        string        `json:"payer,omitempty" validate:"omitempty,oneof=worker employer agency both authority" doc:"of the contributions there"`
	Exportable   string        `json:"exportable,omitempty" validate:"omitempty,oneof=yes no" doc:"benefits are paid at home, too; absent = not known"`
	Totalisation string        `json:"totalisation,omitempty" validate:"omitempty,oneof=yes no" doc:"periods in both countries are counted together; absent = not known"`
	Certificate  string        `json:"certificateOfCoverage,omitempty" validate:"omitempty,oneof=yes no" doc:"keeps a posted worker insured at home; absent = not known"`
	Note         *optionalText `json:"note,omitempty"`
	Agreement    string        `json:"agreement,omitempty" validate:"omitempty,max=64" doc:"id"`
	Source       string        `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed    bool          `json:"confirmed"`
}

type recognitionRule struct {
	Prefix    string           `json:"prefix" validate:"required,occupation" doc:"ISCO-08" example:"221"`
	Authority localisedText    `json:"authority"`
	Procedure localisedPassage `json:"procedure"`
	Weeks     int              `json:"weeks" validate:"min=0,max=520" doc:"usual duration; 0 = not known"`
	Source    string           `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed bool             `json:"confirmed"`
}

type helpJSON struct {
	Topic     string           `json:"topic" validate:"required,oneof=health education housing consulate legal_aid"`
	Text      localisedPassage `json:"text"`
	Source    string           `json:"source,omitempty" validate:"omitempty,max=400,line"`
	Confirmed bool             `json:"confirmed"`
}

// into reads the frame into the facts; amounts are the one thing its rules
// cannot check.
func (b *corridorFrame) into(f *corridor.Facts, bad *fault.List) {
	f.Agreements = mapped(b.Agreements, func(s string) agreement.ID { return agreement.ID(s) })
	f.Checklist = mapped(b.Checklist, func(x paperJSON) corridor.Paper {
		return corridor.Paper{Key: x.Key, Label: corridor.Text(x.Label), Required: x.Required, Expires: x.Expires, Provider: corridor.Party(x.Provider)}
	})
	for i, x := range b.Fees {
		fee := corridor.Fee{Item: corridor.Item(x.Item), Payer: corridor.Party(x.Payer), Note: x.Note.text(), Source: x.Source, Confirmed: x.Confirmed}
		if x.Max != "" {
			amount, err := ref.ParseMoney(x.Max, "EUR")
			if wrong := fault.Of(err); wrong != nil {
				bad.Add("/fees/"+strconv.Itoa(i)+"/max", wrong.Code)
			}
			fee.MaxCents = amount.Amount
		}
		f.Fees = append(f.Fees, fee)
	}
	f.Social = mapped(b.Social, func(x coordinationJSON) corridor.Coordination {
		return corridor.Coordination{Branch: corridor.Branch(x.Branch), Payer: corridor.Party(x.Payer), Exportable: corridor.Answer(x.Exportable),
			Totalisation: corridor.Answer(x.Totalisation), Certificate: corridor.Answer(x.Certificate), Note: x.Note.text(),
			Agreement: agreement.ID(x.Agreement), Source: x.Source, Confirmed: x.Confirmed}
	})
	f.Recognised = mapped(b.Recognised, func(x recognitionRule) corridor.Recognition {
		return corridor.Recognition{Prefix: ref.Occupation(x.Prefix), Authority: corridor.Text(x.Authority), Procedure: corridor.Text(x.Procedure),
			Weeks: x.Weeks, Source: x.Source, Confirmed: x.Confirmed}
	})
	f.Arrival = mapped(b.Arrival, func(x helpJSON) corridor.Help {
		return corridor.Help{Topic: corridor.Topic(x.Topic), Text: corridor.Text(x.Text), Source: x.Source, Confirmed: x.Confirmed}
	})
}

func (t *optionalText) text() corridor.Text {
	if t == nil {
		return corridor.Text{}
	}
	return corridor.Text(*t)
}

func optional(t corridor.Text) *optionalText {
	if t == (corridor.Text{}) {
		return nil
	}
	return &optionalText{FR: t.FR, EN: t.EN}
}

func corridorFrameOf(x *corridor.Corridor) corridorFrame {
	return corridorFrame{
		Agreements: mapped(x.Agreements, func(id agreement.ID) string { return string(id) }),
		Checklist: mapped(x.Checklist, func(p corridor.Paper) paperJSON {
			return paperJSON{Key: p.Key, Label: localisedText(p.Label), Required: p.Required, Expires: p.Expires, Provider: string(p.Provider)}
		}),
		Fees: mapped(x.Fees, func(f corridor.Fee) feeJSON {
			out := feeJSON{Item: string(f.Item), Payer: string(f.Payer), Note: optional(f.Note), Source: f.Source, Confirmed: f.Confirmed}
			if f.MaxCents > 0 {
				out.Max = ref.Money{Amount: f.MaxCents, Currency: "EUR"}.Format()
			}
			return out
		}),
		Social: mapped(x.Social, func(s corridor.Coordination) coordinationJSON {
			return coordinationJSON{Branch: string(s.Branch), Payer: string(s.Payer), Exportable: string(s.Exportable), Totalisation: string(s.Totalisation),
				Certificate: string(s.Certificate), Note: optional(s.Note), Agreement: string(s.Agreement), Source: s.Source, Confirmed: s.Confirmed}
		}),
		Recognised: mapped(x.Recognised, func(r corridor.Recognition) recognitionRule {
			return recognitionRule{Prefix: string(r.Prefix), Authority: localisedText(r.Authority), Procedure: localisedPassage(r.Procedure),
				Weeks: r.Weeks, Source: r.Source, Confirmed: r.Confirmed}
		}),
		Arrival: mapped(x.Arrival, func(s corridor.Help) helpJSON {
			return helpJSON{Topic: string(s.Topic), Text: localisedPassage(s.Text), Source: s.Source, Confirmed: s.Confirmed}
		}),
	}
}
