package tutor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"parley/engine"
)

// function is one of the asker's as the tutor understands it: by its name, and by the
// names and kinds of what it takes.
type function struct {
	engine.Function
	about  []string // words of its name that say what it is about
	takes  []parameter
	needed []string
}

type parameter struct {
	name, kind string
	choices    []string
}

// verbs in the names of functions say that something is done, and not what about.
var functionVerbs = map[string]bool{
	"get": true, "fetch": true, "find": true, "look": true, "lookup": true, "up": true, "read": true, "query": true, "call": true, "do": true, "run": true,
	"show": true, "tell": true, "check": true, "current": true, "the": true, "a": true, "an": true, "for": true, "of": true, "by": true, "to": true, "in": true, "at": true,
}

// askingWords of an utterance are never what a function is asked about.
var askingWords = regexp.MustCompile(`(?i)^(what|who|where|when|how|which|is|are|was|do|does|will|the|a|an|of|me|please|my|it|there|be|today|now)$`)

// parseFunction reads a function's schema, as far as it is the flat one that functions
// mostly have.
func parseFunction(f engine.Function) function {
	var schema struct {
		Properties map[string]struct {
			Type string `json:"type"`
			Enum []any  `json:"enum"`
		} `json:"properties"`
		Required []string `json:"required"`
	}
	_ = json.Unmarshal(f.Parameters, &schema) // what cannot be read takes nothing
	one := function{Function: f, needed: schema.Required}
	for name, p := range schema.Properties {
		of := parameter{name: name, kind: p.Type}
		for _, choice := range p.Enum {
			of.choices = append(of.choices, fmt.Sprint(choice))
		}
		one.takes = append(one.takes, of)
	}
	slices.SortFunc(one.takes, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	for _, w := range nameWords(f.Name) {
		if !functionVerbs[w] {
			one.about = append(one.about, rootOf(w))
		}
	}
	return one
}

// nameWords are the words of a name like get_weather, getWeather or get-weather.
func nameWords(name string) []string {
	var b strings.Builder
	before := ' '
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Fields(b.String())
}

// rootOf is a word without the endings that a question adds to it.
func rootOf(word string) string {
	word = strings.ToLower(word)
	for _, ending := range []string{"ies", "ing", "es", "s"} {
		if cut := strings.TrimSuffix(word, ending); cut != word && len(cut) >= 4 {
			return cut
		}
	}
	return word
}

// fits says how well what was said asks for f: 0 for not at all.
func (f function) fits(said string) float64 {
	words := map[string]bool{}
	for _, w := range numberWords(said) {
		words[rootOf(w)] = true
	}
	if len(f.about) == 0 {
		return 0
	}
	found := 0
	for _, w := range f.about {
		if words[w] {
			found++
		}
	}
	share := float64(found) / float64(len(f.about))
	for _, w := range nameWords(f.Description) { // it breaks ties
		if words[rootOf(w)] && len(w) > 3 {
			share += 0.01
		}
	}
	if found == 0 {
		return share / 2
	}
	return share
}

// functionFor is the function of the asker's that is asked for, with what it is to be
// called with; ask is what must be asked back before. ok is false where none is.
func functionFor(said string, req engine.Request) (call engine.Call, ask string, ok bool) {
	if len(req.Called) > 0 {
		return call, "", false
	}
	var best function
	most := -1.0
	for _, f := range req.Functions {
		one := parseFunction(f)
		fits := one.fits(said)
		if fits > most && (req.MustCall == "" || req.MustCall == engine.AnyFunction || req.MustCall == f.Name) {
			best, most = one, fits
		}
	}
	if most < 0 || req.MustCall == "" && most < 1 {
		return call, "", false
	}
	arguments := map[string]any{}
	for _, p := range best.takes {
		if value, found := p.value(said, best); found {
			arguments[p.name] = value
		}
	}
	for _, name := range best.needed {
		if _, known := arguments[name]; !known && req.MustCall == "" {
			return call, "Which " + strings.Join(nameWords(name), " ") + "?", true
		}
	}
	text, err := json.Marshal(arguments)
	if err != nil {
		return call, "", false
	}
	return engine.Call{ID: "call_" + strconv.Itoa(len(req.Turns)+1), Name: best.Name, Arguments: string(text)}, "", true
}

// preposition introduces what a function is asked with; when says for when, which is
// no part of a name.
var (
	preposition = regexp.MustCompile(`(?i)(?:^|\s)(?:in|for|at|to|of|about|on|from|near|named|called)\s+(?:the\s+|a\s+)?`)
	when        = regexp.MustCompile(`(?i)(?:\s+(?:today|tonight|tomorrow|now|right now|please|this week|this weekend))+$`)
)

// value finds what the words give for a parameter.
func (p parameter) value(said string, f function) (any, bool) {
	lower := strings.ToLower(said)
	switch {
	case len(p.choices) > 0:
		for _, c := range p.choices {
			if strings.Contains(" "+lower+" ", " "+strings.ToLower(c)+" ") {
				return c, true
			}
		}
		return nil, false
	case p.kind == "number" || p.kind == "integer":
		words := numberWords(said)
		for i := range words {
			if v, n := readNumber(words[i:]); n > 0 {
				if p.kind == "integer" {
					return int(v), true
				}
				return v, true
			}
		}
		return nil, false
	case p.kind == "boolean":
		return nil, false
	case p.kind != "" && p.kind != "string":
		return nil, false
	}
	for _, phrase := range preposition.Split(said, -1)[1:] {
		phrase = strings.TrimSpace(when.ReplaceAllString(phrase, ""))
		if _, number := parseNumber(phrase); phrase != "" && !number {
			return phrase, true
		}
	}
	said = when.ReplaceAllString(said, "")
	var left []string
	for _, w := range strings.Fields(said) {
		if !askingWords.MatchString(w) && !functionVerbs[strings.ToLower(w)] && !slices.Contains(f.about, rootOf(w)) {
			left = append(left, w)
		}
	}
	return strings.Join(left, " "), len(left) > 0
}

// report is what came of the asker's functions, as sentences.
func report(called []engine.Called) Answer {
	var sentences []string
	for _, c := range called {
		text := strings.TrimSpace(c.Output)
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			text = spokenValue(value, 0)
		}
		if text == "" {
			text = "done"
		}
		text = capital(text)
		if !strings.ContainsAny(text[len(text)-1:], ".!?") {
			text += "."
		}
		sentences = append(sentences, text)
	}
	return say(sentences...)
}

// The deepest and longest of a function's output that is worth saying.
const (
	spokenDepth = 3
	spokenMost  = 12
)

// spokenValue is a JSON value in words: "temperature 21, wind light".
func spokenValue(value any, depth int) string {
	if depth > spokenDepth {
		return ""
	}
	var parts []string
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return strings.TrimSpace(v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		for _, one := range v {
			parts = append(parts, spokenValue(one, depth+1))
		}
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			parts = append(parts, strings.Join(nameWords(key), " ")+" "+spokenValue(v[key], depth+1))
		}
	}
	return strings.Join(parts[:min(len(parts), spokenMost)], ", ")
}
