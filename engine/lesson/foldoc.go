package lesson

import (
	"regexp"
	"slices"
	"strings"

	"parley/engine"
)

// computing is an entry of FOLDOC.
type computing struct {
	words      []string // the headwords, the first the entry's own
	field      string   // "programming, tool"; empty if the entry does not say
	paragraphs []string // code among them is fenced
	links      []string // the entries it refers to
	date       string   // when it was written or last changed
}

var (
	linked    = regexp.MustCompile(`\{([^{}]+)\}`)
	category  = regexp.MustCompile(`^(?:1\. )?<([a-z][^<>]{1,60})>\s*`)
	dated     = regexp.MustCompile(`^\((\d{4}-\d{2}-\d{2})\)$`)
	leadNotes = regexp.MustCompile(`^(\([^()]*\) )+`)
)

// parseFOLDOC reads an entry:
//
//	hash table
//	hashing
//
//	   <programming, algorithm> (Or "hashing") A scheme for …
//	   some {key}.
//
//	   See also: {btree}.
//
//	   (1997-08-03)
//
// Of several meanings, which are numbered, it keeps the first.
func parseFOLDOC(text string) (computing, bool) {
	var c computing
	blocks := strings.Split(strings.ReplaceAll(text, "\r", ""), "\n\n")
	for _, w := range strings.Split(blocks[0], "\n") {
		if w = strings.TrimSpace(w); w != "" {
			c.words = append(c.words, w)
		}
	}
	for _, block := range blocks[1:] {
		t := line(block)
		if d := dated.FindStringSubmatch(t); d != nil {
			c.date = d[1]
			break
		}
		if strings.HasPrefix(t, "2. ") {
			break
		}
		if t == "" || strings.HasPrefix(t, "[") || strings.HasPrefix(t, "{(") || strings.Contains(t, "://") {
			continue
		}
		if len(c.paragraphs) == 0 {
			if m := category.FindStringSubmatch(t); m != nil {
				c.field = m[1]
				t = t[len(m[0]):]
			}
			t = strings.TrimPrefix(t, "1. ")
		}
		for _, m := range linked.FindAllStringSubmatch(t, -1) {
			if to := strings.TrimSpace(m[1]); !strings.ContainsAny(to, "(/") && !slices.Contains(c.links, to) {
				c.links = append(c.links, to)
			}
		}
		switch {
		case strings.HasPrefix(t, "See also"), strings.HasPrefix(t, "See {"), strings.HasPrefix(t, "Compare {"):
		case len(c.paragraphs) > 0 && strings.HasPrefix(block, "    ") && strings.ContainsAny(t, "=;:({"):
			c.paragraphs = append(c.paragraphs, "```\n"+dedent(block)+"\n```")
		default:
			c.paragraphs = append(c.paragraphs, plain(strings.NewReplacer("{", "", "}", "").Replace(t)))
		}
	}
	return c, len(c.words) > 0 && len(c.paragraphs) > 0 && !strings.HasPrefix(c.paragraphs[0], "```")
}

// dedent takes the indentation off a block of code.
func dedent(block string) string {
	lines := strings.Split(strings.Trim(block, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(strings.ReplaceAll(l, "```", "'''"), "    "), " \t")
	}
	return strings.Join(lines, "\n")
}

// says is what the entry says first, without remarks in brackets before it.
func (c computing) says() string {
	text := leadNotes.ReplaceAllString(strings.ReplaceAll(c.paragraphs[0], "\\", ""), "")
	return strings.TrimSuffix(sentence(text), ".")
}

// lookupFOLDOC finds the entry of a word, if there is one that says anything.
func (b *Builder) lookupFOLDOC(word string) (computing, bool, error) {
	if b.foldoc == nil || word == "" {
		return computing{}, false, nil
	}
	texts, err := b.foldoc.Lookup(word)
	if err != nil {
		return computing{}, false, err
	}
	best, found := computing{}, false
	for _, text := range texts {
		c, ok := parseFOLDOC(text)
		if !ok || strings.HasPrefix(c.says(), "See ") {
			continue
		}
		// "mutex" is a lock before it is a package of macros, "MuTeX".
		if !found || !slices.Contains(best.words, word) && slices.Contains(c.words, word) {
			best, found = c, true
		}
	}
	return best, found, nil
}

// whatIs asks for the entry's name.
func (c computing) whatIs(name string) (engine.Question, bool) {
	text := c.says()
	for _, w := range c.words {
		if mentions(text, w) {
			return engine.Question{}, false
		}
	}
	accept := append([]string{name}, slices.DeleteFunc(slices.Clone(c.words), func(w string) bool { return strings.EqualFold(w, name) })...)
	return engine.Question{
		Prompt: "In computing, what is this called: " + text + "?", Accept: accept[:min(len(accept), mostKeys)],
		Hint: letters(name), Answer: "It is " + quote(name) + alsoCalled(accept[1:min(len(accept), 3)]) + ".",
	}, len(text) < 2*longLine-60
}
