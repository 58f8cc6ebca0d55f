package wordnet

import (
	"errors"
	"strconv"
	"strings"
)

// maxWords and maxPointers bound a record; the largest of WordNet 3.0 has 28
// words and 681 pointers.
const (
	maxWords    = 255  // two hexadecimal digits
	maxPointers = 999  // three decimal digits
	maxSenses   = 1000 // the word with the most, "break", has 59
)

// errFields is what is wrong with a line whose fields can't be read; the caller
// says which line.
var errFields = errors.New("unexpected fields")

// fields takes a line apart from left to right. After the first field that is
// missing or not what it should be, every further one is zero.
type fields struct {
	rest string
	bad  bool
}

func (f *fields) word() string {
	f.rest = strings.TrimLeft(f.rest, " ")
	w, rest, _ := strings.Cut(f.rest, " ")
	f.rest = rest
	if w == "" {
		f.bad = true
	}
	return w
}

func (f *fields) number(base, most int) int {
	n, err := strconv.ParseUint(f.word(), base, 32)
	if err != nil || n > uint64(most) {
		f.bad = true
		return 0
	}
	return int(n)
}

// entry is a line of an index file: a word and where its senses are, the
// commonest first.
type entry struct {
	lemma   string
	tagged  int // how many senses are found in the tagged texts
	offsets []int64
}

// parseEntry reads "lemma pos synset_cnt p_cnt [symbol…] sense_cnt
// tagsense_cnt offset…", wndb(5WN).
func parseEntry(line string) (entry, error) {
	f := fields{rest: line}
	e := entry{lemma: f.word()}
	f.word() // part of speech: the file's
	senses := f.number(10, maxSenses)
	for range f.number(10, maxPointers) {
		f.word()
	}
	f.word() // sense_cnt repeats synset_cnt
	e.tagged = f.number(10, maxSenses)
	for range senses {
		e.offsets = append(e.offsets, int64(f.number(10, 1<<31-1)))
		if f.bad {
			break
		}
	}
	if f.bad || senses == 0 {
		return entry{}, errFields
	}
	return e, nil
}

// parseSense reads a line of a data file: "offset lex_filenum ss_type w_cnt word
// lex_id … p_cnt [symbol offset pos source/target]… [frames] | gloss",
// wndb(5WN).
func parseSense(line string, off int64) (Sense, error) {
	head, gloss, ok := strings.Cut(line, "|")
	if !ok {
		return Sense{}, errFields
	}
	f := fields{rest: head}
	if int64(f.number(10, 1<<31-1)) != off {
		return Sense{}, errFields
	}
	var s Sense
	s.Category = Category(f.number(10, 99))
	pos, ok := parsePOS(f.word())
	if !ok {
		return Sense{}, errFields
	}
	s.ID = ID{POS: pos, Offset: off}
	for range f.number(16, maxWords) {
		w := f.word()
		f.word() // lex_id
		if f.bad {
			return Sense{}, errFields
		}
		s.Words = append(s.Words, readable(w))
	}
	for range f.number(10, maxPointers) {
		p := Pointer{Relation: Relation(f.word())}
		p.To.Offset = int64(f.number(10, 1<<31-1))
		p.To.POS, ok = parsePOS(f.word())
		ends := f.number(16, 0xffff)
		if f.bad || !ok {
			return Sense{}, errFields
		}
		p.FromWord, p.ToWord = ends>>8, ends&0xff
		s.Pointers = append(s.Pointers, p)
	}
	if f.bad || len(s.Words) == 0 {
		return Sense{}, errFields
	}
	s.Definition, s.Examples = splitGloss(gloss)
	return s, nil
}

// readable turns "galore(ip)" and "time_signature" into what a person writes.
func readable(w string) string {
	if i := strings.IndexByte(w, '('); i > 0 {
		w = w[:i] // where an adjective may stand
	}
	return strings.ReplaceAll(w, "_", " ")
}
