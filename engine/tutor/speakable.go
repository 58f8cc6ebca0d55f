package tutor

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	bracketed = regexp.MustCompile(`\s*\([^()]*\)`)
	lifetime  = regexp.MustCompile(`\((?:born (?:in )?)?(\d{2,4})(?: BC)?(?:-(\d{2,4}(?: BC)?))?\)`)
	fraction  = regexp.MustCompile(`\b1/(\d{1,2})(?:th|nd|rd)?\b`)
	ranked    = regexp.MustCompile(`^\d+(st|nd|rd|th)$`)
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
	gloss = fraction.ReplaceAllStringFunc(gloss, func(f string) string {
		n, _ := strconv.Atoi(fraction.FindStringSubmatch(f)[1])
		return "one " + ordinal(n)
	})
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
// letters tell, and "the" before an ordinal.
func withArticle(word string) string {
	w := strings.ToLower(word)
	first, _, _ := strings.Cut(w, " ")
	if first != w && (slices.Contains(ordinals, first) || ranked.MatchString(first)) {
		return "the " + word
	}
	if strings.HasPrefix(w, "one ") && strings.Contains(w, " of ") {
		return word // "one sixtieth of a minute"
	}
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

// stuffs are words for what is not counted; a phrase about one takes no
// article.
var stuffs = strings.Fields(`luck food water matter information music behavior behaviour money energy electricity light heat knowledge
	meat flesh work wood paper rain snow ice freedom equipment clothing furniture training care literature poetry art sugar milk oil gas
	air synthesis land affection love respect evidence advice physics traffic grass wool silk cotton leather glass gold silver iron steel
	metal plastic concrete soil sand dust smoke fire fuel alcohol beer wine bread cheese butter salt pepper rice flour fruit
	software hardware data communication cooperation excitement fear anger pride pain skin hair blood motion speech sound space time travel`)

// massive says whether a phrase is about stuff or about several things, so that
// it takes no article: its head, the word before the first preposition, says.
func massive(phrase string) bool {
	words := strings.Fields(strings.ToLower(phrase))
	head := ""
	for i, w := range words {
		if i > 0 && slices.Contains(joints, strings.TrimSuffix(w, ",")) {
			break
		}
		head = strings.TrimSuffix(w, ",")
		if strings.HasSuffix(w, ",") {
			break
		}
	}
	switch {
	case slices.Contains(stuffs, head):
		return true
	case strings.HasSuffix(head, "ss"), strings.HasSuffix(head, "us"), strings.HasSuffix(head, "is"):
		return strings.HasSuffix(head, "ness")
	}
	return strings.HasSuffix(head, "s") || strings.HasSuffix(head, "ism")
}

// joints are the words that end the head of a phrase.
var joints = strings.Fields(`of in on at to for from with without by about into that which who whose where when as and or used made having
	consisting containing given between among near under over through along than usually often especially being caused produced
	characterized formed designed worn found born during resulting based grown located situated considered expressing`)
