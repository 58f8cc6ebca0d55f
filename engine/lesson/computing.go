package lesson

import (
	"fmt"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/wordnet"
)

// maxRun is how many words of a topic may be a computing term.
const maxRun = 6

// technical finds what of a topic is an entry of FOLDOC and not of WordNet: it has
// more words than what WordNet knows of it. name is the entry's, as asked for.
func (b *Builder) technical(topic, known string) (c computing, name string, ok bool, err error) {
	if b.foldoc == nil {
		return c, "", false, nil
	}
	words := strings.Fields(strings.Trim(topic, "?!. "))
	words = words[:min(len(words), 2*maxRun)]
	for size := min(len(words), maxRun); size > len(strings.Fields(known)); size-- {
		for from := 0; from+size <= len(words); from++ {
			run := words[from : from+size]
			if idleEnd(run[0]) || idleEnd(run[size-1]) {
				continue
			}
			name := strings.Join(run, " ")
			for _, form := range []string{name, strings.TrimSuffix(name, "s")} {
				c, ok, err := b.lookupFOLDOC(form)
				if err != nil {
					return c, "", false, fmt.Errorf("lesson: %w", err)
				}
				if ok {
					return c, c.spelled(form), true, nil
				}
			}
		}
	}
	return c, "", false, nil
}

// idleEnd says whether a word asks about a topic rather than being one's first or
// last.
func idleEnd(word string) bool {
	return slices.Contains(idle, strings.ToLower(word)) ||
		slices.Contains([]string{"a", "an", "in", "on", "to", "is", "it", "do", "my", "as", "at", "by", "me"}, strings.ToLower(word))
}

// spelled is a headword as the entry writes it.
func (c computing) spelled(word string) string {
	for _, w := range c.words {
		if strings.EqualFold(w, word) {
			return w
		}
	}
	return word
}

func (c computing) source() string {
	text := "FOLDOC, The Free On-line Dictionary of Computing, https://foldoc.org/, Editor Denis Howe (Debian's dict-foldoc): “" + plain(c.words[0]) + "”"
	if c.date != "" {
		text += ", as of " + c.date
	}
	return text
}

// computingPlan makes a lesson about an entry of FOLDOC.
func (b *Builder) computingPlan(c computing, name string, l level) (engine.Plan, error) {
	p := engine.Plan{Title: capital(plain(name)), Sources: []string{c.source()}}
	what := unit{objective: "Say in your own words what “" + name + "” means in computing."}
	what.Title = "What “" + plain(name) + "” means"
	what.Text = c.paragraphs[0]
	if c.field != "" {
		what.Text = "In computing (" + plain(c.field) + "): " + what.Text
	}
	if also := slices.DeleteFunc(slices.Clone(c.words), func(w string) bool { return strings.EqualFold(w, name) }); len(also) > 0 {
		what.Text += "\n\nThe dictionary has it under these names, too: " + plain(list(also)) + "."
	}
	near, err := b.links(c, name, l)
	if err != nil {
		return p, err
	}
	s := subject{name: name, sense: wordnet.Sense{Words: []string{name}, Definition: c.says()}, sisters: near}
	what.ask(s.meansWhat(near))
	what.ask(c.whatIs(name))
	all := []unit{what}
	if more := c.more(l); more != "" {
		u := unit{objective: "Explain " + quote(name) + " in more detail."}
		u.Title, u.Text = "More about it", more
		if b.dictionary != nil {
			for _, text := range sentences(c.paragraphs[1:]) {
				q, ok, err := b.missing(strings.ReplaceAll(text, "\\", ""), name)
				if err != nil {
					return p, err
				}
				if ok && strings.Contains(more, text) && len(u.more) < 3 {
					u.ask(q, true)
				}
			}
		}
		all = append(all, u)
	}
	if len(near) > 0 {
		u := unit{objective: "Say what the terms around " + quote(name) + " mean.", terms: near}
		u.Title, u.Text = "Terms around it", l.entries(near)
		for i := range near {
			u.ask(s.whichIs("Which term means", near, i))
		}
		all = append(all, u)
	}
	compose(&p, all, l)
	p.Glossary = glossary(append([]wordnet.Sense{s.sense}, near...), s, l)
	p.Summary = "**" + plain(capital(name)) + "**: " + plain(c.says()) + "."
	p.Note = "A program put this lesson together from a dictionary on this computer; no language model and no teacher has seen it. " +
		"It is brief, and in computing much may have changed since it was written."
	return p, nil
}

// more are the paragraphs after the first, as many as the level wants. One that
// leads to what is left out is left out, too.
func (c computing) more(l level) string {
	if l.simple {
		return ""
	}
	var kept []string
	size := 0
	for _, text := range c.paragraphs[1:] {
		if size += len(text); size > l.prose {
			break
		}
		kept = append(kept, text)
	}
	for len(kept) > 0 && strings.HasSuffix(kept[len(kept)-1], ":") {
		kept = kept[:len(kept)-1]
	}
	return strings.Join(kept, "\n\n")
}

// links are the entries that an entry refers to, as senses without relations.
func (b *Builder) links(c computing, name string, l level) ([]wordnet.Sense, error) {
	var near []wordnet.Sense
	for _, link := range c.links {
		if len(near) == l.rows {
			break
		}
		to, ok, err := b.lookupFOLDOC(link)
		if err != nil {
			return nil, fmt.Errorf("lesson: %w", err)
		}
		if !ok || slices.Equal(to.words, c.words) || len(to.says()) > longLine/2 || len(tokens(to.says())) < 3 {
			continue
		}
		s := wordnet.Sense{ID: wordnet.ID{Offset: int64(len(near) + 1)}, Words: []string{link}, Definition: to.says()}
		same := func(o wordnet.Sense) bool { return o.Definition == s.Definition || strings.EqualFold(o.Words[0], link) }
		if fit(s) && !strings.EqualFold(link, name) && !slices.ContainsFunc(near, same) {
			near = append(near, s)
		}
	}
	return near, nil
}

// inComputing is what the topic's word means in computing.
type inComputing struct {
	unit
	first bool // it is the meaning that the lesson goes into
}

func (c computing) inComputing(s subject, l level) inComputing {
	u := inComputing{}
	for _, o := range append([]wordnet.Sense{s.sense}, s.above[:min(len(s.above), 2)]...) {
		u.first = u.first || strings.HasPrefix(o.Definition, "(computer science)")
	}
	if len(c.paragraphs) == 0 || s.sense.ID.POS != wordnet.Noun || !slices.Contains(c.words, s.name) || proper(s.name) && !u.first {
		return inComputing{}
	}
	u.Title = "In computing"
	u.objective = "Say what " + quote(s.name) + " means in computing."
	u.Text = "FOLDOC, a dictionary of computing, says: " + c.paragraphs[0]
	if more := c.more(l); u.first && more != "" {
		u.Text += "\n\n" + more
	}
	u.ask(c.whatIs(s.name))
	return u
}
