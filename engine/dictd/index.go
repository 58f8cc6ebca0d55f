package dictd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

const (
	maxLine = 4 << 10 // bytes; GCIDE's longest line has 260
	step    = 256     // bytes read at once; nearly all lines fit
)

// place is where an entry's text lies, in bytes.
type place struct {
	offset int64
	length int
}

// index is the file of headwords. dictfmt sorts it in lower case, by letters,
// digits and blanks alone, or by all characters where the dictionary has an entry
// "00-database-allchars".
type index struct {
	name     string
	r        io.ReaderAt
	size     int64
	allChars bool
}

func newIndex(name string, r io.ReaderAt, size int64) (index, error) {
	x := index{name: name, r: r, size: size, allChars: true}
	// Found by either order, the entry says which it is.
	marks, err := x.find("00-database-allchars")
	x.allChars = err == nil && len(marks) > 0
	if err != nil && !errors.Is(err, ErrMalformed) {
		return index{}, err
	}
	return x, nil
}

// key is what headwords are sorted by.
func (x index) key(word string) string {
	word = strings.ToLower(word)
	if x.allChars {
		return word
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r > unicode.MaxASCII || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, word)
}

// find returns where the entries of a word are, each place once.
func (x index) find(word string) ([]place, error) {
	word = strings.Join(strings.Fields(word), " ")
	key := x.key(word)
	// low and high are offsets: the first line sought begins at or after low and,
	// if there is one, before or at high.
	low, high := int64(0), x.size
	for low < high {
		middle := low + (high-low)/2
		start, line, next, err := x.lineFrom(middle)
		switch {
		case err != nil:
			return nil, err
		case start < high && x.key(headword(line)) < key:
			low = next
		default:
			high = middle
		}
	}
	var places []place
	for at := low; len(places) < maxEntries; {
		start, line, next, err := x.lineFrom(at)
		if err != nil {
			return nil, err
		}
		if start >= x.size || x.key(headword(line)) != key {
			break
		}
		at = next
		if !strings.EqualFold(headword(line), word) {
			continue // "1-dodecanol" sorts like "1dodecanol"
		}
		p, err := parsePlace(line)
		if err != nil {
			return nil, fmt.Errorf("dictd: %s.index, entry %q: %w", x.name, headword(line), err)
		}
		if !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	return places, nil
}

// lineFrom reads the first line that begins at or after off, and says where it and
// the next one begin. At the end of the file it is empty.
func (x index) lineFrom(off int64) (start int64, line string, next int64, err error) {
	start = off
	if off > 0 {
		before, err := x.line(off - 1)
		if err != nil {
			return 0, "", 0, err
		}
		start = off - 1 + int64(len(before))
	}
	if start >= x.size {
		return x.size, "", x.size, nil
	}
	text, err := x.line(start)
	if err != nil {
		return 0, "", 0, err
	}
	return start, strings.TrimRight(string(text), "\r\n"), start + int64(len(text)), nil
}

// line reads what is left of a line from off on, with its end.
func (x index) line(off int64) ([]byte, error) {
	var line []byte
	for at := off; at < x.size; {
		block := make([]byte, min(step, x.size-at))
		if n, err := x.r.ReadAt(block, at); err != nil && n < len(block) {
			return nil, fmt.Errorf("dictd: read %s.index: %w", x.name, err)
		}
		if end := bytes.IndexByte(block, '\n'); end >= 0 {
			block = block[:end+1]
		}
		line = append(line, block...)
		if block[len(block)-1] == '\n' {
			break
		}
		if len(line) > maxLine {
			return nil, fmt.Errorf("dictd: %s.index at byte %d: line too long: %w", x.name, off, ErrMalformed)
		}
		at += int64(len(block))
	}
	return line, nil
}

func headword(line string) string {
	word, _, _ := strings.Cut(line, "\t")
	return word
}

// parsePlace reads "word TAB offset TAB length", and perhaps more columns.
func parsePlace(line string) (place, error) {
	columns := strings.Split(line, "\t")
	if len(columns) < 3 {
		return place{}, fmt.Errorf("too few columns: %w", ErrMalformed)
	}
	offset, ok1 := number(columns[1])
	length, ok2 := number(columns[2])
	if !ok1 || !ok2 || length > maxEntry {
		return place{}, fmt.Errorf("no place %q, %q: %w", columns[1], columns[2], ErrMalformed)
	}
	return place{offset, int(length)}, nil
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// number reads a number in base 64, of at most 42 bits.
func number(text string) (int64, bool) {
	if text == "" || len(text) > 7 {
		return 0, false
	}
	var n int64
	for i := range len(text) {
		digit := strings.IndexByte(digits, text[i])
		if digit < 0 {
			return 0, false
		}
		n = n<<6 | int64(digit)
	}
	return n, true
}
