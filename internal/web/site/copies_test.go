package site

import (
	"slices"
	"strings"
	"testing"

	"passerelle/internal/domain/ref"
	"passerelle/internal/web/locale"
)

// ownSentences are the lists of the pages whose codes are also those of a shared
// list: they hold no other name for the code, but a sentence about it.
var ownSentences = map[string]string{
	"factor":               "what the pages of the second factor say and ask; the log names what was done",
	"application.actor":    "who has to act next on an application, told to the candidate",
	"application.next":     "what comes next for an application, told to the candidate",
	"application.says":     "what a state means for the candidate",
	"offer.says":           "what a state means for the reader of an offer",
	"team.says":            "what a state means for the agency's team",
	"trip.says":            "what a state means for the person who leaves",
	"trip.agency":          "what a state means for the agency",
	"pipeline.next":        "what the agency can do with an application",
	"consent.about":        "what a consent allows, explained to the person",
	"match.none":           "why a component counts nothing",
	"match.change":         "what a person could change, with its values",
	"match.fact.education": "a fact of one component, told to the person it is about",
	"profile.gap":          "what the profile lacks, within a sentence",
	"profile.about":        "what to fill in, told to the person",
	"profile.part":         "the parts of a profile; some are named as what they are scored by",
	"term":                 "the conditions of an offer, with those that are scored among them",
	"flash.decision":       "what was done, told once",
	"flash.employer":       "what was done, told once",
	"desk.file":            "the one thing a line leads to; the log's groups name all of a kind",
}

// namesOf groups the keys of a catalogue by what is before each dot: the codes
// of each list.
func namesOf(c *locale.Catalogue) map[string][]string {
	lists := map[string][]string{}
	for _, key := range c.Keys() {
		for i, r := range key {
			if r == '.' {
				lists[key[:i]] = append(lists[key[:i]], key[i+1:])
			}
		}
	}
	return lists
}

// copies says which shared list the codes of a list of the pages are: three
// codes or more, and most of the shorter list, are the same.
func copies(own []string, shared map[string][]string) (list string) {
	most := 2
	for name, codes := range shared {
		same := 0
		for _, c := range own {
			if slices.Contains(codes, c) {
				same++
			}
		}
		if same > most && 10*same >= 6*min(len(own), len(codes)) {
			list, most = name, same
		}
	}
	return list
}

// TestNoSecondCopy: what a code is called stands in the shared words alone, so
// that the API, the candidate, the agency and the official read the same name.
func TestNoSecondCopy(t *testing.T) {
	s := bareSite(t)
	messages := s.opts.Server.Messages()
	shared := map[string][]string{}
	for list, codes := range namesOf(messages) {
		if head, _, _ := strings.Cut(list, "."); head != "problem" && head != "field" && head != "lint" && head != "title" {
			shared[list] = codes
		}
	}
	own := namesOf(s.texts)
	for list, codes := range own {
		if like := copies(codes, shared); like != "" && ownSentences[list] == "" {
			t.Errorf("the pages have their own words for %q, as %q: use those of internal/web/locale", like, list)
		}
	}
	for list := range ownSentences {
		if copies(own[list], shared) == "" {
			t.Errorf("%q is no longer like a shared list", list)
		}
	}
	for _, key := range s.texts.Keys() {
		if messages.Has(key) {
			t.Errorf("%q has a text in the pages and in the shared words", key)
		}
	}
	if like := copies([]string{"settled", "left_again", "other", "hint"}, shared); like != "case_outcome" {
		t.Errorf("a copy is not seen: %q", like)
	}
	if got := s.words(ref.French).code("need", "housing"); got != "Logement" {
		t.Errorf("a shared word reads %q", got)
	}
}
