package match

import (
	"strconv"

	"passerelle/internal/domain/fault"
)

// MaxRanked is the longest ranked list anybody can ask for.
const MaxRanked = 500

// AdultAge is the lowest age on the start date, whatever an offer says.
const AdultAge = 18

// TenThousand is the full share of a component, and the highest score.
const TenThousand = 10_000

// Weights says how much each component counts: non-negative whole numbers
// that sum to 100.
type Weights struct {
	Occupation, Skills, Languages, Experience, Salary, Education int64
}

// DefaultWeights gives the weights the ministry starts with.
func DefaultWeights() Weights {
	return Weights{Occupation: 35, Skills: 30, Languages: 10, Experience: 10, Salary: 10, Education: 5}
}

// list gives the weights in the order of the components.
func (w Weights) list() [ComponentCount]int64 {
	return [ComponentCount]int64{w.Occupation, w.Skills, w.Languages, w.Experience, w.Salary, w.Education}
}

// Validate fails with Invalid unless every weight is non-negative and they
// sum to 100.
func (w Weights) Validate() error {
	var errs fault.List
	sum := int64(0)
	for i, weight := range w.list() {
		errs.Check(weight >= 0 && weight <= 100, "/"+string(Components()[i]), "match.weights.range")
		sum += min(max(weight, 0), 100)
	}
	errs.Check(sum == 100, "", "match.weights.sum")
	return errs.Err("match.weights")
}

// Version names these weights, for example "w35-30-10-10-10-5". Equal weights
// have equal versions, different ones different versions.
func (w Weights) Version() string {
	version := []byte("w")
	for i, weight := range w.list() {
		if i > 0 {
			version = append(version, '-')
		}
		version = strconv.AppendInt(version, weight, 10)
	}
	return string(version)
}
