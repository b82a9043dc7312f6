package ref

// spot is a known title found as a row of words in an advertised one.
type spot struct {
	from, to int // words[from:to]
	titles   []int32
}

// phrases finds the known titles that stand word for word in the advertised
// one and scores each by what it covers and where it stands. A title that is
// part of a longer one found at the same place does not count.
func (c *Coder) phrases(words []titleWord, lang Locale, found map[Occupation]Coded) {
	spots := c.spots(words)
	for _, s := range spots {
		if covered(s, spots) {
			continue
		}
		for _, i := range s.titles {
			t := c.titles[i]
			confidence := c.confidence(words, s, t, lang)
			if len(s.titles) > 1 && c.severalGroups(s.titles, t) {
				confidence -= 12
			}
			keep(found, Coded{Occupation: t.code, Confidence: max(confidence, 1), Via: t.label})
		}
	}
}

// spots lists every row of words that is a known title.
func (c *Coder) spots(words []titleWord) []spot {
	var out []spot
	key := make([]byte, 0, 96)
	for from := range words {
		key = key[:0]
		for to := from + 1; to <= len(words) && to-from <= c.longest; to++ {
			key = append(append(key, words[to-1].stem...), ' ')
			if titles, ok := c.byStems[string(key)]; ok {
				out = append(out, spot{from: from, to: to, titles: titles})
			}
		}
	}
	return out
}

// covered reports whether a longer spot contains this one.
func covered(s spot, spots []spot) bool {
	for _, o := range spots {
		if o.from <= s.from && o.to >= s.to && o.to-o.from > s.to-s.from {
			return true
		}
	}
	return false
}

// severalGroups reports whether titles of the same words name occupations of
// different minor groups in the locale of t.
func (c *Coder) severalGroups(titles []int32, t jobTitle) bool {
	for _, i := range titles {
		o := c.titles[i]
		if o.locale == t.locale && o.code.Prefix(3) != t.code.Prefix(3) {
			return true
		}
	}
	return false
}

// confidence scores one known title at one spot; CodeTitle documents the
// scale.
func (c *Coder) confidence(words []titleWord, s spot, t jobTitle, lang Locale) int {
	inside, outside := c.masses(words, s)
	share := inside / (inside + outside)
	score := 0.0
	switch {
	case outside < 0.6 && c.headAt(words, s, t.locale):
		score = 95 + 4*share
	case c.headAt(words, s, t.locale):
		score = 75 + 19*share
	case c.leads(words, s, t.locale):
		score = 64 + 20*share
	case words[s.from].segment == 0 && s.to-s.from > 1:
		score = 48 + 22*share
	case s.to-s.from > 1:
		score = 44 + 18*share
	default:
		score = 34 + 24*share
	}
	if score > 60 && !t.official && s.to-s.from == 1 && inside < 2.2 {
		score -= 12
	}
	return adjust(int(score), words, s, t, lang)
}

// adjust lowers a score for vague titles, another language and helpers.
func adjust(score int, words []titleWord, s spot, t jobTitle, lang Locale) int {
	if lang != "" && t.locale != lang {
		score -= 8
		if s.to-s.from == 1 && len(words) > 1 {
			score -= 22
		}
	}
	if helped(words, s) {
		score -= 22
	}
	if t.vague {
		score = min(score, ConfidenceLimit-1)
	}
	return score
}

// helpers turn the title they stand before into another occupation.
var helpers = stemSet("aide assistant auxiliaire helper support student")

// helped reports whether a helper's word stands just before the spot.
func helped(words []titleWord, s spot) bool {
	return s.from > 0 && words[s.from-1].segment == words[s.from].segment && helpers[words[s.from-1].stem]
}

// masses sums the weights of the words of the title proper inside and outside
// the spot; words of later segments weigh little.
func (c *Coder) masses(words []titleWord, s spot) (inside, outside float64) {
	for i, w := range words {
		weight := c.stemWeight(w.stem)
		switch {
		case i >= s.from && i < s.to:
			inside += weight
		case neutralWords[w.stem]:
			outside += 0.1
		case w.segment > 0 || w.after:
			outside += 0.3 * weight
		default:
			outside += weight
		}
	}
	return inside, outside
}

// headAt reports whether the spot is the head of the title: in English the
// last telling words of the first segment before a preposition, in French the
// first telling ones. Words of rank or setting beside it are passed over.
func (c *Coder) headAt(words []titleWord, s spot, locale Locale) bool {
	if words[s.from].segment != 0 {
		return false
	}
	if locale == French {
		return c.allNeutral(words[:s.from])
	}
	end := s.to
	for end < len(words) && words[end].segment == 0 && !words[end].after {
		end++
	}
	return c.allNeutral(words[s.to:end]) && !words[s.from].after
}

// leads reports whether the spot opens an English title and is followed only
// by words no known title ends in: a specialty, a ward or a town ("Staff Nurse
// Surgery"), not another occupation ("Nurse Manager").
func (c *Coder) leads(words []titleWord, s spot, locale Locale) bool {
	if locale == French || words[s.from].segment != 0 || !c.allNeutral(words[:s.from]) {
		return false
	}
	for _, w := range words[s.to:] {
		if w.segment == 0 && !w.after && c.heads[w.stem] {
			return false
		}
	}
	return true
}

func (c *Coder) allNeutral(words []titleWord) bool {
	for _, w := range words {
		if !neutralWords[w.stem] {
			return false
		}
	}
	return true
}
