package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine/turn"
)

func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parleyd.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Flags go before the file, and that before PORT.
func TestOptions(t *testing.T) {
	path := configFile(t, `
		listen = "192.0.2.1:1"
		host = ["a.example", "b.example"]
		sessions = 7
		drain = "5s"
		behind_proxy = true
		patience = "quick"
		log_level = "debug"`)
	o, err := parseServe([]string{"--config", path, "--sessions", "9", "--host", "c.example"}, env("PORT", "8080", "PARLEYD_TOKENS", "x"))
	if err != nil {
		t.Fatal(err)
	}
	if o.listen != "192.0.2.1:1" || !slices.Equal(o.hosts, []string{"c.example"}) || o.sessions != 9 || o.drain != 5*time.Second ||
		!o.behindProxy || o.patience != turn.Quick || o.level.String() != "DEBUG" || o.requests != 600 || o.fixedTokens != "x" {
		t.Errorf("read as %+v", o)
	}
	for _, c := range []struct {
		args string
		env  []string
		want string
	}{
		{"", nil, "127.0.0.1:8765"}, {"", []string{"PORT", "8080"}, "127.0.0.1:8080"}, {"--behind-proxy", []string{"PORT", "8080"}, "0.0.0.0:8080"},
		{"--listen [::1]:5", []string{"PORT", "8080"}, "[::1]:5"},
	} {
		if o, err := parseServe(strings.Fields(c.args), env(c.env...)); err != nil || o.listen != c.want {
			t.Errorf("%q with %q listens on %s, %v", c.args, c.env, o.listen, err)
		}
	}
	o, err = parseServe([]string{"--transcribers", "3"}, env("RAILWAY_PUBLIC_DOMAIN", "x.up.example", "RENDER_EXTERNAL_HOSTNAME", "y.example"))
	if err != nil || o.waiting != 12 || !slices.Equal(o.hosts, []string{"x.up.example", "y.example"}) {
		t.Errorf("%d may wait, hosts %q, %v", o.waiting, o.hosts, err)
	}
}

func TestConfigRefused(t *testing.T) {
	for text, says := range map[string]string{
		"lisen = 'x'": `no setting "lisen"`, "tls-cert = 'x'": `no setting "tls-cert"`, "config = 'x'": `no setting "config"`,
		"sessions = 0": "sessions = 0", "sessions = 1.5": "sessions = 1.5", "drain = 5": "drain = 5", "behind_proxy = 'perhaps'": "behind_proxy",
		"patience = 'none'": "patience", "= 5": "parleyd.toml",
	} {
		if _, err := parseServe([]string{"--config", configFile(t, text)}, env()); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What would be open to others is refused, and the refusal says what to do.
func TestSafety(t *testing.T) {
	for _, c := range []struct {
		args   string
		tokens int
		says   string // empty: it may start
	}{
		{"", 0, ""}, {"--listen localhost:1", 0, ""}, {"--listen [::1]:1", 0, ""}, {"--listen 127.8.9.1:1", 0, ""},
		{"--listen 0.0.0.0:1", 0, "token add"}, {"--listen :1", 0, "token add"}, {"--listen 192.0.2.1:1", 0, "token add"},
		{"--listen 0.0.0.0:1", 1, "--tls-cert and --tls-key"}, {"--listen [::]:1", 1, "--behind-proxy"}, {"--listen example.org:1", 1, "in the clear"},
		{"--listen 0.0.0.0:1 --behind-proxy", 0, "PARLEYD_TOKENS"}, {"--listen 0.0.0.0:1 --behind-proxy", 1, ""},
		{"--behind-proxy", 0, "token add"}, {"--behind-proxy", 1, ""},
		{"--listen 0.0.0.0:1 --tls-cert a --tls-key b", 0, "token add"}, {"--listen 0.0.0.0:1 --tls-cert a --tls-key b", 1, ""},
		{"--tls-cert a", 0, "belong together"}, {"--tls-key a", 1, "belong together"}, {"--listen 8765", 1, "--listen wants"},
	} {
		o, err := parseServe(strings.Fields(c.args), env())
		if err != nil {
			t.Fatal(err)
		}
		err = o.check(c.tokens)
		if (err == nil) != (c.says == "") || err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%q with %d tokens: %v", c.args, c.tokens, err)
		}
	}
}
