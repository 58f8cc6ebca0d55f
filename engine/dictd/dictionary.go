package dictd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrMissing is wrapped by the error of Open when the files are not there.
var ErrMissing = errors.New("not installed")

// ErrMalformed is wrapped by errors about files that are not what they should be.
var ErrMalformed = errors.New("malformed file")

// DefaultDir is where Debian's dict-* packages put their files.
const DefaultDir = "/usr/share/dictd"

const (
	maxEntry   = 1 << 20 // bytes of one entry; GCIDE's longest has 60 kB
	maxEntries = 32      // entries of one headword
)

// Dictionary is an open dictionary. It may be used by several goroutines.
type Dictionary struct {
	name    string
	index   index
	text    io.ReaderAt
	closers []io.Closer
}

// Open opens the dictionary of that name ("foldoc", "gcide") in dir. When it is
// not there the error wraps [ErrMissing] and says which package has it.
func Open(dir, name string) (_ *Dictionary, err error) {
	d := &Dictionary{name: name}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	open := func(ending string) (*os.File, int64, error) {
		f, err := os.Open(filepath.Join(dir, name+ending))
		if err != nil {
			return nil, 0, err
		}
		d.closers = append(d.closers, f)
		info, err := f.Stat()
		if err != nil {
			return nil, 0, err
		}
		return f, info.Size(), nil
	}
	failed := func(err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("dictd: %s is not in %s: %w; install Debian's package dict-%s", name, dir, ErrMissing, name)
		}
		return fmt.Errorf("dictd: open %s: %w", name, err)
	}
	f, size, err := open(".index")
	if err != nil {
		return nil, failed(err)
	}
	if d.index, err = newIndex(name, f, size); err != nil {
		return nil, err
	}
	if f, size, err = open(".dict.dz"); err == nil {
		d.text, err = newZip(name, f, size)
		return d, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, failed(err)
	}
	if f, _, err = open(".dict"); err != nil {
		return nil, failed(err)
	}
	d.text = f
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

// Lookup returns the texts of the entries of word, in any case, in the order of
// the index, each once, 32 at most. A word without entries has none and is no
// error. Bytes that are not UTF-8 are replaced.
func (d *Dictionary) Lookup(word string) ([]string, error) {
	places, err := d.index.find(word)
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(places))
	for _, p := range places {
		text := make([]byte, p.length)
		if n, err := d.text.ReadAt(text, p.offset); err != nil && (n < len(text) || !errors.Is(err, io.EOF)) {
			if errors.Is(err, io.EOF) {
				err = fmt.Errorf("entry %q lies outside the text: %w", word, ErrMalformed)
			}
			return nil, fmt.Errorf("dictd: read %s: %w", d.name, err)
		}
		texts = append(texts, strings.ToValidUTF8(string(text), "\uFFFD"))
	}
	return texts, nil
}
