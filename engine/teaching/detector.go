package teaching

import (
	"strings"
	"sync"

	"parley/engine"
)

const (
	maxText  = 2000 // bytes: more than anybody says in a turn that asks for a lesson
	maxWords = 120  // in a sentence
)

// Detector is an [engine.TeachingDetector] that goes by the words: by the
// phrases of detector_en.txt. Its zero value is ready for use, by several
// goroutines.
type Detector struct{}

var _ engine.TeachingDetector = Detector{}

// Detect says whether text asks to be taught or teaches us. The topic of a lesson
// is what it is to be about, that of a fact the statement to remember, both as
// they were typed. A turn that does both asks for a lesson.
func (Detector) Detect(text string) (engine.Teaching, bool) {
	l, err := inEnglish()
	if err != nil || len(text) > maxText { // a test reads the phrases
		return engine.Teaching{}, false
	}
	r := readers.Get().(*reader)
	defer readers.Put(r)
	r.language, r.contradicted, r.earlier = l, false, ""
	var found engine.Teaching
	for _, s := range sentences(text) {
		if len(s.words) > maxWords {
			continue
		}
		switch t := r.read(&s); {
		case t.Kind == engine.TeachLesson:
			return t, true
		case found.Kind == "":
			found = t
		}
		r.contradicted, r.earlier = r.contradicts(s.words), r.subject(&s, len(s.words))
	}
	return found, found.Kind != ""
}

// readers are kept for what they have allocated.
var readers = sync.Pool{New: func() any { return new(reader) }}

// reader looks for cues in the sentences of a turn.
type reader struct {
	*language
	matcher
	contradicted bool   // the sentence before says that something is wrong
	earlier      string // what the sentence before was about, if that is known
}

// read finds out what a sentence has to do with teaching.
func (r *reader) read(s *sentence) engine.Teaching {
	if t, _ := r.teachingFrom(&r.always, s, r.opened(s.words)); t.Kind != "" {
		return t
	}
	if r.never.fits(&r.matcher, s.words) {
		return engine.Teaching{}
	}
	all, told := r.teachingFrom(&r.teaching, s, 0)
	if told {
		return all // "just so you know" would be a courtesy elsewhere
	}
	from := r.opened(s.words)
	if from > 0 && r.never.fits(&r.matcher, s.words[from:]) {
		return engine.Teaching{}
	}
	t, told := r.teachingFrom(&r.teaching, s, from)
	if t.Kind == engine.TeachLesson || told {
		return t
	}
	if all.Kind == engine.TeachLesson {
		return all // "shall we" asks for a lesson only with what follows
	}
	if within := r.readWithin(s, from+1); t.Kind == "" || within.Kind == engine.TeachLesson {
		return within
	}
	return t
}

// opened returns how many words the courtesies at the beginning are.
func (r *reader) opened(words []string) int {
	from := 0
	for from < len(words) {
		n := r.opening.begins(&r.matcher, words[from:])
		if n == 0 || from+n == len(words) {
			break
		}
		from += n
	}
	return from
}

// subject is what a sentence is about up to a word, if a lesson could be about
// it, too.
func (r *reader) subject(s *sentence, to int) string {
	for _, i := range r.antecedent.at(s.words[0]) {
		_, about, ok := r.match(&r.antecedent.cues[i].phrase, s.words[:to], true)
		if !ok {
			continue
		}
		if topic := s.typed(r.topic(s.words, about)); !noTopic(topic) {
			return topic
		}
	}
	return ""
}

// contradictions are the words after which a statement sets something right.
var contradictions = map[string]bool{
	"actually": true, "no": true, "nope": true, "wrong": true, "incorrect": true, "incorrectly": true, "wrongly": true, "correction": true, "correct": true,
	"misheard": true, "misunderstood": true, "misspoke": true, "mispronounced": true, "misspelled": true, "mistaken": true, "mistake": true, "scratch": true, "meant": true, "strike": true,
}

func (r *reader) contradicts(words []string) bool {
	for _, w := range words {
		if contradictions[w] {
			return true
		}
	}
	return false
}

// readWithin looks for a request that begins in the middle of a sentence: "i have
// a test tomorrow so can you teach me trigonometry", or for a fact: "we moved our
// new address is fourteen elm road".
func (r *reader) readWithin(s *sentence, from int) engine.Teaching {
	asked := s.asked || questions[s.words[min(from, len(s.words))-1]]
	for i := 1; i < len(s.words); i++ {
		if r.reporting.begins(&r.matcher, s.words[i-1:]) > 0 {
			break
		}
		if i < from {
			continue
		}
		pause := s.sources[i-1].comma || joins[s.words[i-1]]
		governed := r.governing.begins(&r.matcher, s.words[i-1:]) > 0
		apart := !asked && !governed && r.apart.begins(&r.matcher, s.words[i:]) > 0
		if !pause && !apart && (governed || r.within.begins(&r.matcher, s.words[i:]) == 0) {
			continue
		}
		start := i + r.opened(s.words[i:])
		if r.never.fits(&r.matcher, s.words[start:]) {
			continue
		}
		if about := r.subject(s, i); about != "" {
			r.earlier = about
		}
		if t, _ := r.teachingFrom(&r.teaching, s, start); t.Kind == engine.TeachLesson || t.Kind == engine.TeachFact && (pause || apart) {
			return t
		}
	}
	return engine.Teaching{}
}

// questions are the words that questions begin with.
var questions = map[string]bool{"what": true, "who": true, "when": true, "where": true, "why": true, "how": true, "which": true, "is": true, "are": true, "was": true, "do": true, "does": true, "did": true, "can": true, "could": true, "should": true, "would": true, "will": true}

// joins are the words after which another clause may begin.
var joins = map[string]bool{"so": true, "but": true, "and": true, "then": true, "wait": true, "no": true, "actually": true, "mean": true, "well": true, "okay": true, "because": true}

// teachingFrom is what the first of cues says that fits a sentence from a word on.
// told says that it is a fact which we were told to keep.
func (r *reader) teachingFrom(cues *cueSet, s *sentence, from int) (t engine.Teaching, told bool) {
	words := s.words[from:]
	if len(words) == 0 {
		return engine.Teaching{}, false
	}
	words = words[:r.closing.ends(&r.matcher, words)]
	corrects := r.contradicted || r.contradicts(s.words[:from])
	for _, i := range cues.at(words[0]) {
		c := &cues.cues[i]
		if c.statement && s.asked || c.corrects && !corrects {
			continue
		}
		_, about, ok := r.match(&c.phrase, words, true)
		if !ok {
			continue
		}
		if c.kind == "" {
			return engine.Teaching{}, false
		}
		if about.to == 0 && c.kind == engine.TeachLesson {
			if r.earlier != "" {
				return engine.Teaching{Kind: c.kind, Topic: r.earlier, Confidence: c.confidence}, false
			}
			continue
		}
		if about.to == 0 {
			about = span{0, len(words)}
		}
		about = span{from + about.from, from + about.to}
		if c.kind == engine.TeachLesson {
			about = r.topic(s.words, about)
		}
		if topic := s.typed(about); topic != "" && (c.kind == engine.TeachFact || !noTopic(topic)) {
			return engine.Teaching{Kind: c.kind, Topic: strings.TrimSpace(c.before + " " + topic), Confidence: c.confidence}, c.kind == engine.TeachFact && !c.statement
		}
	}
	return engine.Teaching{}, false
}
