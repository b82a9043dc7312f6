package profile

import "reflect"

// changedFacts names the sections in which two statements differ, sorted;
// normalised facts without a difference give none.
func changedFacts(old, now *Facts) []string {
	var names []string
	for _, section := range []struct {
		name      string
		old, this any
	}{
		{"education", old.Education, now.Education},
		{"experience", old.Experience, now.Experience},
		{"identity", old.Identity, now.Identity},
		{"interests", old.Interests, now.Interests},
		{"languages", old.Languages, now.Languages},
		{"licences", old.Licences, now.Licences},
		{"occupations", old.Occupations, now.Occupations},
		{"recognitions", old.Recognitions, now.Recognitions},
		{"residence", old.Residence, now.Residence},
		{"skills", old.Skills, now.Skills},
		{"spells", old.Spells, now.Spells},
		{"summary", old.Summary, now.Summary},
		{"wishes", old.Wishes, now.Wishes},
	} {
		if !sameStatement(reflect.ValueOf(section.old), reflect.ValueOf(section.this)) {
			names = append(names, section.name)
		}
	}
	return names
}

// sameStatement compares deeply, and takes an empty list for an absent one:
// a store may give back either.
func sameStatement(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameStatement(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		same := a.Len() == b.Len()
		for i := 0; same && i < a.Len(); i++ {
			same = sameStatement(a.Index(i), b.Index(i))
		}
		return same
	}
	return a.Equal(b)
}
