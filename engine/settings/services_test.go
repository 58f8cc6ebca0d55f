package settings

import (
	"slices"
	"strings"
	"testing"
)

func TestToolServers(t *testing.T) {
	for text, want := range map[string][]string{ // the command's words, the address, or nothing
		"a: mcp":                          {"mcp"},
		"a-B_9:  mcp  one   two":          {"mcp", "one", "two"},
		`a: "my mcp" 'it is' x"y z"w`:     {"my mcp", "it is", "xy zw"},
		`a: mcp "" 'a"b'`:                 {"mcp", "", `a"b`},
		"a: mcp --url http://x/y":         {"mcp", "--url", "http://x/y"},
		"a: http://127.0.0.1:3000/mcp":    {"http://127.0.0.1:3000/mcp"},
		"a: https://u:p@example.org/":     nil,
		"a: https://example.org/?k=v":     nil,
		"a: ftp://example.org/":           nil,
		"a: http://":                      nil,
		"a (off): mcp":                    {"mcp"},
		"a (off): http://example.org/":    {"http://example.org/"},
		" (off): mcp":                     nil,
		"a (on): mcp":                     nil,
		"a (off) (off): mcp":              nil,
		"a:":                              nil,
		"a: ''":                           nil,
		`a: mcp "open`:                    nil,
		"a: b\nc":                         nil,
		"mcp":                             nil,
		": mcp":                           nil,
		"a b: mcp":                        nil,
		"ä: mcp":                          nil,
		"a: " + strings.Repeat("x", 2000): nil,
		strings.Repeat("a", 33) + ": mcp": nil,
	} {
		s, ok := parseToolServer(text)
		got := s.Args()
		if s.URL != "" {
			got = []string{s.URL}
		}
		if ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("%q: %+v, %v, %q", text, s, ok, got)
		}
		if s.Off != (ok && strings.Contains(text, "(off)")) {
			t.Errorf("%q: off is %v", text, s.Off)
		}
		if again, ok2 := parseToolServer(s.String()); ok && (!ok2 || again != s) {
			t.Errorf("%q: written %q", text, s)
		}
	}
	var nine [MostToolServers + 1]any
	for i := range nine {
		nine[i] = string(rune('a'+i)) + ": mcp"
	}
	for name, v := range map[string]any{"nine": nine[:], "two alike": []any{"a: b", "A: c"}, "numbers": []any{1}} {
		var s Settings
		if err := toolServers().set(&s, v); err == nil {
			t.Errorf("%s: %+v", name, s.ToolServers)
		}
	}
}
