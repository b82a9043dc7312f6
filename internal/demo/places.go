package demo

import "passerelle/internal/domain/ref"

// destination is a country of the sample with what an advertisement there
// needs.
type destination struct {
	country  ref.Country
	weight   int // of 100 offers, how many are there
	cities   []string
	wage     int64 // wages there, in percent of the level of Mali
	currency ref.Currency
	language ref.Language // asked for besides French, or French itself
	level    ref.Level    // 0 = no language is asked for
	abroad   int          // of 100 people abroad, how many live there
}

// destinations are the countries where Malians live and are sought.
func destinations() []destination {
	return []destination{
		{"FR", 16, []string{"Paris", "Montreuil", "Lyon", "Marseille", "Lille", "Rennes"}, 1150, "EUR", "fr", ref.B1, 22},
		{"ES", 11, []string{"Huelva", "Lérida", "Saragosse", "Madrid", "Almería"}, 900, "EUR", "es", ref.A1, 8},
		{"CI", 12, []string{"Abidjan", "Bouaké", "San-Pédro", "Yamoussoukro"}, 160, "XOF", "", ref.NoLevel, 24},
		{"SN", 9, []string{"Dakar", "Thiès", "Saint-Louis", "Kaolack"}, 170, "XOF", "", ref.NoLevel, 9},
		{"MA", 9, []string{"Casablanca", "Tanger", "Agadir", "Rabat", "Marrakech"}, 260, "MAD", "fr", ref.A2, 5},
		{"ML", 12, []string{"Bamako", "Sikasso", "Kayes", "Ségou", "Koulikoro"}, 110, "XOF", "", ref.NoLevel, 0},
		{"IT", 6, []string{"Milan", "Bergame", "Foggia", "Naples"}, 1000, "EUR", "it", ref.A2, 6},
		{"DZ", 4, []string{"Alger", "Oran", "Tamanrasset"}, 220, "DZD", "", ref.NoLevel, 4},
		{"GA", 4, []string{"Libreville", "Port-Gentil"}, 230, "XAF", "", ref.NoLevel, 7},
		{"CA", 5, []string{"Montréal", "Québec", "Sherbrooke", "Gatineau"}, 1200, "CAD", "fr", ref.B2, 3},
		{"SA", 4, []string{"Riyad", "Djeddah", "Dammam"}, 420, "SAR", "ar", ref.A1, 2},
		{"DE", 4, []string{"Hambourg", "Cologne", "Leipzig"}, 1250, "EUR", "de", ref.B1, 2},
		{"PT", 2, []string{"Lisbonne", "Beja"}, 750, "EUR", "pt", ref.A1, 1},
		{"MR", 2, []string{"Nouakchott", "Nouadhibou"}, 170, "MRU", "", ref.NoLevel, 6},
		{"TN", 2, []string{"Tunis", "Sfax"}, 240, "TND", "", ref.NoLevel, 1},
		{"QA", 1, []string{"Doha"}, 480, "QAR", "en", ref.A2, 0},
		{"AE", 1, []string{"Dubaï", "Abou Dabi"}, 500, "AED", "en", ref.A2, 0},
	}
}

// employerNames are fictitious names by field of activity; %s is the city.
func employerNames() map[string][]string {
	return map[string][]string{
		"batiment":    {"Bâtisseurs de %s", "Compagnie des Chantiers de %s", "Travaux Réunis de %s"},
		"industrie":   {"Ateliers Métalliques de %s", "Énergies et Structures de %s"},
		"transport":   {"Transports du Grand %s", "Messageries de %s"},
		"mines":       {"Société Minière de %s", "Carrières et Terrassements de %s"},
		"garage":      {"Garage Central de %s", "Mécanique Générale de %s"},
		"agriculture": {"Coopérative Fruitière de %s", "Domaines Agricoles de %s", "Vergers de %s"},
		"sante":       {"Centre Hospitalier de %s", "Résidence Les Tilleuls de %s", "Clinique de la Paix de %s"},
		"domicile":    {"Services à Domicile de %s", "Maison et Famille %s"},
		"hotel":       {"Hôtel du Fleuve de %s", "Restauration Collective de %s"},
		"services":    {"Propreté et Services de %s", "Gardiennage et Accueil de %s"},
		"textile":     {"Confection de %s", "Filatures de %s"},
		"numerique":   {"Numérique Solidaire %s", "Logiciels de %s"},
		"ecole":       {"Lycée International de %s", "Université Ouverte de %s"},
		"peche":       {"Armement de Pêche de %s"},
	}
}

// agencies of the sample; the first two belong to demo accounts.
type bureau struct {
	name    string
	country ref.Country
	city    string
	kind    string
	licence string
	state   string
}

func bureaus() []bureau {
	return []bureau{
		{"Sahel Emploi International", "ML", "Bamako", "private", "BPE-2024-001", "active"},
		{"Djoliba Placement", "ML", "Bamako", "private", "BPE-2024-007", "active"},
		{"Service public étranger de l’emploi (démonstration)", "GB", "Londres", "foreign_public_service", "SPE-GB-01", "active"},
		{"Agence nationale pour l’emploi (démonstration)", "ML", "Bamako", "public_national", "ANPE-ML", "active"},
		{"Faso Kanu Recrutement", "ML", "Sikasso", "private", "BPE-2023-014", "active"},
		{"Kayes Mobilité", "ML", "Kayes", "private", "BPE-2023-021", "active"},
		{"Service de la main-d’œuvre saisonnière (démonstration)", "ES", "Huelva", "foreign_public_service", "SPE-ES-01", "active"},
		{"Wassoulou Carrières", "ML", "Bougouni", "private", "BPE-2025-003", "active"},
		{"Passages Travail Temporaire", "ML", "Bamako", "private", "BPE-2022-033", "suspended"},
		{"Horizon Golfe Services", "ML", "Bamako", "private", "BPE-2025-019", "vetted"},
		{"Étoile du Mandé Emploi", "ML", "Kita", "private", "BPE-2026-002", "applied"},
		{"Nouveau Départ Conseil", "ML", "Ségou", "private", "BPE-2020-040", "refused"},
	}
}

// Names, family names and quarters are combined at random: nobody is meant.
func familyNames() []string {
	return []string{"Traoré", "Coulibaly", "Diarra", "Keïta", "Konaté", "Sangaré", "Dembélé", "Touré", "Sidibé", "Cissé", "Diallo", "Maïga", "Doumbia", "Koné", "Camara", "Sissoko", "Fofana", "Ba", "Dicko", "Kanté", "Togola", "Berthé", "Sacko", "Guindo", "Ouologuem", "Poudiougou", "Ag Mohamed", "Dolo", "Niaré", "Samaké"}
}

func womenNames() []string {
	return []string{"Aminata", "Fatoumata", "Mariam", "Kadiatou", "Oumou", "Awa", "Rokia", "Assétou", "Djénéba", "Bintou", "Hawa", "Salimata", "Nana", "Maïmouna", "Ramata", "Safiatou", "Tènin", "Coumba"}
}

func menNames() []string {
	return []string{"Mamadou", "Moussa", "Ibrahim", "Seydou", "Amadou", "Boubacar", "Oumar", "Adama", "Bakary", "Cheick", "Modibo", "Souleymane", "Drissa", "Issa", "Abdoulaye", "Lassana", "Yacouba", "Sékou", "Hamidou", "Alassane"}
}
