package wordnet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// Every line of a sorted file is found, wherever the reads fall.
func TestEveryLineIsFound(t *testing.T) {
	for _, width := range []int{0, 1, 7, 100, step - 2, step - 1, step, step + 1, 3 * step} {
		content := "  1 licence\n  2 of the files\n"
		var keys []string
		for i := range 200 {
			key := fmt.Sprintf("word%04d", i*3)
			keys = append(keys, key)
			content += key + " " + strings.Repeat("x", (width*(i%7))/6) + "\n"
		}
		f := mem([]byte(content))
		for i, key := range keys {
			if lines, err := f.withPrefix(key+" ", 5); err != nil || len(lines) != 1 {
				t.Fatalf("width %d: %s: %q, %v", width, key, lines, err)
			}
			if lines, err := f.withPrefix(fmt.Sprintf("word%04d ", i*3+1), 5); err != nil || len(lines) != 0 {
				t.Fatalf("width %d: found what is not there: %q, %v", width, lines, err)
			}
		}
	}
}

func TestEveryEntryOfTheIndexIsFound(t *testing.T) {
	d := open(t)
	for _, pos := range Parts {
		n := 0
		for off := int64(0); off < d.index[pos].size; {
			line, next, err := d.index[pos].line(off)
			if err != nil {
				t.Fatal(err)
			}
			off = next
			if n++; n%97 != 0 || strings.HasPrefix(line, " ") {
				continue // one in a hundred is enough
			}
			lemma, _, _ := strings.Cut(line, " ")
			senses, err := d.Lookup(lemma, pos)
			if err != nil {
				t.Fatal(err)
			}
			if len(senses) == 0 || senses[0].Definition == "" {
				t.Errorf("%s: %+v", lemma, senses)
			}
		}
	}
}

func TestLineThatNeverEnds(t *testing.T) {
	f := mem(bytes.Repeat([]byte("x"), 3*maxLine))
	if _, err := f.withPrefix("y", 1); !errors.Is(err, ErrMalformed) {
		t.Errorf("got %v", err)
	}
}

func TestManyReadersAtOnce(t *testing.T) {
	d := open(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, word := range []string{"gravity", "lion", "volcanoes", "run"} {
				if senses, err := d.Lookup(word, Noun); err != nil || len(senses) == 0 {
					t.Errorf("%s: %d, %v", word, len(senses), err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkLookup(b *testing.B) {
	d := open(b)
	for b.Loop() {
		if _, err := d.Lookup("gravity", Noun); err != nil {
			b.Fatal(err)
		}
	}
}
