package suspension

import (
	"context"
	"slices"
	"strings"

	"passerelle/internal/domain/account"
	"passerelle/internal/domain/fault"
	"passerelle/internal/domain/listing"
)

// FileType says what a file is.
type FileType string

// The types, in the order in which lists show them.
const (
	PlacementFile   FileType = "placement"
	ApplicationFile FileType = "application"
	OfferFile       FileType = "offer"
)

// FileTypes lists every type.
func FileTypes() []FileType { return []FileType{PlacementFile, ApplicationFile, OfferFile} }

// File is one offer, application or placement that an act may touch.
type File struct {
	Type FileType
	ID   string
	Subject
	Offer     string // id of the offer it is about; of an offer its own
	Reference string
	Title     string
	State     string
	Abroad    bool       // of a placement: the person has left
	Held      bool       // of a placement: a corridor hold is on it
	Person    account.ID // empty for an offer, and for a person without account
}

// place is where the file stands in lists.
func (f *File) place() string {
	order := map[FileType]string{PlacementFile: "1", ApplicationFile: "2", OfferFile: "3"}
	return order[f.Type] + " " + f.ID
}

// Counts tells how much an act touches.
type Counts struct {
	Offers       int
	Applications int
	Placements   int
	Abroad       int // of the placements
	People       int // different accounts
	Silent       int // live files of people without an account
}

// Query asks for a page of the files within a scope. With Act, the number of a
// legal act about the target, the scope is that act's.
type Query struct {
	Scope Scope
	Act   string
	Type  FileType // empty = every type
	After string
	Limit int
}

// Affected is a page of the files an act touches, or would touch, with the
// counts of all within the scope.
type Affected struct {
	Files  listing.Result[File]
	Counts Counts
}

// Affected lists what a suspension within the scope touches, placements first,
// each type by id; it names nobody. NotFound "suspension.not_found" for a
// number under which no act about the target is known.
func (s *Service) Affected(_ context.Context, actor account.Actor, q Query) (Affected, error) {
	if err := q.Scope.require(actor); err != nil {
		return Affected{}, err
	}
	scopes := []Scope{q.Scope}
	if q.Act != "" {
		if scopes = s.scopesOf(q); len(scopes) == 0 {
			return Affected{}, fault.New(fault.NotFound, "suspension.not_found")
		}
	}
	files := s.within(scopes...)
	result := Affected{Counts: count(files)}
	for i := range files {
		f := &files[i]
		f.Person = ""
		if q.Type != "" && q.Type != f.Type {
			continue
		}
		result.Files.Total++
		switch {
		case f.place() <= q.After || result.Files.Next != "":
		case len(result.Files.Items) == (listing.Page{Limit: q.Limit}).Size():
			result.Files.Next = result.Files.Items[len(result.Files.Items)-1].place()
		default:
			result.Files.Items = append(result.Files.Items, *f)
		}
	}
	return result, nil
}

// scopesOf gives the scopes of the acts of that number about the target, each
// narrowed to the kind and occupation that are asked for.
func (s *Service) scopesOf(q Query) (scopes []Scope) {
	for _, a := range s.Reader.Acts() {
		if a.Number != q.Act || a.Scope.Target != q.Scope.Target {
			continue
		}
		scope := a.Scope
		if scope.Work == "" {
			scope.Work = q.Scope.Work
		}
		if strings.HasPrefix(string(q.Scope.Occupation), string(scope.Occupation)) {
			scope.Occupation = q.Scope.Occupation
		}
		scopes = append(scopes, scope)
	}
	return scopes
}

// within lists the files that any of the scopes covers, in order.
func (s *Service) within(scopes ...Scope) []File {
	var found []File
	s.Reader.EachFile(func(f *File) bool {
		if slices.ContainsFunc(scopes, func(x Scope) bool { return x.Covers(f.Subject) }) {
			found = append(found, *f)
		}
		return true
	})
	slices.SortFunc(found, func(a, b File) int { return strings.Compare(a.place(), b.place()) })
	return found
}

func count(files []File) (n Counts) {
	people := map[account.ID]bool{}
	for i := range files {
		f := &files[i]
		switch f.Type {
		case OfferFile:
			n.Offers++
			continue
		case ApplicationFile:
			n.Applications++
		case PlacementFile:
			n.Placements++
		}
		if f.Abroad {
			n.Abroad++
		}
		if f.Person == "" {
			n.Silent++
		}
		people[f.Person] = true
	}
	delete(people, "")
	n.People = len(people)
	return n
}
