package guard

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func tokenFile(t *testing.T) string { return filepath.Join(t.TempDir(), "tokens") }

func names(all []Token) []string {
	var n []string
	for _, t := range all {
		n = append(n, t.Name)
	}
	return n
}

// A token that was added opens, and no other; the file holds nothing that opens.
func TestTokens(t *testing.T) {
	path := tokenFile(t)
	phone, err := Add(path, "phone")
	if err != nil {
		t.Fatal(err)
	}
	desk, err := Add(path, "desk.2")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), phone) || strings.Contains(string(text), strings.TrimPrefix(phone, tokenPrefix)) {
		t.Fatalf("the file holds the token, or %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file is %v, %v", info.Mode(), err)
	}
	all, err := OpenTokens(path, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := names(all.List()); !slices.Equal(got, []string{"phone", "desk.2"}) {
		t.Errorf("tokens are %q", got)
	}
	for secret, want := range map[string]string{phone: "phone", desk: "desk.2", "": "", phone + "x": "", phone[:len(phone)-1]: "", "parley_": ""} {
		if name, ok := all.Check(secret); name != want || ok != (want != "") {
			t.Errorf("%q is taken for %q, %v", secret, name, ok)
		}
	}
	if err := Remove(path, "phone"); err != nil {
		t.Fatal(err)
	}
	if _, ok := all.Check(phone); !ok {
		t.Error("a removed token is gone before the file is read again")
	}
	if err := all.Reload(); err != nil {
		t.Fatal(err)
	}
	if _, ok := all.Check(phone); ok {
		t.Error("a removed token still opens")
	}
	if name, _ := all.Check(desk); name != "desk.2" {
		t.Error("removing one token took another one along")
	}
}

func TestTokensFromTheEnvironment(t *testing.T) {
	token, secret, err := NewToken("hosted")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", tokenFile(t)} {
		all, err := OpenTokens(path, token.String()+"\n")
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := all.Check(secret); !ok || name != "hosted" {
			t.Errorf("a token from the environment is %q, %v", name, ok)
		}
	}
}

func TestTokensRefused(t *testing.T) {
	path := tokenFile(t)
	if _, err := Add(path, "phone"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{"phone": ErrNameTaken, "": ErrName, "a b": ErrName, "a\nb": ErrName, strings.Repeat("a", 65): ErrName} {
		if _, err := Add(path, name); !errors.Is(err, want) {
			t.Errorf("adding %q: %v", name, err)
		}
	}
	if err := Remove(path, "nobody"); !errors.Is(err, ErrNoToken) {
		t.Errorf("removing who is not there: %v", err)
	}
	all, err := OpenTokens(path, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := all.Reload(); !errors.Is(err, ErrOpenToOthers) || !strings.Contains(err.Error(), "chmod 600 "+path) {
		t.Errorf("a file that others can read: %v", err)
	}
	if len(all.List()) != 1 {
		t.Error("the tokens are gone after a file that was not read")
	}
	if _, err := Add(path, "desk"); !errors.Is(err, ErrOpenToOthers) {
		t.Errorf("adding to a file that others can read: %v", err)
	}
	good, _, err := NewToken("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want error
	}{
		{"phone", ErrDamaged}, {"phone 00 00 2026-01-01T00:00:00Z", ErrDamaged}, {good.String() + " more", ErrDamaged},
		{good.String() + "\n" + good.String(), ErrNameTaken}, {strings.Repeat("x", 70_000), ErrDamaged},
		{"# only words\n\n", nil}, {good.String(), nil},
	} {
		if _, err := OpenTokens("", c.text); !errors.Is(err, c.want) {
			t.Errorf("%.40q: %v", c.text, err)
		}
	}
}

// Two that add at once both have their token kept.
func TestTokensAtOnce(t *testing.T) {
	path := tokenFile(t)
	var all sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			if _, err := Add(path, name); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	tokens, err := OpenTokens(path, "")
	if err != nil {
		t.Fatal(err)
	}
	got := names(tokens.List())
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("kept were %q", got)
	}
}

// Whatever is in a token file, it is read or refused; and what was read can be
// written and is then the same.
func FuzzTokens(f *testing.F) {
	good, _, err := NewToken("a")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.String())
	f.Add("# head\n\nphone 00 00 2026-01-01T00:00:00Z")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseTokens(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, token := range all {
			again, err := parseToken(token.String())
			if err != nil || again.String() != token.String() {
				t.Errorf("%v is read as %v, %v", token, again, err)
			}
		}
	})
}
