package keys

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// fileLimit is more than any sensible file of keys has, in bytes.
const fileLimit = 64 << 10

// entry is a line of the file: a service and its key. Other lines have no service.
type entry struct{ service, line, secret string }

// read gives the file's lines; none if there is no file. It refuses one that is not
// the user's alone.
func read(path string) ([]entry, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, told("reading", path, err)
	}
	defer f.Close()
	if err := private(f, path); err != nil {
		return nil, err
	}
	return parse(io.LimitReader(f, fileLimit))
}

// private says whether only the user can read an open file.
func private(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return told("reading", path, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("keys: %s is no file; move it away", path)
	}
	return ours(info, path)
}

// parse reads lines of "service key". A line of one word is OpenAI's key, as in a
// file that was made by hand; an empty one or one after # is nothing.
func parse(r io.Reader) ([]entry, error) {
	var entries []entry
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, fileLimit+1)
	for lines.Scan() {
		e := entry{line: lines.Text()}
		words := strings.Fields(e.line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) == 1 && printable(words[0]):
			e.service, e.secret = OpenAI, words[0]
		case len(words) == 2 && printable(words[1]):
			e.service, e.secret = words[0], words[1]
		}
		entries = append(entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("keys: the file of keys cannot be read: %w", err)
	}
	return entries, nil
}

// write puts service's key into the file, or with an empty one takes it out. What
// else the file holds stays. It is replaced in one step and is 0600, its folder 0700
// where it has to be made.
func write(path, service, secret string) (err error) {
	entries, err := read(path)
	if err != nil {
		return err
	}
	var text strings.Builder
	found := false
	for _, e := range entries {
		if e.service == service {
			found = true
			continue
		}
		text.WriteString(e.line + "\n")
	}
	if secret == "" && !found {
		return nil
	}
	if secret != "" {
		if len(entries) == 0 {
			text.WriteString("# Keys of services that Parley uses: a service and its key, a line each.\n")
		}
		text.WriteString(service + " " + secret + "\n")
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return told("making the folder of", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // 0600
	if err != nil {
		return told("saving", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = told("saving", path, err)
		}
	}()
	if _, err := f.WriteString(text.String()); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// told is err as one line that says what to do.
func told(doing, path string, err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		err = inner.Err // it names the path too
	}
	return fmt.Errorf("keys: %s %s: %w; check that the file and its folder are yours and the disk has room", doing, path, err)
}
