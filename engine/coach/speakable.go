package coach

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// markup is what Markdown and TeX put around words, and what stands in its place
// when they are spoken.
var markup = []struct {
	pattern *regexp.Regexp
	to      string
}{
	{regexp.MustCompile("(?m)^[ \t]*(```|~~~).*$"), ""},
	{regexp.MustCompile(`(?m)^[ \t]*\|?[ \t:|-]*\|[ \t:|-]*$`), ""},                // a table's rule
	{regexp.MustCompile(`(?m)^[ \t]*([-*_][ \t]*){3,}$`), ""},                      // a line across
	{regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]*)+`), ""},                            // a quotation
	{regexp.MustCompile(`(?m)^[ \t]*#{1,6}[ \t]+(.*?)[ \t]*[#.:]*[ \t]*$`), "$1."}, // a heading
	{regexp.MustCompile(`(?m)^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?`), ""},
	{regexp.MustCompile(`!?\[([^\[\]]*)\]\([^()]*\)`), "$1"}, // a link, a picture
	{regexp.MustCompile(`\[\^?[\w-]{1,20}\]`), ""},           // a reference
	{regexp.MustCompile(`</?[a-zA-Z][^<>]*>`), ""},
	{regexp.MustCompile(`\*{1,3}([^\s*](?:[^*\n]*[^\s*])?)\*{1,3}`), "$1"},
	{regexp.MustCompile(`(^|\W)_{1,3}([^_\n]+)_{1,3}(\W|$)`), "$1$2$3"},
	{regexp.MustCompile("`+([^`\n]*)`+"), "$1"},
	{regexp.MustCompile(`\\frac\{([^{}]*)\}\{([^{}]*)\}`), " $1 over $2 "},
	{regexp.MustCompile(`\\sqrt\{([^{}]*)\}`), " the square root of $1 "},
	{regexp.MustCompile(`\\(?:cdot|times)\b`), " times "},
	{regexp.MustCompile(`\\(?:text|mathrm|mathbf)\{([^{}]*)\}`), "$1"},
	{regexp.MustCompile(`\\([a-zA-Z]+)`), " $1 "},
	{regexp.MustCompile(`\\([^a-zA-Z0-9\s])`), "$1"},
	{regexp.MustCompile(`\^\{?2\}?`), " squared"},
	{regexp.MustCompile(`\^\{?3\}?`), " cubed"},
	{regexp.MustCompile(`\^\{?(-?\w+)\}?`), " to the power of $1"},
	{regexp.MustCompile(`(\w)_\{?(\w+)\}?`), "$1 $2"},
	{regexp.MustCompile(`\$\$?([^$\n]+)\$\$?`), "$1"},
	{regexp.MustCompile(`(\d)\s*%`), "$1 percent"},
	{regexp.MustCompile(`(\d)\s*°\s*C\b`), "$1 degrees Celsius"},
	{regexp.MustCompile(`(\d)\s*°\s*F\b`), "$1 degrees Fahrenheit"},
	{regexp.MustCompile(`(\d)\s*m/s\b`), "$1 meters per second"},
	{regexp.MustCompile(`(\d)\s*km/h\b`), "$1 kilometers per hour"},
	{regexp.MustCompile(`(\d)\s*kg\b`), "$1 kilograms"},
	{regexp.MustCompile(`(\d)\s*km\b`), "$1 kilometers"},
	{regexp.MustCompile(`(\d)\s*cm\b`), "$1 centimeters"},
	{regexp.MustCompile(`(\w) - (\w)`), "$1, $2"},
	{regexp.MustCompile(`(\d)\s*/\s*(\d)`), "$1 over $2"},
	{regexp.MustCompile(`(\w)\s*\*\s*(\w)`), "$1 times $2"},
	{regexp.MustCompile(`(^|[\s(=])[-−](\d)`), "${1}minus $2"},
}

