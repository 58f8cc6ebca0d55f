package tutor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var errNoMemory = errors.New("tutor: no memory")

// fact is a fact that the user tells in this turn.
func (s scene) fact(subject, text string) Fact {
	return Fact{Subject: subject, Text: text, At: s.at, Source: s.said, Conversation: s.conversation}
}

// factOf makes a fact of a statement in the user's words.
func (s scene) factOf(said string) Fact {
	f := s.fact(subject(said), secondPerson(strings.TrimRight(said, ". ")))
	if f.Subject == "" {
		f.Subject = strings.ToLower(said)
	}
	if f.Source == "" {
		f.Source = said // as a model passed it on
	}
	return f
}

// verbs part what a statement is about from what it says.
var verbs = []string{" is ", " are ", " was ", " were ", " = ", " has ", " have ", " lives ", " likes ", " loves ", " hates ", " works ", " starts ", " ends ", " costs "}

// subject is what a statement is about: "my sister's birthday is …" → "sister's
// birthday". A statement of what the user does is about all it says.
func subject(said string) string {
	text := strings.ToLower(strings.TrimRight(said, ". "))
	cut := -1
	for _, v := range verbs {
		if i := strings.Index(text, v); i > 0 && (cut < 0 || i < cut) {
			cut = i
		}
	}
	if cut > 0 {
		if s := trimArticle(text[:cut]); s != "" {
			switch v := strings.Fields(text[cut:])[0]; v {
			case "is", "are", "was", "were", "=":
				return s
			default:
				return s + " " + v // "sister lives" beside "sister is"
			}
		}
	}
	return trimArticle(text)
}

// states says whether words are a statement, as far as they tell: it has a verb
// that we know, or begins with a pronoun.
func states(said string) bool {
	text := strings.ToLower(said)
	first, _, _ := strings.Cut(text, " ")
	return slices.Contains([]string{"i", "we", "you", "he", "she", "they", "it", "my", "there"}, first) ||
		slices.ContainsFunc(verbs, func(v string) bool { return strings.Contains(text, v) })
}

func trimArticle(s string) string {
	for _, before := range []string{"my ", "our ", "the ", "a ", "an ", "i ", "that ", "to "} {
		s = strings.TrimPrefix(s, before)
	}
	return s
}

// recall returns the facts that have every word of about, those that have them
// in their subject first; for nothing, all facts.
func (t *Tutor) recall(ctx context.Context, about string) ([]Fact, error) {
	if t.memory == nil {
		return nil, errNoMemory
	}
	words := stems(about)
	query := strings.Join(words, " ")
	if about != "" && query == "" {
		return nil, nil
	}
	facts, err := t.memory.Recall(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("tutor: recall: %w", err)
	}
	type ranked struct {
		fact Fact
		rank int
	}
	var found []ranked
	for _, f := range facts {
		if rank, ok := relevance(f, words); ok {
			found = append(found, ranked{f, rank})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(b.rank, a.rank) })
	out := make([]Fact, 0, len(found))
	for _, r := range found {
		if r.rank*2 < found[0].rank {
			break // far worse than the best
		}
		out = append(out, r.fact)
	}
	return out, nil
}

// relevance says how well f answers a question with these stems, and whether
// it does at all.
func relevance(f Fact, words []string) (int, bool) {
	inSubject, inText := stems(f.Subject), stems(f.Text)
	rank, ofSubject := 0, 0
	for _, w := range words {
		switch {
		case slices.Contains(inSubject, w):
			rank += 4
			ofSubject++
		case slices.Contains(inText, w):
			rank++
		default:
			return 0, false
		}
	}
	if ofSubject > 0 && ofSubject == len(words) && ofSubject == len(inSubject) {
		rank += 4 // exactly this subject
	}
	return rank, true
}

// idle words say nothing about a subject.
var idle = strings.Fields("a an the my your our i you me is are was were am be do does did have has of to on at in for it its and that this what when where who which how")

// stems are the words of text by which facts are found: in lower case, without
// endings, so that "sisters birthday" finds "sister's birthday".
func stems(text string) []string {
	var all []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r != '\'' && r < 128 && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}) {
		w = strings.ReplaceAll(strings.TrimSuffix(w, "'s"), "'", "")
		if w == "called" || w == "named" {
			w = "name" // "my dog is called Rex" answers "what is my dog's name"
		}
		if w == "" || slices.Contains(idle, w) {
			continue
		}
		if s := stem(w); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// stem cuts the commonest endings off.
func stem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if s, ok := strings.CutSuffix(w, end); ok && len(s) >= 3 && !strings.HasSuffix(w, "ss") {
			return strings.TrimSuffix(s, "e")
		}
	}
	return strings.TrimSuffix(w, "e")
}
