package bench

import (
	"strings"
	"unicode"
)

// compared is the words of a text as they are compared: lower case, without
// punctuation, numbers spelled out.
func compared(text string) []string {
	var b strings.Builder
	rs := []rune(strings.ToLower(text))
	digit := func(i int) bool { return i >= 0 && i < len(rs) && rs[i] >= '0' && rs[i] <= '9' }
	for i, r := range rs {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case (r == '.' || r == ',') && digit(i-1) && digit(i+1):
			b.WriteRune(r)
		case r == '\'' || r == '’':
		default:
			b.WriteByte(' ')
		}
	}
	var words []string
	for w := range strings.FieldsSeq(b.String()) {
		if long, ok := abbreviated[w]; ok {
			w = long
		}
		words = append(words, spell(w)...)
	}
	return words
}

// abbreviated are words that a recogniser's dictionary may hold in short: they
// sound the same.
var abbreviated = map[string]string{"mr": "mister", "mrs": "missus", "dr": "doctor", "ok": "okay"}

// distance is the least number of words to insert, delete and replace to make
// one of the other (Levenshtein).
func distance(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			replace := diagonal
			if x != y {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
