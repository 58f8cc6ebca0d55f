package tutor

import "strings"

// turned says from the other side what the user said of itself and of us.
var turned = map[string]string{
	"i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself",
	"you": "I", "your": "my", "yours": "mine", "yourself": "myself",
	"i'll": "you'll", "i've": "you've", "i'd": "you'd", "we": "you", "our": "your", "us": "you",
}

// secondPerson turns a statement of the user into one to the user: "my sister
// lives near me" → "your sister lives near you".
func secondPerson(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if to, ok := turned[strings.ToLower(w)]; ok {
			words[i] = to
			if i+1 < len(words) {
				words[i+1] = agree(strings.ToLower(w), words[i+1])
			}
		}
	}
	// The word before: "am I" → "are you".
	for i := 1; i < len(words); i++ {
		if words[i] == "you" && strings.EqualFold(words[i-1], "am") {
			words[i-1] = "are"
		}
	}
	return strings.Join(words, " ")
}

// agree makes a verb follow its new subject.
func agree(subject, verb string) string {
	switch {
	case subject == "i" && strings.EqualFold(verb, "am"):
		return "are"
	case subject == "i" && strings.EqualFold(verb, "was"):
		return "were"
	case subject == "you" && strings.EqualFold(verb, "are"):
		return "am"
	case subject == "you" && strings.EqualFold(verb, "were"):
		return "was"
	}
	return verb
}
