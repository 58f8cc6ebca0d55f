package tutor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// What Call may fail with, beside the errors of dictionary and memory.
var (
	ErrNoSkill = errors.New("no such skill")
	ErrBadArg  = errors.New("bad argument")
)

// Kind is the type of an argument.
type Kind string

// The kinds. A Number arrives as float64, a Duration as [time.Duration]; Call
// also takes numbers as numerals or words and durations as seconds or words.
const (
	Text     Kind = "string"
	Number   Kind = "number"
	Duration Kind = "duration"
)

// Arg describes an argument of a skill.
type Arg struct {
	Name        string
	Kind        Kind
	Description string
	Required    bool
}

// Skill is one thing the tutor can do.
type Skill struct {
	Name        string // lower case, words joined by "_"
	Description string // one sentence, for a person or a language model
	Args        []Arg

	// phrases are the ways to ask for it. A skill that only a caller uses has
	// none.
	phrases phrases

	// match reads the arguments out of what the user said, where the phrases
	// alone don't tell. Nil means that they do.
	match func(heard, scene) (args, bool)
	do    func(context.Context, scene, args) (Answer, error)
}

// Phrasings are the ways to ask for the skill, as its author wrote them:
// (a|b) is a choice, [a|b] may be left out, {name} stands for what is asked
// about, one word or more, and a word after ~ is what recognisers make of the
// one that was said.
func (s Skill) Phrasings() []string {
	said := make([]string, len(s.phrases))
	for i, p := range s.phrases {
		said[i] = p.said
	}
	return said
}

// read is match, or, without one, the first phrase that fits.
func (s Skill) read(h heard, sc scene) (args, bool) {
	if s.match != nil {
		return s.match(h, sc)
	}
	return s.phrases.match(h.text)
}

// Answer is what a skill has to say and to do.
type Answer struct {
	Sentences []string

	// Effect changes the world (remember, forget, set a timer). Nil where
	// nothing changes. Until it is run nothing has happened; the sentences are
	// true only after it.
	Effect func(context.Context) error
}

// Text is the whole answer.
func (a Answer) Text() string { return strings.Join(a.Sentences, " ") }

// say is an answer of words only.
func say(sentences ...string) Answer { return Answer{Sentences: sentences} }

// args are the arguments of a call, checked: each has its kind.
type args map[string]any

func (a args) text(name string) string            { s, _ := a[name].(string); return s }
func (a args) duration(name string) time.Duration { d, _ := a[name].(time.Duration); return d }

// check converts raw arguments to the kinds that the skill declares.
func (s Skill) check(raw map[string]any) (args, error) {
	checked := make(args, len(raw))
	for name := range raw {
		if !s.takes(name) {
			return nil, fmt.Errorf("tutor: %s takes no argument %q: %w", s.Name, name, ErrBadArg)
		}
	}
	for _, arg := range s.Args {
		v, ok := raw[arg.Name]
		if !ok {
			if arg.Required {
				return nil, fmt.Errorf("tutor: %s needs the argument %q: %w", s.Name, arg.Name, ErrBadArg)
			}
			continue
		}
		c, ok := convert(v, arg.Kind)
		if !ok {
			return nil, fmt.Errorf("tutor: %s: argument %q is not a %s: %w", s.Name, arg.Name, arg.Kind, ErrBadArg)
		}
		checked[arg.Name] = c
	}
	return checked, nil
}

func (s Skill) takes(name string) bool {
	for _, a := range s.Args {
		if a.Name == name {
			return true
		}
	}
	return false
}

// convert turns v, which may come from JSON, into the Go type of a kind.
func convert(v any, k Kind) (any, bool) {
	switch k {
	case Text:
		s, ok := v.(string)
		return strings.TrimSpace(s), ok && strings.TrimSpace(s) != ""
	case Number:
		return toNumber(v)
	case Duration:
		if d, ok := v.(time.Duration); ok {
			return d, d > 0
		}
		if s, ok := v.(string); ok {
			if d, ok := parseDuration(s); ok {
				return d, true
			}
		}
		n, ok := toNumber(v)
		if !ok || n <= 0 || n > float64(longestTimer/time.Second) {
			return nil, false
		}
		return time.Duration(n * float64(time.Second)), true
	}
	return nil, false
}

func toNumber(v any) (float64, bool) {
	n := math.NaN()
	switch v := v.(type) {
	case float64:
		n = v
	case int:
		n = float64(v)
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			n = f
		} else if f, ok := parseNumber(v); ok {
			n = f
		}
	}
	return n, !math.IsNaN(n) && !math.IsInf(n, 0)
}
