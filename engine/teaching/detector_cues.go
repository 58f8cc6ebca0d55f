package teaching

import (
	_ "embed" // the phrases
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"parley/engine"
)

//go:embed detector_en.txt
var english string

// cue is a phrase and what it says about a turn.
type cue struct {
	phrase
	kind       engine.TeachingKind // "": neither
	confidence float64
	statement  bool   // not where it is asked
	corrects   bool   // only after words that contradict
	before     string // what is put before the topic
}

// cueSet is cues in the order in which they are tried.
type cueSet struct {
	cues   []cue
	byWord map[string][]int // the cues that may begin with a word
	open   []int            // those that may begin with any
}

// language is how people ask to be taught, and teach, in one language. It does
// not change.
type language struct {
	opening, closing, before, after, always, never, teaching, within, apart, governing, reporting, antecedent cueSet
}

// inEnglish is read once.
var inEnglish = sync.OnceValues(func() (*language, error) { return readLanguage(english) })

// readLanguage reads what detector_en.txt is an example of.
func readLanguage(text string) (*language, error) {
	var l language
	sections := map[string]*cueSet{
		"opening": &l.opening, "closing": &l.closing, "before": &l.before, "after": &l.after, "never": &l.never,
		"within": &l.within, "apart": &l.apart, "always": &l.always, "governing": &l.governing, "reporting": &l.reporting, "antecedent": &l.antecedent,
		"lesson": &l.teaching, "fact": &l.teaching, "statement": &l.teaching, "correction": &l.teaching, "none": &l.teaching,
	}
	lists := make(map[string]piece)
	var section *cueSet
	var like cue // what the section says of its cues
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "<") && strings.Contains(line, "> = "):
			name, written, _ := strings.Cut(line[1:], "> = ")
			r := phraseReader{rest: written, lists: lists}
			lists[name], err = r.choice("")
		case isSection(line):
			name, confidence, _ := strings.Cut(strings.Trim(line, "[]"), " ")
			if section = sections[name]; section == nil {
				err = fmt.Errorf("there is no section %s", line)
				break
			}
			like, err = newSection(name, confidence)
		case section == nil:
			err = errors.New("a phrase before the first section")
		default:
			c := like
			written, before, _ := strings.Cut(line, "=>")
			c.before = strings.TrimSpace(before)
			c.phrase, err = newPhrase(written, lists)
			section.cues = append(section.cues, c)
		}
		if err != nil {
			return nil, fmt.Errorf("lesson: line %d: %w", number, err)
		}
	}
	for _, set := range sections {
		set.index()
	}
	return &l, nil
}

// isSection tells "[lesson 0.9]" from a phrase that begins with what may be left
// out: a section has nothing after it, and no choice in it.
func isSection(line string) bool {
	return strings.HasPrefix(line, "[") && strings.IndexByte(line, ']') == len(line)-1 && !strings.ContainsAny(line, "(|<")
}

// newSection is what a section's heading says of its cues.
func newSection(name, confidence string) (cue, error) {
	var c cue
	switch name {
	case "lesson", "always":
		c.kind = engine.TeachLesson
	case "fact":
		c.kind = engine.TeachFact
	case "statement", "correction":
		c.kind, c.statement, c.corrects = engine.TeachFact, true, name == "correction"
	default:
		return c, nil
	}
	var err error
	if c.confidence, err = strconv.ParseFloat(confidence, 64); err != nil || c.confidence <= 0 || c.confidence > 1 {
		return cue{}, fmt.Errorf("section %s: want a confidence above 0 and up to 1, got %q", name, confidence)
	}
	return c, nil
}

// index finds out which cues may begin with which word.
func (s *cueSet) index() {
	s.byWord = make(map[string][]int)
	s.open = nil
	for i := range s.cues {
		words, open := s.cues[i].beginnings()
		if open {
			s.open = append(s.open, i)
			continue
		}
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			s.byWord[w] = append(s.byWord[w], i)
		}
	}
	for w, some := range s.byWord {
		some = append(some, s.open...)
		slices.Sort(some)
		s.byWord[w] = some
	}
}

// at are the cues that may begin with a word, in their order.
func (s *cueSet) at(word string) []int {
	if some, ok := s.byWord[word]; ok {
		return some
	}
	return s.open
}

// begins returns how many words at the beginning of words a cue of the set takes:
// the most that one does, 0 if none does.
func (s *cueSet) begins(m *matcher, words []string) int {
	longest := 0
	if len(words) == 0 {
		return 0
	}
	for _, i := range s.at(words[0]) {
		if n, _, ok := m.match(&s.cues[i].phrase, words, false); ok {
			longest = max(longest, n)
		}
	}
	return longest
}

// fits says whether a cue of the set is all of words.
func (s *cueSet) fits(m *matcher, words []string) bool {
	if len(words) == 0 {
		return false
	}
	return slices.ContainsFunc(s.at(words[0]), func(i int) bool {
		_, _, ok := m.match(&s.cues[i].phrase, words, true)
		return ok
	})
}

// ends returns where words end if what cues of the set say at their end is cut
// off, again and again. At least one word is left.
func (s *cueSet) ends(m *matcher, words []string) int {
	end := len(words)
	for again := true; again; {
		again = false
		for from := 1; from < end; from++ {
			if s.fits(m, words[from:end]) {
				end, again = from, true
				break
			}
		}
	}
	return end
}
