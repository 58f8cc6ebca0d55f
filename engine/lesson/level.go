package lesson

import (
	"slices"
	"strings"
)

// level is how much there is in a lesson.
type level struct {
	simple bool // short meanings, no asides
	rows   int  // entries of a list
	prose  int  // bytes of a segment of prose
	units  int  // segments
	quiz   int  // questions of the quiz
}

// The words by which a learner asks for less, or for more.
var (
	simpler = strings.Fields("simple simpler simply simplest beginner beginners beginning child children kid kids easy easier basic basics elementary primary newcomer novice young toddler layman five six seven eight nine ten 5 6 7 8 9 10 11 12")
	deeper  = strings.Fields("deep deeper depth expert experts advanced detail details detailed thorough thoroughly university professional college graduate everything full complete")
)

// levelOf reads a level from the learner's words.
func levelOf(words string) level {
	all := strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return strings.ContainsRune(" ,.;:!?'’-", r) })
	has := func(list []string) bool {
		return slices.ContainsFunc(all, func(w string) bool { return slices.Contains(list, w) })
	}
	switch {
	case has(simpler):
		return level{simple: true, rows: 4, prose: 300, units: 4, quiz: 3}
	case has(deeper):
		return level{rows: 12, prose: 3500, units: 12, quiz: 10}
	}
	return level{rows: 6, prose: 1200, units: 8, quiz: 6}
}
