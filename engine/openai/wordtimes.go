package openai

import (
	"time"
	"unicode"
	"unicode/utf8"

	"parley/audio/pcm"
	"parley/engine"
)

// audible is how loud a frame is at least that belongs to the words, in dBFS.
const audible = -50.0

// extent is where in a sentence's sound the words are.
type extent struct {
	length     time.Duration // so far
	start, end time.Duration // of what can be heard; end 0: nothing yet
}

func (e *extent) add(f pcm.Frame) {
	before := e.length
	e.length += f.Duration()
	if pcm.Level(f.Samples) < audible {
		return
	}
	if e.end == 0 {
		e.start = before
	}
	e.end = e.length
}

// How long what stands in a text takes to say, in the time of a letter. A digit
// stands for a word.
const (
	aLetter   = 1
	aDigit    = 4
	aWord     = 1 // with each
	aComma    = 3 // the pause
	aSentence = 6
)

// words are the sentence's words with estimated times.
func (e *extent) words(sentence string) []engine.Word {
	if e.end == 0 { // nothing to be heard: it is said when it is over
		e.end = e.length
	}
	var (
		words   []engine.Word
		weights []int // up to the end of each word
		pauses  []int // after it
		total   int
	)
	for from := 0; from < len(sentence); {
		r, width := utf8.DecodeRuneInString(sentence[from:])
		if unicode.IsSpace(r) {
			from += width
			continue
		}
		to, weight, pause := measure(sentence, from)
		total += weight
		words, weights, pauses = append(words, engine.Word{From: from, To: to}), append(weights, total), append(pauses, pause)
		total += pause
		from = to
	}
	if len(words) == 0 {
		return nil
	}
	total -= pauses[len(pauses)-1] // the last is silence, which is not counted
	at := func(weight int) time.Duration {
		return e.start + time.Duration(float64(e.end-e.start)*float64(weight)/float64(max(total, 1)))
	}
	begin := 0
	for i := range words {
		words[i].Start, words[i].End = at(begin), at(weights[i])
		begin = weights[i] + pauses[i]
	}
	words[len(words)-1].End = e.end
	return words
}

// measure finds the end of the word at from, and how long it and the pause after it
// take.
func measure(sentence string, from int) (to, weight, pause int) {
	weight = aWord
	for to = from; to < len(sentence); {
		r, width := utf8.DecodeRuneInString(sentence[to:])
		if unicode.IsSpace(r) {
			break
		}
		to += width
		switch {
		case unicode.IsLetter(r):
			weight += aLetter
		case unicode.IsDigit(r):
			weight += aDigit
		case r == ',', r == ';', r == ':', r == '–', r == '—':
			pause = aComma
		case r == '.', r == '!', r == '?', r == '…':
			pause = aSentence
		}
	}
	return to, weight, pause
}
