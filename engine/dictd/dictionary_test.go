package dictd

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// encode writes a number in base 64.
func encode(n int) string {
	text := string(digits[n%64])
	for n /= 64; n > 0; n /= 64 {
		text = string(digits[n%64]) + text
	}
	return text
}

// compress makes a dictzip file whose chunks hold length bytes.
func compress(tb testing.TB, text []byte, length int) []byte {
	tb.Helper()
	var body bytes.Buffer
	var sizes []byte
	w, err := flate.NewWriter(&body, flate.BestSpeed)
	if err != nil {
		tb.Fatal(err)
	}
	chunks := 0
	for part := range slices.Chunk(text, length) {
		before := body.Len()
		w.Reset(&body) // nothing is remembered from chunk to chunk
		if _, err := w.Write(part); err != nil {
			tb.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
		sizes = binary.LittleEndian.AppendUint16(sizes, uint16(body.Len()-before))
		chunks++
	}
	table := binary.LittleEndian.AppendUint16(nil, 1)
	table = binary.LittleEndian.AppendUint16(table, uint16(length))
	table = binary.LittleEndian.AppendUint16(table, uint16(chunks))
	table = append(table, sizes...)
	file := []byte{0x1f, 0x8b, 8, extra | fileName, 0, 0, 0, 0, 0, 3}
	file = binary.LittleEndian.AppendUint16(file, uint16(len(table)+4))
	file = append(file, "RA"...)
	file = binary.LittleEndian.AppendUint16(file, uint16(len(table)))
	file = append(file, table...)
	file = append(file, "name\x00"...)
	return append(file, body.Bytes()...)
}

// entry is a headword and its text.
type entry struct{ word, text string }

var entries = []entry{
	{"00-database-short", "a small one"},
	{"1-hitter", "a game"},
	{"Ada", "a language"},
	{"ada", "a name"},
	{"hash table", strings.Repeat("rows and columns ", 40)},
	{"hash-table", "the same, hyphenated"},
	{"mutex", "a lock"},
	{"Zürich", "a city"},
}

// install writes a dictionary into a directory; an ending of ".dict" leaves it
// uncompressed.
func install(tb testing.TB, ending string, length int, more ...entry) string {
	tb.Helper()
	dir := tb.TempDir()
	var text, index bytes.Buffer
	for _, e := range slices.Concat(more, entries) {
		index.WriteString(e.word + "\t" + encode(text.Len()) + "\t" + encode(len(e.text)) + "\n")
		text.WriteString(e.text)
	}
	body := text.Bytes()
	if ending == ".dict.dz" {
		body = compress(tb, body, length)
	}
	for name, content := range map[string][]byte{"small.index": index.Bytes(), "small" + ending: body} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func TestLookup(t *testing.T) {
	tests := []struct {
		word string
		want []string
	}{
		{"mutex", []string{"a lock"}},
		{"  MUTEX ", []string{"a lock"}},
		{"ada", []string{"a language", "a name"}},
		{"hash  table", []string{entries[4].text}},
		{"hash-table", []string{"the same, hyphenated"}},
		{"1-hitter", []string{"a game"}},
		{"zürich", []string{"a city"}},
		{"nothing", nil},
		{"", nil},
		{"zzz", nil},
		{"\xff", nil},
	}
	for _, ending := range []string{".dict", ".dict.dz"} {
		for _, length := range []int{7, 100, 60000} {
			d, err := Open(install(t, ending, length), "small")
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range tests {
				if got, err := d.Lookup(test.word); err != nil || !slices.Equal(got, test.want) {
					t.Errorf("%s by %d: %q: %q, %v", ending, length, test.word, got, err)
				}
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// With all characters in the order, "hash-table" stands before "hash table" no
// more, and each is found all the same.
func TestLookupInTheOrderOfAllCharacters(t *testing.T) {
	d, err := Open(install(t, ".dict", 0, entry{"!", "bang"}, entry{"00-database-allchars", ""}), "small")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, e := range []entry{{"!", "bang"}, {"hash table", entries[4].text}, {"hash-table", "the same, hyphenated"}, {"mutex", "a lock"}} {
		if got, err := d.Lookup(e.word); err != nil || !slices.Equal(got, []string{e.text}) {
			t.Errorf("%q: %q, %v", e.word, got, err)
		}
	}
}

func TestOpenWhatIsNotThere(t *testing.T) {
	if _, err := Open(t.TempDir(), "foldoc"); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "dict-foldoc") {
		t.Errorf("no file: %v", err)
	}
	dir := install(t, ".dict", 0)
	if err := os.Remove(filepath.Join(dir, "small.dict")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, "small"); !errors.Is(err, ErrMissing) {
		t.Errorf("no text: %v", err)
	}
}

func TestMalformedFiles(t *testing.T) {
	for name, index := range map[string]string{
		"columns":    "mutex\tA\n",
		"digits":     "mutex\t?\tB\n",
		"too long":   "mutex\tA\t//////\n",
		"outside":    "mutex\t/////\tB\n",
		"empty":      "mutex\t\t\n",
		"no newline": "mutex" + strings.Repeat("x", 2*maxLine),
	} {
		dir := install(t, ".dict.dz", 10)
		if err := os.WriteFile(filepath.Join(dir, "small.index"), []byte(index), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := Open(dir, "small")
		if err != nil {
			t.Errorf("%s: open: %v", name, err)
			continue
		}
		if _, err := d.Lookup("mutex"); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
		d.Close()
	}
	for name, text := range map[string][]byte{
		"not gzip": []byte("just some text that is long enough"),
		"no table": {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3},
		"cut off":  compress(t, bytes.Repeat([]byte("text"), 1000), 100)[:60],
	} {
		dir := install(t, ".dict.dz", 10)
		if err := os.WriteFile(filepath.Join(dir, "small.dict.dz"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		if d, err := Open(dir, "small"); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
}

func TestSeveralReaders(t *testing.T) {
	d, err := Open(install(t, ".dict.dz", 16), "small")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				for _, e := range entries[4:] {
					if got, err := d.Lookup(e.word); err != nil || !slices.Contains(got, e.text) {
						t.Errorf("%q: %q, %v", e.word, got, err)
					}
				}
			}
		})
	}
	all.Wait()
}

// The dictionaries that lessons are made of, as Debian installs them.
func TestInstalled(t *testing.T) {
	for name, words := range map[string][]string{
		"foldoc": {"mutex", "hash table", "C++", "!", "TCP/IP", "Association Française des Utilisateurs d'Unix", "00-database-info"},
		"gcide":  {"photosynthesis", "Volcano", "1-dodecanol", "a", "zymotic"},
	} {
		d, err := Open(DefaultDir, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			texts, err := d.Lookup(word)
			if err != nil || len(texts) == 0 {
				t.Errorf("%s: %q: %d entries, %v", name, word, len(texts), err)
			}
		}
		d.Close()
	}
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte("a\tA\tB\nb\tB\tB\nbb\tC\tB\n"), "b")
	f.Add([]byte("00-database-allchars\tA\tA\n!\tA\tB\n"), "!")
	f.Add([]byte("\n\n\n"), "")
	f.Add([]byte("a\tA\tB\r\nA\tA\tB\na\tA"), "a")
	f.Add(bytes.Repeat([]byte("z"), 3*step), "z")
	f.Fuzz(func(t *testing.T, content []byte, word string) {
		x, err := newIndex("fuzz", bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		places, err := x.find(word)
		if err != nil && !errors.Is(err, ErrMalformed) {
			t.Fatal(err)
		}
		for _, p := range places {
			if p.length > maxEntry || p.offset < 0 {
				t.Errorf("%+v", p)
			}
		}
		if len(places) > maxEntries {
			t.Errorf("%d places", len(places))
		}
	})
}

func FuzzZip(f *testing.F) {
	f.Add(compress(f, []byte("a text of several chunks"), 5), int64(3))
	f.Add(compress(f, nil, 5), int64(0))
	f.Add([]byte{0x1f, 0x8b, 8, extra, 0, 0, 0, 0, 0, 3, 0, 0}, int64(0))
	f.Fuzz(func(t *testing.T, content []byte, off int64) {
		z, err := newZip("fuzz", bytes.NewReader(content), int64(len(content)))
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		if n, err := z.ReadAt(make([]byte, 100), max(off, 0)); err != nil && !errors.Is(err, ErrMalformed) && !errors.Is(err, io.EOF) || n > 100 {
			t.Fatalf("%d, %v", n, err)
		}
	})
}
