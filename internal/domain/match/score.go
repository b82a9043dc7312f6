package match

import (
	"math/bits"
	"slices"

	"passerelle/internal/domain/ref"
)

// ComponentCode names a part of the score.
type ComponentCode string

// The components of the score.
const (
	OccupationShare ComponentCode = "occupation"
	SkillsShare     ComponentCode = "skills"
	LanguagesShare  ComponentCode = "languages"
	ExperienceShare ComponentCode = "experience"
	SalaryShare     ComponentCode = "salary"
	EducationShare  ComponentCode = "education"
)

// ComponentCount is the number of components.
const ComponentCount = 6

// Components lists the components in the order of the definition.
func Components() [ComponentCount]ComponentCode {
	return [ComponentCount]ComponentCode{OccupationShare, SkillsShare, LanguagesShare, ExperienceShare, SalaryShare, EducationShare}
}

// Component is one part of the score: Share is 0–10 000, Contribution is
// Weight × Share / 100, floored.
type Component struct {
	Code         ComponentCode
	Weight       int64
	Share        int64
	Contribution int64
}

func components(o *Offer, p *Profile, w Weights) (parts [ComponentCount]Component) {
	shares := [ComponentCount]int64{occupationShare(o, p), skillsShare(o, p), languagesShare(o, p),
		experienceShare(o, p), salaryShare(o, p), educationShare(o, p)}
	weights := w.list()
	for i, code := range Components() {
		parts[i] = Component{Code: code, Weight: weights[i], Share: shares[i], Contribution: weights[i] * shares[i] / 100}
	}
	return parts
}

const (
	half          = TenThousand / 2
	skilledMonths = 60 // months above the minimum that earn the full share
	levelHeadroom = 2  // levels above the requirement that earn the full share
	highestCEFR   = 6
	highestISCED  = 8
)

// portion computes scale × part / whole, floored once; 0 ≤ part ≤ whole and
// whole > 0. The product is held in 128 bits.
func portion(scale, part, whole int64) int64 {
	high, low := bits.Mul64(uint64(scale), uint64(part))
	quotient, _ := bits.Div64(high, low, uint64(whole))
	return int64(quotient)
}

func occupationShare(o *Offer, p *Profile) int64 {
	digits, _ := p.closest(o.Occupation)
	return [...]int64{0, 1500, 4000, 7000, TenThousand}[min(digits, 4)]
}

// closest finds the worked or sought occupation that shares most digits with
// the given one: the lowest code of those that share as many.
func (p *Profile) closest(occupation ref.Occupation) (digits int, own ref.Occupation) {
	for _, list := range [...][]ref.Occupation{p.Worked, p.Sought} {
		for _, have := range list {
			n := sharedDigits(have, occupation)
			if n > digits || n == digits && n > 0 && have < own {
				digits, own = n, have
			}
		}
	}
	return digits, own
}

func skillsShare(o *Offer, p *Profile) int64 {
	if len(o.RequiredSkills)+len(o.OptionalSkills) == 0 {
		return half
	}
	had, named := int64(0), int64(0)
	for _, s := range o.RequiredSkills {
		named += 2
		if slices.Contains(p.Skills, s) {
			had += 2
		}
	}
	for _, s := range o.OptionalSkills {
		named++
		if slices.Contains(p.Skills, s) {
			had++
		}
	}
	return portion(TenThousand, had, named)
}

func languagesShare(o *Offer, p *Profile) int64 {
	if len(o.Languages) == 0 {
		return half
	}
	room, used := int64(0), int64(0)
	for _, need := range o.Languages {
		headroom := max(0, min(levelHeadroom, highestCEFR-int64(need.Level)))
		room += headroom
		used += min(max(0, int64(p.LevelOf(need.Code)-need.Level)), headroom)
	}
	switch {
	case room > 0:
		return half + portion(half, used, room)
	case speaksAll(o, p):
		return TenThousand
	default:
		return 0
	}
}

func experienceShare(o *Offer, p *Profile) int64 {
	full := o.MinMonths + skilledMonths
	return portion(TenThousand, min(p.RelevantMonths(o.Occupation), full), full)
}

func salaryShare(o *Offer, p *Profile) int64 {
	pay, least := o.PayCents, p.MinPayCents
	switch {
	case !o.PayKnown:
		return 0
	case least <= 0:
		return half
	case pay >= least:
		return half + portion(half, min(pay-least, least), least)
	default:
		return portion(half, max(0, pay), least)
	}
}

func educationShare(o *Offer, p *Profile) int64 {
	headroom := min(levelHeadroom, highestISCED-int64(o.Education))
	if headroom <= 0 {
		return TenThousand
	}
	return half + portion(half, min(max(0, int64(p.Education-o.Education)), headroom), headroom)
}
