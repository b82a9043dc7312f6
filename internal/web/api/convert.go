package api

// mapped applies a function to each item; the result is never nil.
func mapped[A, B any](items []A, to func(A) B) []B {
	out := make([]B, len(items))
	for i, item := range items {
		out[i] = to(item)
	}
	return out
}

// typed gives texts the type of a vocabulary; the rules have checked them.
func typed[T ~string](texts []string) []T {
	return mapped(texts, func(s string) T { return T(s) })
}

// textsOf is the way back; the result is never nil.
func textsOf[T ~string](codes []T) []string {
	return mapped(codes, func(c T) string { return string(c) })
}
