package site

import (
	"passerelle/internal/domain/privacy"
	"passerelle/internal/domain/profile"
)

// processingPath is the privacy statement with the public register.
const processingPath = "/donnees-personnelles"

// registerPage is the privacy statement with the register of processing.
type registerPage struct {
	Purposes []string // what can be agreed to, in words
	Version  string   // of the wording
	Items    []processingLine
}

// processingLine is one line of the register, in words.
type processingLine struct {
	ID, Purpose string
	Facts       []fact
	Pending     bool // basis and period wait for a confirmation
}

func showProcessing(v *visit) error {
	return v.render("privacy/register", v.newRegisterPage(privacy.Register()))
}

func (v *visit) newRegisterPage(register []privacy.Processing) registerPage {
	page := registerPage{Version: profile.ConsentVersion, Items: v.processingLines(register)}
	for _, purpose := range profile.Purposes() {
		page.Purposes = append(page.Purposes, v.code("purpose", purpose))
	}
	return page
}

// processingLines puts the register into words. A period in months is the
// project's until the authorities confirm it.
func (v *visit) processingLines(register []privacy.Processing) []processingLine {
	lines := make([]processingLine, len(register))
	for i, p := range register {
		basis := fact{Label: v.t("privacy.basis"), Value: p.Basis.In(v.loc)}
		if p.Consent != "" {
			basis.Note = v.t("privacy.consent.to", v.code("purpose", p.Consent))
		}
		period := fact{Label: v.t("privacy.period"), Value: p.Period.In(v.loc)}
		if p.Months > 0 {
			period.Note = v.t("privacy.pending")
		}
		lines[i] = processingLine{ID: p.Code, Purpose: p.Purpose.In(v.loc), Pending: p.Months > 0, Facts: []fact{
			{Label: v.t("privacy.subjects"), Value: p.Subjects.In(v.loc)},
			{Label: v.t("privacy.data"), Value: p.Data.In(v.loc)},
			{Label: v.t("privacy.recipients"), Value: p.Recipients.In(v.loc)},
			basis, period,
			{Label: v.t("privacy.after"), Value: v.code("privacy.action", p.Action)},
		}}
	}
	return lines
}
