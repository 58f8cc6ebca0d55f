package lesson

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/wordnet"
)

const leverEntry = `Lever \Le"ver\ (l[e^]v"[~e]r), n.; pl. {Levers} (l[e^]v"[~e]rz). [OE. levour,
   fr. F. lever to raise; cf. {Levant} [east].]
   1. (Mech.) A rigid bar that turns about a point, and moves
      a load; as, to pry with a lever at 45[deg]; -- called also
      {crowbar}. "Give me a lever." --Nobody.
      [1913 Webster]

            A verse about
            a lever.                    --Somebody.

   Note: There are three classes of levers. (See {Fulcrum}.)
         [PJC]

   2. [F.] (a) A thing. (b) Another thing.
      [1913 Webster]

   Note: This is of the second.

   3. A getting up in the morning. [Obs.]
      [1913 Webster]

   {Lever watch}, a watch of a kind that is not told here.

`

func TestParseGCIDE(t *testing.T) {
	want := []article1913{{
		definition: "A rigid bar that turns about a point, and moves a load; as, to pry with a lever at 45°; called also crowbar.",
		notes:      []string{"There are three classes of levers."},
	}}
	if got := parseGCIDE(leverEntry, "lever", wordnet.Noun); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	for _, test := range []struct {
		word string
		pos  wordnet.POS
	}{{"lever", wordnet.Verb}, {"levant", wordnet.Noun}} {
		if got := parseGCIDE(leverEntry, test.word, test.pos); got != nil {
			t.Errorf("%v: got %q", test, got)
		}
	}
}

const stackEntry = `stack
push-down list

   1. <programming> (Or "pile") A {data structure} whose last item
   is the first out.  There is more.

   Pushing is written so:

    push x = x : xs  {# comment}

   See also {queue}, {heap (memory.html)}.

   [{Some File}]

   (2001-02-03)

`

func TestParseFOLDOC(t *testing.T) {
	got, ok := parseFOLDOC(stackEntry)
	want := computing{
		words: []string{"stack", "push-down list"}, field: "programming",
		paragraphs: []string{`(Or "pile") A data structure whose last item is the first out. There is more.`, "Pushing is written so:", "```\npush x = x : xs  {# comment}\n```"},
		links:      []string{"data structure", "# comment", "queue"}, date: "2001-02-03",
	}
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, ok)
	}
	if says := got.says(); says != "A data structure whose last item is the first out" {
		t.Errorf("it says %q", says)
	}
}

// entries is a dictionary of one text for every word.
type entries map[string]string

func (e entries) Lookup(word string) ([]string, error) {
	if text, ok := e[strings.ToLower(word)]; ok {
		return []string{text}, nil
	}
	return nil, nil
}

// FOLDOC alone is enough for a lesson.
func TestComputingLessonWithoutWordNet(t *testing.T) {
	b := NewBuilder(nil, FOLDOC(entries{"stack": stackEntry, "queue": "queue\n\n   A list whose first item is the first out.\n"}))
	text, plan := write(t, b, engine.LessonRequest{Topic: "how stacks work"})
	if plan == nil || plan.Title != "Stack" || Validate(*plan) != nil || !strings.Contains(text, "**queue**: A list whose first") {
		t.Errorf("got %s", text)
	}
}

func FuzzBooks(f *testing.F) {
	f.Add(leverEntry, "lever")
	f.Add(stackEntry, "stack")
	f.Add("a\n\n   <x> {a}\n\n   {b", "a")
	f.Add("A \\A\\, n. [[", "a")
	f.Fuzz(func(t *testing.T, text, word string) {
		if !utf8.ValidString(text) || !utf8.ValidString(word) {
			return // dictd gives text
		}
		parseGCIDE(text, word, wordnet.Noun)
		b := NewBuilder(nil, FOLDOC(entries{strings.ToLower(word): text}))
		p, ok, err := b.plan(engine.LessonRequest{Topic: word})
		if err != nil {
			t.Fatal(err)
		}
		if ok && len(text) < longText && len(word) < 100 {
			if err := Validate(p); err != nil {
				t.Errorf("%q, %q: %v", word, text, err)
			}
		}
	})
}