var symbols = strings.NewReplacer(
	"e.g.", "for example", "i.e.", "that is", "etc.", "and so on", "vs.", "versus", "approx.", "about",
	"&amp;", " and ", "&", " and ", "=", " equals ", "+", " plus ", "−", " minus ", "×", " times ", "·", " times ", "÷", " divided by ", "≈", " is about ",
	"≠", " is not ", "≤", " is at most ", "≥", " is at least ", "<", " is less than ", ">", " is greater than ", "→", " becomes ", "⇒", ", so ",
	"²", " squared", "³", " cubed", "°", " degrees", "½", " one half", "¼", " one quarter", "√", " the square root of ", "π", " pi ", "%", " percent",
	"—", ", ", "–", " to ", "…", ".", "“", "", "”", "", `"`, "", "|", ", ", "#", " ", "*", " ", "`", "", "_", " ", "~", " ", "{", " ", "}", " ", "$", " ", "\\", " ", "^", " ",
)

// speakable makes a text fit to be spoken: without Markdown, its symbols in words.
// Lines end sentences.
func speakable(text string) string {
	for _, m := range markup {
		text = m.pattern.ReplaceAllString(text, m.to)
	}
	var lines []string
	for line := range strings.Lines(symbols.Replace(text)) {
		line = strings.Join(strings.Fields(line), " ")
		line = strings.NewReplacer(" ,", ",", " .", ".", ", ,", ",", "( ", "(", " )", ")").Replace(line)
		if line = strings.Trim(line, " ,"); line == "" || !strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			continue
		}
		lines = append(lines, line)
	}
	for i, line := range lines[:max(0, len(lines)-1)] {
		if !strings.ContainsRune(".!?:;,", rune(line[len(line)-1])) {
			lines[i] = line + "."
		}
	}
	for i := range lines[:max(0, len(lines)-1)] {
		if last := lines[i]; strings.ContainsRune(".!?", rune(last[len(last)-1])) {
			lines[i+1] = capital(lines[i+1])
		}
	}
	return strings.Join(lines, " ")
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// sentence is a text as one or more whole sentences: speakable, with an end and a
// capital.
func sentence(text string) string {
	text = speakable(text)
	if text == "" {
		return ""
	}
	text = strings.TrimRight(text, ",;: ")
	if text == "" {
		return ""
	}
	if !strings.ContainsRune(".!?", rune(text[len(text)-1])) {
		text += "."
	}
	return capital(text)
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = set("mr. mrs. ms. dr. prof. st. vs. no. fig. approx. ca. c.")

// sentences cuts a speakable text into its sentences.
func sentences(text string) []string {
	var all []string
	var one []string
	for w := range strings.FieldsSeq(text) {
		one = append(one, w)
		if end := strings.TrimRight(w, `)'"`); end != "" && strings.ContainsRune(".!?", rune(end[len(end)-1])) && !abbreviations[strings.ToLower(end)] {
			all = append(all, strings.Join(one, " "))
			one = nil
		}
	}
	if len(one) > 0 {
		all = append(all, strings.Join(one, " "))
	}
	return all
}

// portionWords is how much is read to a listener at once: about twenty seconds.
const portionWords = 55

// portions cuts a text into stretches of whole sentences that are short enough to
// be listened to.
func portions(text string) []string {
	var all []string
	var one []string
	count := 0
	for _, s := range sentences(sentence(text)) {
		n := len(strings.Fields(s))
		if count > 0 && count+n > portionWords {
			all = append(all, strings.Join(one, " "))
			one, count = nil, 0
		}
		one, count = append(one, s), count+n
	}
	if count > 0 {
		all = append(all, strings.Join(one, " "))
	}
	return all
}

// slowWords is how many words at least are said in a breath when they are said
// slowly.
const slowWords = 3

// joints begin a breath.
var joints = set("and or but because that which who when where while with without of in on at to from by for into is are was were has have can could")

// slowly is a text in short breaths: a synthesizer pauses at a comma.
func slowly(text string) string {
	var all []string
	breath := 0
	for w := range strings.FieldsSeq(text) {
		if n := len(all); n > 0 && breath >= slowWords && joints[w] {
			all[n-1] += ","
			breath = 0
		}
		all = append(all, w)
		breath++
		if strings.ContainsRune(".!?,;:", rune(w[len(w)-1])) {
			breath = 0
		}
	}
	return strings.Join(all, " ")
}

// list joins words with commas and a last "and".
func list(all []string) string {
	switch len(all) {
	case 0:
		return ""
	case 1:
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}
