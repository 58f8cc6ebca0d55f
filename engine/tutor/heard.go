package tutor

import (
	"regexp"
	"strings"
)

// heard is what the user said, made regular: one blank between words,
// contractions written out, no punctuation but what belongs to a number or a
// sum. It keeps the capitals of typed text.
type heard struct {
	text string
}

var (
	// marks that end or part sentences, before a blank or the end.
	marks = regexp.MustCompile(`[.,;:!?…]+(\s|$)|["“”]+`)

	// contracted is "what's" and what recognisers and hurried people make of it.
	contracted = []struct {
		re *regexp.Regexp
		to string
	}{
		{regexp.MustCompile(`(?i)\b(what|who|where|when|how|that|it|there|here|he|she)'s\b`), "$1 is"},
		{regexp.MustCompile(`(?i)\b(what|who|where|how)s\b`), "$1 is"},
		{regexp.MustCompile(`(?i)\b(what|who|where|how|you|we|they)'re\b`), "$1 are"},
		{regexp.MustCompile(`(?i)\b(i)'m\b`), "$1 am"},
		{regexp.MustCompile(`(?i)\b(what|i|you)'d\b`), "$1 would"},
		{regexp.MustCompile(`(?i)\b(i|you|we|they)'ve\b`), "$1 have"},
		{regexp.MustCompile(`(?i)\bgimme\b`), "give me"},
	}

	// opening and closing are courtesies and hesitations around a request.
	opening = regexp.MustCompile(`(?i)^(?:(?:um|uh|er|hm|hey|hi|hello|thanks|thank you|good morning|good evening|ok|okay|well|so|now|and|but|oh|please|just|parley|computer|assistant|` +
		`(?:can|could|would|will) you(?: please)?(?: tell me)?|(?:do|would) you (?:happen to )?know|` +
		`(?:please )?tell me|i (?:want|need|would like) (?:you )?to(?: know)?|i wonder|i was wondering|let me know|say|go ahead and) )+`)
	closing = regexp.MustCompile(`(?i)(?: (?:please|for me|thanks|thank you|right now|parley|if you can|will you|would you))+$`)
)

// hear makes text regular, and cuts the courtesies at its end.
func hear(text string) heard {
	text = strings.NewReplacer("’", "'", "‘", "'").Replace(text)
	text = marks.ReplaceAllString(text, " ")
	for _, c := range contracted {
		text = c.re.ReplaceAllString(text, c.to)
	}
	return heard{text: closing.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")}
}

// plain is h without the courtesies at its beginning, if anything is left.
func (h heard) plain() heard {
	text := h.text
	if from := opening.FindString(text); from != text {
		text = text[len(from):]
	}
	return heard{text: text}
}

// question words and verbs begin something that was meant for an assistant.
var beginnings = strings.Fields(`what who whom whose which when where why how is are was were do does did can could will would should
	shall may am has have had tell show play turn open close call send find search give make set start stop explain describe
	translate write read sing order buy book let cancel pause resume convert repeat define spell calculate remind forget
	find look check add turn switch put which name use count compare`)

// asks says whether h looks like a question or a command, rather than like
// words a recogniser made of noise.
func (h heard) asks() bool {
	first, rest, _ := strings.Cut(strings.ToLower(h.plain().text), " ")
	for _, b := range beginnings {
		if first == b {
			return rest != ""
		}
	}
	return false
}
