package coach

import "strings"

// longestSound bounds a sound key, and so the work of comparing two.
const longestSound = 48

// soundOf is how words sound, roughly: what a recogniser hears as one another
// has the same key, or nearly.
//
// It has the consonants only, in the classes of Soundex (R. Russell's patent US
// 1,261,167, 1918, as the National Archives describe it): b p; d t; c g k q; s z; f
// v; l; m; n; r; but neither cut short nor with its first letter kept. What letters
// stand for before others is as in Metaphone (L. Philips, "Hanging on the
// Metaphone", Computer Language 7(12), 1990): ph is f, kn is n, c before e, i and y
// is s, gh is silent, and so on. A vowel at the beginning is A, others are nothing.
func soundOf(text string) string {
	s := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, text)
	for _, silent := range []string{"kn", "gn", "pn", "ps", "wr"} {
		if strings.HasPrefix(s, silent) {
			s = s[1:]
		}
	}
	var key []byte
	at := func(i int) byte {
		if i >= 0 && i < len(s) {
			return s[i]
		}
		return 0
	}
	put := func(c byte) {
		if n := len(key); n == 0 || key[n-1] != c {
			key = append(key, c)
		}
	}
	for i := 0; i < len(s) && len(key) < longestSound; i++ {
		c, next := s[i], at(i+1)
		switch {
		case strings.IndexByte("aeiou", c) >= 0:
			if i == 0 {
				put('A')
			}
		case c == 'y' || c == 'w':
			if i == 0 && strings.IndexByte("aeiou", next) >= 0 {
				put(c - 'a' + 'A')
			}
		case c == 'h':
			if i == 0 {
				put('H')
			}
		case c == 'p' && next == 'h':
			put('F')
		case c == 'g' && next == 'h':
			i++ // night, though
		case c == 'c' && next == 'h' && (at(i+2) == 'l' || at(i+2) == 'r'): // chlorine, chrome
			put('K')
			i++
		case (c == 's' || c == 'c') && next == 'h', c == 't' && next == 'c' && at(i+2) == 'h':
			put('X')
			i++
		case (c == 't' || c == 's' || c == 'c') && next == 'i' && (at(i+2) == 'o' || at(i+2) == 'a'):
			put('X') // -tion, -sion, -cial
			i++
		case c == 't' && next == 'h':
			put('T')
			i++
		case c == 'c' && (next == 'e' || next == 'i' || next == 'y'):
			put('S')
		case c == 'g' && (next == 'e' || next == 'i' || next == 'y'), c == 'j':
			put('X')
		case c == 'x':
			put('K')
			put('S')
		case c == 'm' && next == 'b' && i+2 == len(s):
			put('M')
			i++ // thumb
		default:
			put(soundClass[c-'a'])
		}
	}
	return string(key)
}

// soundClass is the class of each letter, from a to z.
const soundClass = "APKTAFKHAXKLMNAPKRSTAFWKYS"
