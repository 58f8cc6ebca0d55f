package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// fileLimit is more than any sensible file has, in bytes.
const fileLimit = 64 << 10

// errUnparsable: the file is not TOML.
var errUnparsable = errors.New("settings: cannot be read as TOML")

// Load reads the file at path. The settings are usable whatever it returns: a
// missing file gives the defaults, and so does each setting that is missing or
// wrong. A file that is not TOML is renamed to PATH.damaged-TIME. Each notice
// is one sentence for the user about something that was not as expected. The
// error, one line, says that the file could not be read, or not set aside.
func Load(path string) (Settings, []string, error) {
	values, err := parse(path)
	if errors.Is(err, errUnparsable) {
		return setAside(path)
	}
	if err != nil {
		return Default(), nil, err
	}
	s, notices, _ := interpret(filepath.Base(path), values)
	return s, notices, nil
}

// setAside renames an unparsable file, unless another process just has.
func setAside(path string) (Settings, []string, error) {
	unlock, err := lockFolder(filepath.Dir(path))
	if err != nil {
		return Default(), nil, explain("setting the damaged file aside", path, err)
	}
	defer unlock()
	values, err := parse(path)
	if !errors.Is(err, errUnparsable) {
		s, notices, _ := interpret(filepath.Base(path), values)
		return s, notices, err
	}
	name := path + ".damaged-" + time.Now().Format("20060102-150405")
	aside := name
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s-%d", name, n)
	}
	why := strings.TrimPrefix(err.Error(), errUnparsable.Error()+": ")
	notice := fmt.Sprintf("The settings file is not valid TOML (%s). It is kept as %s, and the defaults are used.", why, aside)
	if err := os.Rename(path, aside); err != nil {
		return Default(), nil, explain("setting the damaged file aside", path, err)
	}
	return Default(), []string{notice}, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// parse gives what the file holds; nothing if there is none.
func parse(path string) (map[string]any, error) {
	f, err := open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, explain("reading", path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, fileLimit+1))
	if err != nil {
		return nil, explain("reading", path, err)
	}
	if len(text) > fileLimit {
		return nil, fmt.Errorf("settings: %s is too large (over %d bytes) to be a settings file; move it away", path, fileLimit)
	}
	return decode(string(text))
}

func decode(text string) (map[string]any, error) {
	values := make(map[string]any)
	if _, err := toml.Decode(text, &values); err != nil {
		return nil, fmt.Errorf("%w: %s", errUnparsable, oneLine(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	return values, nil
}

// interpret takes the settings out of values. What is left are keys that are
// not ours and values that are not allowed; a notice names each, and file.
func interpret(file string, values map[string]any) (s Settings, notices []string, rest map[string]any) {
	s = Default()
	rest = maps.Clone(values)
	for _, k := range keys {
		v, ok := values[k.name]
		if !ok {
			continue
		}
		if err := k.set(&s, v); err != nil {
			notices = append(notices, fmt.Sprintf("%s: %s = %s is not allowed: it must be %s; %s is used.",
				file, k.name, show(v), k.allowed, show(k.get(&s))))
			continue
		}
		delete(rest, k.name)
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		if !slices.ContainsFunc(keys, func(k key) bool { return k.name == name }) {
			notices = append(notices, fmt.Sprintf("%s: there is no setting %s; it is ignored.", file, show(name)))
		}
	}
	return s, notices, rest
}

// show is a value in a notice, shortened.
func show(v any) string {
	text := fmt.Sprint(v)
	switch v.(type) {
	case string:
		text = fmt.Sprintf("%q", v)
	case map[string]any:
		text = "a table"
	}
	text = oneLine(text)
	if runes := []rune(text); len(runes) > 60 {
		text = string(runes[:60]) + "…"
	}
	return text
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// explain is err as one line that says what to do.
func explain(doing, path string, err error) error {
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		err = inner.Err // it names the path too
	}
	return fmt.Errorf("settings: %s %s: %w; check that the file and its folder are yours and the disk has room", doing, path, err)
}
