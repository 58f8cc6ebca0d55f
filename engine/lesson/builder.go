package lesson

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/wordnet"
)

// Dictionary knows words and how they are related. *[wordnet.Dictionary] is one.
type Dictionary interface {
	Lookup(word string, pos wordnet.POS) ([]wordnet.Sense, error)
	Follow(s wordnet.Sense, limit int, relations ...wordnet.Relation) ([]wordnet.Sense, error)
	Head(phrase string) (lemma string, pos wordnet.POS, err error)
}

// Builder is an [engine.Teacher] that writes lessons from a dictionary. It may
// be used by several goroutines.
type Builder struct {
	dictionary Dictionary // nil: every lesson says that there is none
}

var _ engine.Teacher = (*Builder)(nil)

// NewBuilder makes a builder of lessons. A nil dictionary is allowed; lessons
// then say what is missing.
func NewBuilder(d Dictionary) *Builder { return &Builder{dictionary: d} }

// subject is what a lesson is about.
type subject struct {
	title string
	topic string        // what was asked for
	sense wordnet.Sense // the meaning that the lesson goes into
	other []wordnet.Sense
}

// Lesson yields the lesson section by section, each ending with an empty line.
// An unknown topic gets a short lesson that says so.
func (b *Builder) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yieldPiece func(engine.LessonPiece, error) bool) {
		yield := func(markdown string, err error) bool { return yieldPiece(engine.LessonPiece{Markdown: markdown}, err) }
		topic := strings.Join(strings.Fields(req.Topic), " ")
		if b.dictionary == nil {
			yield(heading(topic)+"There is no dictionary here to make a lesson of. Installing Debian's `wordnet-base` package gives me one.\n", nil)
			return
		}
		s, ok, err := b.find(topic)
		if err != nil {
			yield("", err)
			return
		}
		if !ok {
			yield(heading(topic)+"I have no entry for **"+plain(topic)+"** offline, so I can't write a lesson about it. "+
				"Another word for it, or something it is a kind of, may be in my dictionary.\n", nil)
			return
		}
		if !yield(heading(s.title), nil) {
			return
		}
		for _, section := range []func(subject) (string, error){
			b.meaning, b.belongs, b.kinds, b.parts, b.wholes, b.instances, b.sentences, b.related, b.otherMeanings, b.questions,
		} {
			if ctx.Err() != nil {
				return
			}
			text, err := section(s)
			if err != nil {
				yield("", fmt.Errorf("lesson: %w", err))
				return
			}
			if text != "" && !yield(text, nil) {
				return
			}
		}
		yield(source(s), nil)
	}
}

// find looks for what a topic is about.
func (b *Builder) find(topic string) (subject, bool, error) {
	head, pos, err := b.dictionary.Head(topic)
	if err != nil {
		return subject{}, false, fmt.Errorf("lesson: find the topic: %w", err)
	}
	if head == "" {
		return subject{}, false, nil
	}
	senses, err := b.dictionary.Lookup(head, pos)
	if err != nil || len(senses) == 0 {
		if err != nil {
			err = fmt.Errorf("lesson: look up: %w", err)
		}
		return subject{}, false, err
	}
	s := subject{title: topic, topic: topic, sense: senses[0], other: senses[1:]}
	if name := spelling(s.sense); strings.EqualFold(name, strings.TrimPrefix(strings.ToLower(topic), "the ")) {
		s.title = name // with the capitals it ought to have
	}
	return s, true, nil
}

func heading(title string) string { return "# " + capital(plain(title)) + "\n\n" }

// source says where the lesson comes from, and what it cannot do.
func source(s subject) string {
	note := "*From WordNet, the dictionary on this computer.*\n"
	if first, _, _ := strings.Cut(strings.ToLower(s.topic), " "); first == "how" || first == "why" {
		note = "*From WordNet, the dictionary on this computer. It says what " + plain(spelling(s.sense)) + " means and where it belongs, but not “" + plain(s.topic) + "”.*\n"
	}
	return "---\n\n" + note
}

// spelling is the looked-up word with the capitals that the sense gives it.
func spelling(s wordnet.Sense) string {
	for _, w := range s.Words {
		if strings.EqualFold(w, s.Lemma) {
			return w
		}
	}
	return s.Words[0]
}

// plain makes text that means nothing to Markdown.
func plain(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch r {
		case '`':
			r = '‘' // glosses quote `thus'
		case '*', '_', '#', '[', ']', '<', '>', '|', '\\':
			out.WriteByte('\\')
		case '\n', '\r', '\t':
			r = ' '
		}
		out.WriteRune(r)
	}
	return out.String()
}

func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
