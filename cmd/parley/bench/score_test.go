package bench

import (
	"slices"
	"strings"
	"testing"
)

func TestCompared(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Hello, World!", "hello world"},
		{"It's my sister’s", "its my sisters"},
		{"twenty-three", "twenty three"},
		{"17 times 23", "seventeen times twenty three"},
		{"in 1813, 1905, 1900, 2026 and 2007", "in eighteen thirteen nineteen oh five nineteen hundred twenty twenty six and two thousand seven"},
		{"0 3.5 1,234", "zero three point five one thousand two hundred thirty four"},
		{"the 3rd, 21st, 12th and 30th", "the third twenty first twelfth and thirtieth"},
		{"1000000 12345678901", "one million 12345678901"},
		{"Mr. Smith", "mister smith"},
		{"4th-rate 5x", "fourth rate 5x"},
		{"100", "one hundred"},
		{"...", ""},
	} {
		if got := strings.Join(compared(c.text), " "); got != c.want {
			t.Errorf("compared(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a b c", "a b c", 0},
		{"a b c", "", 3},
		{"", "a", 1},
		{"a b c", "a x c", 1},
		{"a b c", "b c", 1},
		{"a b c", "x a b c y", 2},
		{"a b c d", "b c d e", 2},
	} {
		if got := distance(strings.Fields(c.a), strings.Fields(c.b)); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzCompared(f *testing.F) {
	for _, s := range []string{"1.2.3", "٣", "00th", "99999999999999999999", "1,,2", "1,2.3", "x.5", "5.x", "²"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range compared(s) {
			if w == "" || strings.ContainsAny(w, " \n") {
				t.Errorf("compared(%q) has the word %q", s, w)
			}
		}
	})
}

func TestTheListsShareNoSentence(t *testing.T) {
	dev := strings.Split(strings.TrimSpace(devSentences), "\n")
	held := strings.Split(strings.TrimSpace(heldOutSentences), "\n")
	if len(dev) != 40 || len(held) != 40 {
		t.Errorf("%d and %d sentences, want 40 each", len(dev), len(held))
	}
	all := slices.Concat(dev, held)
	slices.Sort(all)
	if n := len(slices.Compact(slices.Clone(all))); n != 80 {
		t.Errorf("%d different sentences of 80", n)
	}
}
