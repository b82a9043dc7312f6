package incident

import "passerelle/internal/domain/ref"

// The kinds of partners a case is referred to.
const (
	Consulate    = "consulate"
	Inspectorate = "labour_inspectorate"
	IOM          = "iom"
	Police       = "police"
	NGO          = "ngo"
)

// Kinds lists the kinds of partners.
func Kinds() []string { return []string{Consulate, Inspectorate, IOM, Police, NGO} }

// Text is a wording in the complete locales.
type Text struct{ FR, EN string }

// Partner is somebody a case can be referred to. How to reach them is not said
// here: the ministry's own directory does, and a number out of date costs time
// nobody has.
type Partner struct {
	Kind    string
	Country ref.Country
	Name    Text
	// Confirmed is false while the ministry has not confirmed the partner
	// (« à confirmer par le ministère »).
	Confirmed bool
}

// inspectorates names the labour inspectorates of the usual destinations.
func inspectorates() map[ref.Country]string {
	return map[ref.Country]string{
		"ML": "Inspection du travail", "FR": "Inspection du travail", "ES": "Inspección de Trabajo y Seguridad Social",
		"IT": "Ispettorato Nazionale del Lavoro", "MA": "Inspection du travail", "DZ": "Inspection générale du travail",
		"CI": "Inspection du travail", "SN": "Inspection du travail et de la sécurité sociale", "GA": "Inspection du travail",
	}
}

// Partners gives the partners in a country, one of each kind, none of them
// confirmed until the ministry has done so.
func Partners(country ref.Country) []Partner {
	fr, en := country.Name(ref.French), country.Name(ref.English)
	if fr == "" {
		return nil
	}
	inspectorate := Text{"Inspection du travail (" + fr + ")", "Labour inspectorate (" + en + ")"}
	if own := inspectorates()[country]; own != "" {
		inspectorate = Text{own + " (" + fr + ")", own + " (" + en + ")"}
	}
	mission := Text{"Ambassade ou consulat du Mali (" + fr + ")", "Embassy or consulate of Mali (" + en + ")"}
	if country == ref.Mali {
		mission = Text{"Ministère des Maliens établis à l’extérieur", "Ministry of Malians Living Abroad"}
	}
	return []Partner{
		{Kind: Consulate, Country: country, Name: mission},
		{Kind: Inspectorate, Country: country, Name: inspectorate},
		{Kind: IOM, Country: country, Name: Text{"Organisation internationale pour les migrations (" + fr + ")", "International Organization for Migration (" + en + ")"}},
		{Kind: Police, Country: country, Name: Text{"Police (" + fr + ")", "Police (" + en + ")"}},
		{Kind: NGO, Country: country, Name: Text{"Association d’aide aux migrants (" + fr + ")", "Migrants’ aid association (" + en + ")"}},
	}
}
