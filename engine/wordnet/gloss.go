package wordnet

import "strings"

// splitGloss parts a gloss into the definition and the examples, which stand
// in double quotes after it:
//
//	any of various …; especially …; "she ate it"; "he said 'no'"- Shakespeare
func splitGloss(gloss string) (definition string, examples []string) {
	gloss = strings.TrimSpace(gloss)
	cut := exampleStart(gloss)
	definition = strings.Trim(gloss[:cut], " ;,")
	rest := gloss[cut:]
	for {
		from := strings.IndexByte(rest, '"')
		if from < 0 {
			return definition, examples
		}
		rest = rest[from+1:]
		to := strings.IndexByte(rest, '"')
		if to < 0 {
			to = len(rest) // the closing quote is missing in a few glosses
		}
		if e := strings.Trim(rest[:to], " ;"); e != "" {
			examples = append(examples, e)
		}
		rest = rest[min(to+1, len(rest)):]
	}
}

// exampleStart is where the first example begins: at a quote that opens the
// gloss or follows a semicolon, a colon or a closing parenthesis. Quotes
// elsewhere belong to the definition.
func exampleStart(gloss string) int {
	for i := range len(gloss) {
		if gloss[i] != '"' {
			continue
		}
		before := strings.TrimRight(gloss[:i], " ")
		if before == "" || strings.ContainsRune(";:)", rune(before[len(before)-1])) {
			return i
		}
	}
	return len(gloss)
}
