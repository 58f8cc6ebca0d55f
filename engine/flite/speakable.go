package flite

import (
	"strings"
	"unicode"
)

// longestRun is the most letters flite is given in one go. It looks a run up
// as one word; the longest English ones are shorter.
const longestRun = 40

// said is how flite is to read a rune that isn't ASCII, or that it would read
// badly. A space is a gap between words.
var said = map[rune]string{
	'‘': "'", '’': "'", 'ʼ': "'", '“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`,
	'–': ", ", '—': ", ", '…': "... ", '‐': "-", '‑': "-", '−': "-",
	'°': " degrees ", '×': " times ", '÷': " divided by ", '±': " plus or minus ",
	'≈': " about ", '≠': " is not ", '≤': " at most ", '≥': " at least ", '√': " square root of ",
	'€': " euros ", '£': " pounds ", '¥': " yen ", '¢': " cents ", 'µ': " micro", 'μ': " micro", 'π': " pi ",
	'½': " and a half ", '¼': " and a quarter ", '¾': " and three quarters ",
	'²': " squared ", '³': " cubed ", '§': " section ",
	'ß': "ss", 'æ': "ae", 'Æ': "Ae", 'œ': "oe", 'Œ': "Oe", 'ø': "o", 'Ø': "O", 'ð': "th", 'þ': "th", 'ł': "l", 'Ł': "L",
	'=': " equals ", '_': " ", '\\': " ", '|': " ", '<': " less than ", '>': " greater than ",
	'*': "", '`': "", '~': "", '^': "", '#': "", // marks of Markdown
}

// plain and accented are Latin letters with and without their marks, pairwise.
const (
	accented = "àáâãäåāăąçćčďđèéêëēėęěìíîïīłñńňòóôõöōřŕśšşťùúûüūůűýÿźżžÀÁÂÃÄÅĀÇĆČÈÉÊËĒÌÍÎÏĪÑŃÒÓÔÕÖŌŘŚŠŞÙÚÛÜŪÝŹŻŽ"
	plain    = "aaaaaaaaacccddeeeeeeeeiiiiilnnnoooooorrsssstuuuuuuuyyzzzAAAAAAACCCEEEEEIIIIINNOOOOOORSSSUUUUUYZZZ"
)

var unaccent = func() map[rune]byte {
	m := make(map[rune]byte)
	i := 0
	for _, r := range accented {
		m[r] = plain[i]
		i++
	}
	return m
}()

// runs is how flite is to read one word of the text: printable ASCII without
// spaces, each at most longestRun bytes. It is empty for a word that can't be
// said.
func runs(word string) []string {
	var b strings.Builder
	for i, r := range word {
		switch s, known := said[r]; {
		case r == '*' && between(word, i):
			b.WriteString(" times ")
		case known:
			b.WriteString(s)
		case r > ' ' && r < unicode.MaxASCII:
			b.WriteRune(r)
		case unaccent[r] != 0:
			b.WriteByte(unaccent[r])
		}
	}
	var out []string
	for _, f := range strings.Fields(b.String()) {
		for len(f) > longestRun {
			out = append(out, f[:longestRun])
			f = f[longestRun:]
		}
		switch {
		case strings.ContainsFunc(f, sounds):
			out = append(out, f)
		case len(out) > 0 && len(out[len(out)-1])+len(f) <= longestRun:
			out[len(out)-1] += f // punctuation alone: it closes what was before it
		}
	}
	if len(out) == 1 && !strings.ContainsFunc(out[0], sounds) {
		return nil
	}
	return out
}

// sounds reports whether flite has something to say for an ASCII character.
func sounds(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+%&@$/", r)
}

// between reports whether the byte at i stands between two digits.
func between(s string, i int) bool {
	digit := func(j int) bool { return j >= 0 && j < len(s) && s[j] >= '0' && s[j] <= '9' }
	return digit(i-1) && digit(i+1)
}
