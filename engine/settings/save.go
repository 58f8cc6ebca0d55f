package settings

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/BurntSushi/toml"
)

const preamble = "# Settings of Parley. It rewrites this file when a setting is changed in its window.\n"

// Save makes the file at path hold s: Update with all of the settings at once.
func Save(path string, s Settings) error {
	return Update(path, func(now *Settings) { *now = s })
}

// Update changes settings in the file at path and leaves the others as they
// are there now, so that two windows can both change theirs. The file is 0600,
// its folder 0700. It is replaced in one step: whoever reads it, or finds it
// after a power cut, finds all of the old or all of the new. Keys that are not
// ours stay, and so do values that are not allowed until the setting is
// changed. An error, one line, leaves the file as it was; a file that is not
// TOML is an error. A change to a value that is not allowed is one too.
func Update(path string, change func(*Settings)) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // replace the file, not the link to it
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return explain("making the folder of", path, err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return explain("saving", path, err)
	}
	defer unlock()

	values, err := parse(path)
	if err != nil {
		return fmt.Errorf("%w; the change is not saved", err)
	}
	before, _, rest := interpret(filepath.Base(path), values)
	after := before
	change(&after)
	text, err := render(before, after, rest)
	if err != nil {
		return err
	}
	if err := replace(path, text); err != nil {
		return explain("saving", path, err)
	}
	return nil
}

// render writes the file: our keys with a comment each, then the rest.
func render(before, after Settings, rest map[string]any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(preamble)
	for _, k := range keys {
		v := k.get(&after)
		if err := k.allows(v); err != nil {
			return nil, err
		}
		if _, wrong := rest[k.name]; wrong {
			if reflect.DeepEqual(v, k.get(&before)) {
				continue
			}
			delete(rest, k.name)
		}
		fmt.Fprintf(&b, "\n# %s\n", k.comment)
		if err := encode(&b, map[string]any{k.name: v}); err != nil {
			return nil, err
		}
	}
	if len(rest) > 0 {
		b.WriteString("\n# Not understood by this version.\n")
		if err := encode(&b, rest); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// allows says whether v, as get gives it, could be read again.
func (k key) allows(v any) error {
	if n, ok := v.(int); ok {
		v = int64(n)
	}
	var s Settings
	if err := k.set(&s, v); err != nil {
		return fmt.Errorf("%w: %s = %s; it must be %s", err, k.name, show(v), k.allowed)
	}
	return nil
}

func encode(b *bytes.Buffer, values map[string]any) error {
	e := toml.NewEncoder(b)
	e.Indent = ""
	if err := e.Encode(values); err != nil {
		return fmt.Errorf("settings: not saved: %s", oneLine(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	return nil
}

// replace writes a new file beside path and puts it in its place.
func replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".settings-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(text); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return rename(f.Name(), path)
}
