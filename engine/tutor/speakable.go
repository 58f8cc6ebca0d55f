package tutor

import (
	"regexp"
	"strings"
)

var (
	bracketed = regexp.MustCompile(`\s*\([^()]*\)`)
	lifetime  = regexp.MustCompile(`\((?:born (?:in )?)?(\d{3,4})(?:-(\d{3,4}))?\)`)
	blanks    = regexp.MustCompile(`\s+`)
)

// written out are abbreviations that a synthesizer stumbles on.
var writtenOut = strings.NewReplacer(
	"e.g.", "for example", "i.e.", "that is", "etc.", "and so on", "usu.", "usually", "esp.", "especially",
	"approx.", "approximately", " & ", " and ", "--", ", ", "`", "", "U.S.", "United States", "U.S.A.", "United States",
	"A.D.", "AD", "B.C.", "BC", "St.", "Saint", " cm ", " centimeters ", " kg ", " kilograms ", " km ", " kilometers ", "%", " percent",
	"*", "", "_", " ", "#", "", "=", " equals ")

// speakable makes a gloss, or a part of one, fit to be read aloud: without
// brackets, abbreviations and quotes.
func speakable(gloss string) string {
	for bracketed.MatchString(gloss) {
		gloss = bracketed.ReplaceAllString(gloss, "")
	}
	gloss = writtenOut.Replace(gloss + " ")
	gloss = strings.NewReplacer(`"`, "", "(", "", ")", "", " ,", ",", " ;", ";").Replace(gloss)
	return strings.Trim(blanks.ReplaceAllString(gloss, " "), " ,;:.")
}

// clauses parts a definition where its writers did.
func clauses(definition string) []string {
	var all []string
	depth, from := 0, 0
	for i, r := range definition {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ';':
			if depth <= 0 {
				all = append(all, definition[from:i])
				from = i + 1
			}
		}
	}
	all = append(all, definition[from:])
	var said []string
	for _, c := range all {
		if c = speakable(c); c != "" {
			said = append(said, c)
		}
	}
	return said
}

// determiners begin a gloss that stands after "is" as it is.
var determiners = strings.Fields(`a an the any some one someone something anyone anything each every either all both that those these
	this what whatever whoever people things`)

// list joins words with commas and a last "and".
func list(words []string, and string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + and + " " + words[len(words)-1]
}

// withArticle puts "a" or "an" before a word by its sound, as far as its
// letters tell.
func withArticle(word string) string {
	w := strings.ToLower(word)
	for _, silent := range []string{"hour", "honest", "honor", "honour", "heir", "x-ray", "x ray", "mri", "fbi"} {
		if strings.HasPrefix(w, silent) {
			return "an " + word
		}
	}
	for _, sounded := range []string{"uni", "use", "usu", "eu", "one", "ubiq", "uku", "ura", "uti"} {
		if strings.HasPrefix(w, sounded) && !strings.HasPrefix(w, "unin") && !strings.HasPrefix(w, "unim") {
			return "a " + word
		}
	}
	if w != "" && strings.ContainsRune("aeiou", rune(w[0])) {
		return "an " + word
	}
	return "a " + word
}
