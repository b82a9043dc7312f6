package corridor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/ref"
)

// outline is what the first set states about one destination; the wording
// that all destinations share is in defaults_text.go.
type outline struct {
	country   ref.Country
	there     Text // "en Espagne", "in Spain"
	bases     []Basis
	wage      int64   // lowest monthly gross pay in EUR cents, any occupation
	wageFrom  string  // what that figure was made from
	farmWage  int64   // lower wage of farm work, where the law knows one
	earlier   []Floor // floors of former years, for offers of those years
	hours     int     // ceiling in hours a week; 0 = none known
	regulated []ref.Occupation
	free      bool   // entry and work without visa, by treaty
	papers    []Text // beyond the usual ones
	right     Text   // sentence about rights particular to the country
}

// Defaults gives the first set of corridors: destinations of Malian migration
// with the texts they rest on. Figures are reference values that the ministry
// has still to confirm; a text counts as confirmed where its source is stated.
// Every corridor starts open and with zero fee.
func Defaults() []Corridor {
	var out []Corridor
	for _, o := range slices.Concat(europe(), africa(), overseas()) {
		out = append(out, o.corridor())
	}
	slices.SortFunc(out, func(a, b Corridor) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return out
}

// Seed adds the corridors of Defaults that do not exist yet, in the name of
// the system, and gives their number. It may be run at every start.
func (s *Service) Seed(ctx context.Context) (int, error) {
	added := 0
	for _, c := range Defaults() {
		_, err := s.Create(ctx, account.SystemActor(), c.Code, c.Facts())
		switch {
		case err == nil:
			added++
		case !fault.Is(err, fault.Conflict):
			return added, fmt.Errorf("seed corridor %s: %w", c.Code, err)
		}
	}
	return added, nil
}

func (o outline) corridor() Corridor {
	c := Corridor{Code: CodeFor(o.country), Rev: 1, Destination: o.country}
	f := Facts{
		Bases: o.bases, Floors: o.floors(), MaxHours: o.hours * 100, Kinds: ref.WorkKinds(),
		Regulated: slices.Concat(healthWork(), o.regulated), Documents: o.documents(), Notice: o.notice(),
	}
	o.complete(&f)
	c.state(f)
	return c
}

// healthWork lists the health occupations that need a recognised
// qualification wherever one works: doctors, nurses and midwives, dentists,
// pharmacists, physiotherapists, imaging, laboratory and pharmacy technicians,
// assistant nurses and midwives.
func healthWork() []ref.Occupation {
	return []ref.Occupation{"221", "222", "2261", "2262", "2264", "3211", "3212", "3213", "3221", "3222"}
}

// floorsSince is the day from which the lowest wages below are taken to hold.
const floorsSince ref.Date = "2026-01-01"

// floors gives the lowest wage of the destination's law, and that of farm
// work where it differs. Nothing is added for skilled work: a floor that no
// law knows would block honest offers.
func (o outline) floors() []Floor {
	source := o.wageFrom + " ; valeur de référence"
	floors := []Floor{{EURCents: o.wage, From: floorsSince, Source: source}}
	if o.farmWage > 0 {
		for _, group := range []ref.Occupation{"6", "92"} {
			floors = append(floors, Floor{Prefix: group, From: floorsSince, EURCents: o.farmWage, Source: source})
		}
	}
	return append(floors, o.earlier...)
}

// known is a text with its source; such a basis counts as confirmed.
func known(date ref.Date, fr, en, source string) Basis {
	return Basis{Title: Text{FR: fr, EN: en}, Date: date, Source: source, Confirmed: true}
}

// unsure is a text that the ministry has still to confirm.
func unsure(date ref.Date, fr, en string) Basis {
	return Basis{Title: Text{FR: fr, EN: en}, Date: date}
}

// seasonalDirective is the Union's law on seasonal workers from elsewhere.
func seasonalDirective() Basis {
	return known("2014-02-26", "Directive 2014/36/UE sur les travailleurs saisonniers",
		"Directive 2014/36/EU on seasonal workers", "https://eur-lex.europa.eu/eli/dir/2014/36/oj")
}

// blueCardDirective is the Union's law on highly qualified workers.
func blueCardDirective() Basis {
	return known("2021-10-20", "Directive (UE) 2021/1883 sur la carte bleue européenne",
		"Directive (EU) 2021/1883 on the EU Blue Card", "https://eur-lex.europa.eu/eli/dir/2021/1883/oj")
}

// migrantWorkers is the United Nations convention of 1990, which binds Mali
// and the destinations that call this.
func migrantWorkers() Basis {
	return known("2003-07-01",
		"Convention internationale sur la protection des droits de tous les travailleurs migrants et des membres de leur famille (entrée en vigueur ; le Mali et le pays de destination y sont parties)",
		"International Convention on the Protection of the Rights of All Migrant Workers and Members of Their Families (entry into force; Mali and the destination are parties)",
		"Collection des traités des Nations Unies, chapitre IV-13")
}

// unionTreaty is the treaty of the West African Economic and Monetary Union.
func unionTreaty() Basis {
	return known("1994-01-10", "Traité de l’UEMOA : libre circulation des personnes et droit d’établissement (articles 91 et 92)",
		"WAEMU Treaty: free movement of persons and right of establishment (articles 91 and 92)",
		"Traité de l’Union économique et monétaire ouest-africaine, articles 91 et 92")
}
