package statistics

import (
	"passerelle/internal/domain/application"
	"passerelle/internal/domain/ref"
)

// Label names a code of a report in a language; the empty report is that of
// the parts of lines.
func Label(report, code string, l ref.Locale) string {
	if code == Unknown {
		return choose(l, "Non précisé", "Not stated")
	}
	switch report {
	case OffersByCountry, ProfilesByCountry:
		return ref.Country(code).Name(l)
	case ProfilesByRegion, ProfilesByRegionSex:
		return ref.Region(code).Name()
	case OffersByOccupation:
		return ref.Occupation(code).Title(l)
	case ApplicationsByOutcome:
		return outcomeLabel(code, l)
	}
	switch code {
	case female:
		return choose(l, "Femmes", "Women")
	case male:
		return choose(l, "Hommes", "Men")
	}
	return code
}

func outcomeLabel(code string, l ref.Locale) string {
	switch code {
	case string(application.Selected):
		return choose(l, "Retenues", "Selected")
	case string(application.Refused):
		return choose(l, "Refusées", "Refused")
	case string(application.Withdrawn):
		return choose(l, "Retirées par le candidat", "Withdrawn by the candidate")
	case string(application.Closed):
		return choose(l, "Closes avec l’offre", "Closed with the offer")
	default:
		return choose(l, "En cours", "Running")
	}
}

func choose(l ref.Locale, french, english string) string {
	if l == ref.English {
		return english
	}
	return french
}
