package ref

import "passerelle/internal/domain/fault"

// Sector is an economic activity of ISIC Rev. 4: the letter of a section
// ("F" construction) or the two digits of a division ("41"); empty = not
// stated.
type Sector string

// sectionFacts is one section with the range of its divisions.
type sectionFacts struct {
	code        Sector
	first, last string
	name        labels
}

var sections = [...]sectionFacts{
	{"A", "01", "03", labels{"Agriculture, sylviculture et pêche", "Agriculture, forestry and fishing"}},
	{"B", "05", "09", labels{"Activités extractives", "Mining and quarrying"}},
	{"C", "10", "33", labels{"Activités de fabrication", "Manufacturing"}},
	{"D", "35", "35", labels{"Production et distribution d’électricité, de gaz, de vapeur et climatisation", "Electricity, gas, steam and air conditioning supply"}},
	{"E", "36", "39", labels{"Distribution d’eau ; réseau d’assainissement ; gestion des déchets et remise en état", "Water supply; sewerage, waste management and remediation activities"}},
	{"F", "41", "43", labels{"Construction", "Construction"}},
	{"G", "45", "47", labels{"Commerce de gros et de détail ; réparation de véhicules automobiles et de motocycles", "Wholesale and retail trade; repair of motor vehicles and motorcycles"}},
	{"H", "49", "53", labels{"Transport et entreposage", "Transportation and storage"}},
	{"I", "55", "56", labels{"Activités d’hébergement et de restauration", "Accommodation and food service activities"}},
	{"J", "58", "63", labels{"Information et communication", "Information and communication"}},
	{"K", "64", "66", labels{"Activités financières et d’assurances", "Financial and insurance activities"}},
	{"L", "68", "68", labels{"Activités immobilières", "Real estate activities"}},
	{"M", "69", "75", labels{"Activités professionnelles, scientifiques et techniques", "Professional, scientific and technical activities"}},
	{"N", "77", "82", labels{"Activités de services administratifs et d’appui", "Administrative and support service activities"}},
	{"O", "84", "84", labels{"Administration publique et défense ; sécurité sociale obligatoire", "Public administration and defence; compulsory social security"}},
	{"P", "85", "85", labels{"Éducation", "Education"}},
	{"Q", "86", "88", labels{"Santé et activités d’action sociale", "Human health and social work activities"}},
	{"R", "90", "93", labels{"Arts, spectacles et loisirs", "Arts, entertainment and recreation"}},
	{"S", "94", "96", labels{"Autres activités de services", "Other service activities"}},
	{"T", "97", "98", labels{"Activités des ménages privés employant du personnel domestique ; activités indifférenciées de production de biens et de services des ménages privés pour usage propre", "Activities of households as employers; undifferentiated goods- and services-producing activities of households for own use"}},
	{"U", "99", "99", labels{"Activités des organisations et organismes extraterritoriaux", "Activities of extraterritorial organizations and bodies"}},
}

// unusedDivisions are the two-digit numbers within a section's range that
// ISIC Rev. 4 does not use.
var unusedDivisions = map[Sector]bool{"04": true, "34": true, "40": true, "44": true, "48": true, "54": true, "57": true, "67": true, "76": true, "83": true, "89": true}

// ParseSector reads the letter of an ISIC Rev. 4 section or the two digits of
// a division; the empty text is "not stated". Anything else is Invalid.
func ParseSector(s string) (Sector, error) {
	if s == "" {
		return "", nil
	}
	if Sector(s).Section() == "" {
		return "", fault.New(fault.Invalid, "ref.sector")
	}
	return Sector(s), nil
}

// Section gives the section the code belongs to; empty when it is no code of
// ISIC Rev. 4.
func (s Sector) Section() Sector {
	for _, f := range sections {
		inRange := len(s) == 2 && allDigits(string(s)) && string(s) >= f.first && string(s) <= f.last && !unusedDivisions[s]
		if s == f.code || inRange {
			return f.code
		}
	}
	return ""
}

// Sectors lists the sections A to U.
func Sectors() []Sector {
	out := make([]Sector, len(sections))
	for i, f := range sections {
		out[i] = f.code
	}
	return out
}

// Label names the section the code belongs to, in the locale.
func (s Sector) Label(locale Locale) string {
	section := s.Section()
	for _, f := range sections {
		if f.code == section {
			return f.name.in(locale)
		}
	}
	return ""
}
