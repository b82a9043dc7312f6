package index

import (
	"math"
	"slices"
)

// posting says how often a word occurs in a document; a word of the title
// counts titleWeight times.
type posting struct {
	doc   uint32
	count uint32
}

const (
	titleWeight = 3
	bm25K1      = 1.2
	bm25B       = 0.75
	// scoreUnit turns relevance into whole numbers, so that cursors and ties
	// are exact.
	scoreUnit = 1e6
)

// texts is the inverted index of the offers' words: for every word the
// documents it occurs in, and for every document its words in order, with
// gaps between title, description, employer and city.
type texts struct {
	lexicon  *lexicon
	postings [][]posting // by wordID, sorted by doc
	streams  [][]wordID  // by doc; nil = no such document
	lengths  []uint32    // by doc: words, those of the title weighted
	live     int
	total    uint64 // sum of lengths
}

func newTexts() *texts { return &texts{lexicon: newLexicon(), postings: make([][]posting, 1)} }

// stream numbers the words of the parts, the title first.
func (t *texts) stream(parts [][]piece) []wordID {
	size := len(parts)
	for _, part := range parts {
		size += len(part)
	}
	words := make([]wordID, 0, size)
	for _, part := range parts {
		for _, p := range part {
			words = append(words, t.lexicon.id(p))
		}
		words = append(words, gap)
	}
	for len(t.postings) < len(t.lexicon.folded) {
		t.postings = append(t.postings, nil)
	}
	return words
}

// add takes a document in and gives its number, which grows with every one.
func (t *texts) add(stream []wordID) uint32 {
	doc := uint32(len(t.streams))
	t.streams = append(t.streams, stream)
	length, weight := uint32(0), uint32(titleWeight)
	for _, w := range stream {
		if w == gap {
			weight = 1
			continue
		}
		length += weight
		list := t.postings[w]
		if n := len(list); n > 0 && list[n-1].doc == doc {
			list[n-1].count += weight
			continue
		}
		t.postings[w] = append(list, posting{doc, weight})
	}
	t.lengths = append(t.lengths, length)
	t.live++
	t.total += uint64(length)
	return doc
}

// drop forgets a document; its postings stay until the next compaction and
// are passed over.
func (t *texts) drop(doc uint32) {
	t.live--
	t.total -= uint64(t.lengths[doc])
	t.streams[doc], t.lengths[doc] = nil, 0
}

// crowded reports whether too many postings belong to dropped documents.
func (t *texts) crowded() bool { return len(t.streams)-t.live > t.live/2+1024 }

// dropped is the new number of a document that is gone.
const dropped = math.MaxUint32

// compact renumbers the documents without holes and gives the new number of
// each old one. Their order stays.
func (t *texts) compact() (renumbered []uint32) {
	renumbered = make([]uint32, len(t.streams))
	next := uint32(0)
	for doc, stream := range t.streams {
		renumbered[doc] = dropped
		if stream != nil {
			renumbered[doc] = next
			t.streams[next], t.lengths[next] = stream, t.lengths[doc]
			next++
		}
	}
	for w, list := range t.postings {
		list = slices.DeleteFunc(list, func(p posting) bool { return renumbered[p.doc] == dropped })
		for i := range list {
			list[i].doc = renumbered[list[i].doc]
		}
		t.postings[w] = list
	}
	clear(t.streams[next:])
	t.streams, t.lengths = t.streams[:next], t.lengths[:next]
	return renumbered
}

// tally counts one item's occurrences in every document.
type tally struct {
	exact   []uint32 // as written
	related []uint32 // any word of the family, those as written included
}

// find counts the item in every document.
func (t *texts) find(it item) tally {
	switch {
	case it.prefix:
		return tally{related: t.count(t.lexicon.starting(it.words[0].folded))}
	case it.quoted:
		return tally{exact: t.phrases(it.words)}
	default:
		return tally{exact: t.count(t.lexicon.exact(it.words[0].folded)), related: t.count(t.lexicon.related(it.words[0]))}
	}
}

func (t *texts) count(words []wordID) []uint32 {
	counts := make([]uint32, len(t.streams))
	for _, w := range words {
		for _, p := range t.postings[w] {
			counts[p.doc] += p.count
		}
	}
	for doc, stream := range t.streams {
		if stream == nil {
			counts[doc] = 0
		}
	}
	return counts
}

// phrases counts where the words follow each other: only documents that hold
// every one of them are read.
func (t *texts) phrases(words []piece) []uint32 {
	counts, forms := t.count(t.lexicon.exact(words[0].folded)), make([]wordID, len(words))
	for i, w := range words {
		same := t.lexicon.exact(w.folded)
		if len(same) == 0 {
			return make([]uint32, len(t.streams))
		}
		forms[i] = same[0]
		for doc, n := range t.count(same) {
			counts[doc] = min(counts[doc], n)
		}
	}
	for doc, n := range counts {
		if n > 0 && len(words) > 1 {
			counts[doc] = t.follow(t.streams[doc], forms)
		}
	}
	return counts
}

// follow counts where the forms follow each other in one text; no form is
// that of the gap.
func (t *texts) follow(stream, forms []wordID) (count uint32) {
	weight := uint32(titleWeight)
	for at := 0; at+len(forms) <= len(stream); at++ {
		if stream[at] == gap {
			weight = 1
		}
		i := 0
		for i < len(forms) && t.lexicon.forms[stream[at+i]] == forms[i] {
			i++
		}
		if i == len(forms) {
			count += weight
		}
	}
	return count
}

// search gives the relevance of every document that has all items asked for
// and none excluded, and -1 for the others.
func (t *texts) search(items []item) []int64 {
	scores := make([]float64, len(t.streams))
	for _, it := range items {
		found := t.find(it)
		for doc := range scores {
			if occurs := found.in(doc); occurs == it.exclude {
				scores[doc] = math.Inf(-1)
			}
		}
		if !it.exclude {
			t.weigh(scores, found.exact)
			t.weigh(scores, found.related)
		}
	}
	whole := make([]int64, len(scores))
	for doc, score := range scores {
		whole[doc] = -1
		if !math.IsInf(score, -1) && t.streams[doc] != nil {
			whole[doc] = int64(math.Round(score * scoreUnit))
		}
	}
	return whole
}

func (f tally) in(doc int) bool {
	return f.exact != nil && f.exact[doc] > 0 || f.related != nil && f.related[doc] > 0
}

// weigh adds the BM25 weight of one family of words to every document.
func (t *texts) weigh(scores []float64, counts []uint32) {
	holding := 0
	for _, n := range counts {
		if n > 0 {
			holding++
		}
	}
	if holding == 0 {
		return
	}
	mean := max(1, float64(t.total)/float64(t.live))
	rarity := math.Log(1 + (float64(t.live-holding)+0.5)/(float64(holding)+0.5))
	for doc, n := range counts {
		if n > 0 {
			tf := float64(n)
			scores[doc] += rarity * tf * (bm25K1 + 1) / (tf + bm25K1*(1-bm25B+bm25B*float64(t.lengths[doc])/mean))
		}
	}
}
