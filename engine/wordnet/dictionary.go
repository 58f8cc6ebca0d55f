package wordnet

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrMissing is wrapped by the error of Open when the files are not there.
var ErrMissing = errors.New("not installed")

// DefaultDir is where Debian's wordnet-base puts the files.
const DefaultDir = "/usr/share/wordnet"

// ID names a sense: its place in the files.
type ID struct {
	POS    POS
	Offset int64
}

// Pointer leads from a sense to another.
type Pointer struct {
	Relation Relation
	To       ID

	// FromWord and ToWord number the words (from 1) that are related; both are
	// 0 when the senses as a whole are.
	FromWord, ToWord int
}

// Sense is one meaning and the words that have it.
type Sense struct {
	ID         ID
	Category   Category
	Words      []string // "gravity", "gravitation", …; the commonest first; in their own capitals
	Definition string   // without examples; clauses part at "; "
	Examples   []string
	Pointers   []Pointer

	// Lemma is the word that was looked up, in its base form and lower case,
	// and Count how often it had this meaning in the texts that were counted.
	// Only Lookup sets them.
	Lemma string
	Count int
}

// Dictionary is an open WordNet. It may be used by several goroutines.
type Dictionary struct {
	index, data, exceptions map[POS]*file
	counts                  *file
	closers                 []io.Closer
}

// Open opens the files in dir. When they are not there the error wraps
// [ErrMissing] and says which package has them.
func Open(dir string) (_ *Dictionary, err error) {
	d := &Dictionary{
		index:      make(map[POS]*file),
		data:       make(map[POS]*file),
		exceptions: make(map[POS]*file),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	open := func(name string) (*file, error) {
		f, c, err := openFile(filepath.Join(dir, name), name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("wordnet: %s is not in %s: %w; install Debian's package wordnet-base", name, dir, ErrMissing)
		case err != nil:
			return nil, fmt.Errorf("wordnet: open: %w", err)
		}
		d.closers = append(d.closers, c)
		return f, nil
	}
	for _, pos := range Parts {
		if d.index[pos], err = open("index." + pos.suffix()); err != nil {
			return nil, err
		}
		if d.data[pos], err = open("data." + pos.suffix()); err != nil {
			return nil, err
		}
		if d.exceptions[pos], err = open(pos.suffix() + ".exc"); err != nil {
			return nil, err
		}
	}
	if d.counts, err = open("cntlist.rev"); err != nil {
		return nil, err
	}
	return d, nil
}

// Close closes the files.
func (d *Dictionary) Close() error {
	var errs []error
	for _, c := range d.closers {
		errs = append(errs, c.Close())
	}
	d.closers = nil
	return errors.Join(errs...)
}

// Lookup returns the senses of word as that part of speech, the commonest
// first. The word may be a phrase, in any case, and inflected: "black holes"
// finds "black hole". An unknown word has no senses and is no error.
func (d *Dictionary) Lookup(word string, pos POS) ([]Sense, error) {
	if d.index[pos] == nil {
		return nil, nil
	}
	bases, err := d.BaseForms(word, pos)
	if err != nil {
		return nil, err
	}
	var senses []Sense
	for _, base := range bases {
		found, err := d.senses(base, pos)
		if err != nil {
			return nil, err
		}
		senses = append(senses, found...)
	}
	return senses, nil
}

// senses reads the senses of a base form, which must be in the index's spelling.
func (d *Dictionary) senses(base string, pos POS) ([]Sense, error) {
	e, ok, err := d.entry(base, pos)
	if err != nil || !ok {
		return nil, err
	}
	counts, err := d.tagCounts(base, pos)
	if err != nil {
		return nil, err
	}
	senses := make([]Sense, 0, len(e.offsets))
	for i, off := range e.offsets {
		s, err := d.Sense(ID{pos, off})
		if err != nil {
			return nil, err
		}
		s.Lemma = readable(base)
		s.Count = counts[i+1]
		senses = append(senses, s)
	}
	// Senses that were never counted stand in no particular order: what is
	// related to more is the likelier.
	uncounted := senses[max(0, slices.IndexFunc(senses, func(s Sense) bool { return s.Count == 0 })):]
	if len(uncounted) > 0 && uncounted[0].Count == 0 {
		slices.SortStableFunc(uncounted, func(a, b Sense) int { return len(b.Pointers) - len(a.Pointers) })
	}
	return senses, nil
}

// entry finds a base form in the index.
func (d *Dictionary) entry(base string, pos POS) (entry, bool, error) {
	f := d.index[pos]
	lines, err := f.withPrefix(base+" ", 1)
	if err != nil || len(lines) == 0 {
		return entry{}, false, err
	}
	e, err := parseEntry(lines[0])
	if err != nil {
		return entry{}, false, fmt.Errorf("wordnet: %s, entry %q: %w: %w", f.name, base, err, ErrMalformed)
	}
	return e, true, nil
}

// Sense reads the sense with that ID.
func (d *Dictionary) Sense(id ID) (Sense, error) {
	f := d.data[id.POS]
	if f == nil {
		return Sense{}, fmt.Errorf("wordnet: no part of speech %q: %w", rune(id.POS), ErrMalformed)
	}
	line, _, err := f.line(id.Offset)
	if err != nil {
		return Sense{}, err
	}
	s, err := parseSense(line, id.Offset)
	if err != nil {
		return Sense{}, f.malformed(id.Offset, err.Error())
	}
	return s, nil
}

// Follow returns what s points at by any of the relations, in the order of the
// file, at most limit of them.
func (d *Dictionary) Follow(s Sense, limit int, relations ...Relation) ([]Sense, error) {
	var to []Sense
	for _, p := range s.Pointers {
		if len(to) >= limit {
			break
		}
		for _, r := range relations {
			if p.Relation != r {
				continue
			}
			t, err := d.Sense(p.To)
			if err != nil {
				return nil, err
			}
			if p.ToWord > 0 && p.ToWord <= len(t.Words) {
				// Words that are related among others: the one meant leads.
				t.Words[0], t.Words[p.ToWord-1] = t.Words[p.ToWord-1], t.Words[0]
			}
			to = append(to, t)
			break
		}
	}
	return to, nil
}

// tagCounts reads, for each sense number of a base form (from 1), how often it
// was seen: lines "lemma%ss_type:… sense_number tag_cnt", cntlist(5WN).
func (d *Dictionary) tagCounts(base string, pos POS) (map[int]int, error) {
	lines, err := d.counts.withPrefix(base+"%", maxSenses)
	if err != nil {
		return nil, err
	}
	counts := make(map[int]int)
	for _, line := range lines {
		key, numbers, _ := strings.Cut(line[len(base)+1:], " ")
		number, count, _ := strings.Cut(numbers, " ")
		n, err1 := strconv.Atoi(number)
		c, err2 := strconv.Atoi(count)
		if err1 != nil || err2 != nil || key == "" || c < 0 {
			return nil, fmt.Errorf("wordnet: %s, entry %q: %w: %w", d.counts.name, base, errFields, ErrMalformed)
		}
		if typeDigit(key[0]) == pos {
			counts[n] = c
		}
	}
	return counts, nil
}

// typeDigit is the part of speech that a sense key names, senseidx(5WN).
func typeDigit(c byte) POS {
	switch c {
	case '1':
		return Noun
	case '2':
		return Verb
	case '3', '5':
		return Adjective
	case '4':
		return Adverb
	}
	return 0
}
