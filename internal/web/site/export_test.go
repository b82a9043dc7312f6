package site

// Patterns is every page and form there is, as “GET /offres/:id”.
func Patterns() []string {
	var out []string
	for _, r := range (&Site{}).routes() {
		out = append(out, r.method+" "+r.path)
	}
	return out
}
