package wordnet

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

const gravityLine = `11464143 19 n 02 gravity 0 gravitation 1 003 @ 11458314 n 0000 ~ 11465000 n 0000 + 01860000 v 0201 | (physics) the force; "the less the gravity"`

func FuzzParseSense(f *testing.F) {
	f.Add(gravityLine)
	f.Add(`00001740 29 v 04 breathe 0 take_a_breath 0 respire 0 suspire 3 001 * 00005041 v 0000 02 + 02 00 + 08 00 | draw air into, and expel out of, the lungs`)
	f.Add("")
	f.Add("11464143 19 n ff")
	f.Add("11464143 19 n 01 a 0 999 | x")
	f.Add("11464143 19 s 01 galore(ip) 0 000 |")
	f.Fuzz(func(t *testing.T, line string) {
		s, err := parseSense(line, 11464143)
		if err != nil {
			return
		}
		if len(s.Words) == 0 || len(s.Words) > maxWords || len(s.Pointers) > maxPointers || s.ID.Offset != 11464143 {
			t.Errorf("%q: %+v", line, s)
		}
	})
}

func FuzzParseEntry(f *testing.F) {
	f.Add("gravity n 3 5 ! @ ~ + ; 3 2 11464143 04647478 07512147  ")
	f.Add("x n 1000 0 0 0 1")
	f.Add("")
	f.Fuzz(func(t *testing.T, line string) {
		if e, err := parseEntry(line); err == nil && (e.lemma == "" || len(e.offsets) == 0 || len(e.offsets) > maxSenses) {
			t.Errorf("%q: %+v", line, e)
		}
	})
}

func FuzzSplitGloss(f *testing.F) {
	f.Add(`(physics) the force; "the less the gravity"; "it fell"`)
	f.Add(`the letter "a"; "an a`)
	f.Add(`";";"`)
	f.Fuzz(func(t *testing.T, gloss string) {
		definition, examples := splitGloss(gloss)
		if len(definition) > len(gloss) || len(strings.Join(examples, "")) > len(gloss) {
			t.Errorf("%q: %q %q", gloss, definition, examples)
		}
	})
}

// FuzzFile searches a file of any bytes: it must end, and find only what is
// there.
func FuzzFile(f *testing.F) {
	f.Add([]byte("  1 licence\na n 1 0 1 0 1\nb n 1 0 1 0 2\nbb n 1 0 1 0 3\n"), "b ")
	f.Add([]byte("\n\n\n"), "x")
	f.Add([]byte("no end"), "no")
	f.Add([]byte{}, "x")
	f.Add(bytes.Repeat([]byte("z"), 3*step), "z")
	f.Fuzz(func(t *testing.T, content []byte, prefix string) {
		if prefix == "" || strings.ContainsRune(prefix, '\n') {
			return
		}
		lines, err := mem(content).withPrefix(prefix, 10)
		if err != nil && !errors.Is(err, ErrMalformed) {
			t.Fatal(err)
		}
		for _, line := range lines {
			if !strings.HasPrefix(line, prefix) || !bytes.Contains(content, []byte(line)) {
				t.Errorf("%q in %q: found %q", prefix, content, line)
			}
		}
	})
}

// FuzzDictionary looks words up in files of which every one is foreign.
func FuzzDictionary(f *testing.F) {
	f.Add([]byte("gravity n 1 0 1 0 0\n"), []byte("00000000 19 n 01 gravity 0 000 | x\n"), []byte("gravities gravity\n"), []byte("gravity%1:19:00:: 1 2\n"), "gravity")
	f.Add([]byte("a n 1 0 1 0 99999999\n"), []byte(gravityLine), []byte("a\n"), []byte("a%\n"), "how a works")
	f.Fuzz(func(t *testing.T, index, data, exceptions, counts []byte, word string) {
		d := &Dictionary{index: map[POS]*file{}, data: map[POS]*file{}, exceptions: map[POS]*file{}, counts: mem(counts)}
		for _, pos := range Parts {
			d.index[pos], d.data[pos], d.exceptions[pos] = mem(index), mem(data), mem(exceptions)
		}
		for _, pos := range Parts {
			senses, err := d.Lookup(word, pos)
			if err != nil && !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			for _, s := range senses {
				if _, err := d.Follow(s, 5, Hypernym, Antonym); err != nil && !errors.Is(err, ErrMalformed) {
					t.Fatal(err)
				}
			}
		}
		if _, _, err := d.Head(word); err != nil && !errors.Is(err, ErrMalformed) {
			t.Fatal(err)
		}
	})
}

func mem(content []byte) *file {
	return &file{name: "index.test", r: bytes.NewReader(content), size: int64(len(content))}
}
