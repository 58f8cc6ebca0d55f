package engine

import "strings"

// stopPhrases end whatever is being said and ask for no answer.
var stopPhrases = map[string]bool{
	"stop": true, "stop it": true, "stop that": true, "stop talking": true, "please stop": true, "stop please": true,
	"okay stop": true, "ok stop": true, "stop stop": true, "wait": true, "wait wait": true, "wait a minute": true,
	"wait a second": true, "wait a moment": true, "hold on": true, "quiet": true, "be quiet": true, "quiet please": true,
	"shut up": true, "enough": true, "that's enough": true, "never mind": true, "nevermind": true, "cancel": true, "hush": true,
}

// isStop says whether a turn is nothing but a request for silence.
func isStop(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return r == ' ' || r == '.' || r == ',' || r == '!' || r == '?'
	})
	return stopPhrases[strings.Join(words, " ")]
}
