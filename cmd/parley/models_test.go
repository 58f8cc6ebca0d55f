package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine/keys"
	"parley/engine/openai"
	"parley/engine/settings"
)

// ringless is a machine without a keyring.
type ringless struct{}

func (ringless) Get(string, string) (string, error) { return "", keys.ErrNoKeyring }
func (ringless) Set(string, string, string) error   { return keys.ErrNoKeyring }
func (ringless) Delete(string, string) error        { return nil }

// newChooser is `parley models` in a home of its own.
func newChooser(t *testing.T, typed string) (c chooser, out *bytes.Buffer, home string) {
	t.Helper()
	home = t.TempDir()
	out = &bytes.Buffer{}
	path := filepath.Join(home, "settings.toml")
	s, _, err := settings.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	client := openai.NewHTTP()
	t.Cleanup(client.CloseIdleConnections)
	return chooser{
		cons: console{out, out}, in: strings.NewReader(typed), path: path,
		services: &services{chosen: s, prompts: filepath.Join(home, "prompts"), http: client, keys: keys.OpenRing(ringless{}, filepath.Join(home, "keys"), "")},
	}, out, home
}

// modelServer lists one model to whoever has the key.
func modelServer(t *testing.T, key string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"small","object":"model"}]}`))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

// A service is chosen, gets its key, is tested and left again; the key stands in one
// file alone, which only its owner can read.
func TestModels(t *testing.T) {
	const key = "sk-canary-123"
	at := modelServer(t, key)
	c, out, home := newChooser(t, key+"\n")
	do := func(want string, args ...string) {
		t.Helper()
		out.Reset()
		if err := c.run(t.Context(), args); err != nil {
			out.WriteString(err.Error())
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("%v: %q, want %q", args, out, want)
		}
		s, _, err := settings.Load(c.path)
		if err != nil {
			t.Fatal(err)
		}
		c.chosen = s
	}
	do("built-in engine")
	do("from the next start", "use", "responder", at, "small")
	do(at + " small")
	do("not ok", "test")
	do("", "key", at)
	do("ok      responder", "test")
	do("from the next start", "use", "lesson", at, "large")
	do(`does not list the model "large"; it has small`, "test")
	do("forgotten", "forget", at)
	do("built-in engine", "use", "responder", "builtin")
	do("there is no stage", "use", "dreamer", at)
	do("neither an address nor a server", "use", "responder", "nobody")
	do("not understood", "guess")

	c.in = strings.NewReader(key)
	do("", "key", at)
	err := filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if bytes.Contains(text, []byte(key)) && (filepath.Base(path) != "keys" || info.Mode().Perm() != 0o600) {
			t.Errorf("%s (%v) holds the key", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Prompts are written to be changed, and what was changed stays.
func TestPrompts(t *testing.T) {
	c, out, home := newChooser(t, "")
	if err := c.run(t.Context(), []string{"prompts"}); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(home, "prompts", "voice.md")
	if text, err := os.ReadFile(mine); err != nil || string(text) != openai.VoicePrompt() {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.WriteFile(mine, []byte("Rhyme."), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.run(t.Context(), []string{"prompts"}); err != nil || !strings.Contains(out.String(), "yours") {
		t.Errorf("%q, %v", out, err)
	}
	if got := c.prompt("voice", openai.VoicePrompt()); got != "Rhyme." {
		t.Errorf("the prompt is %q", got)
	}
	if got := c.prompt("nothing", "ours"); got != "ours" {
		t.Errorf("where there is none it is %q", got)
	}
}
