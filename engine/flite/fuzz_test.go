package flite

import "testing"

// FuzzSynthesize proves that flite gets through whatever it is given: it ends
// the program when it meets what it doesn't expect.
func FuzzSynthesize(f *testing.F) {
	for _, s := range []string{"", "a", "$", "$5.5.5", "1/2", "12:30:99", "-", "'s", "Dr", "e.g.", "%%", "&&&", "@", "x/y", "MCMXCIX",
		"00", "1e9", "$$$1", "3.", ".3", "3rd4th", "St. St", "'tis", "c++", "🙂 ok", "\x00\xff", "99999999999999999999999"} {
		f.Add(s)
	}
	s := voice(f, "kal16")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 200 {
			text = text[:200] // longer ones are only more of the same
		}
		say(t, s, text)
	})
}
