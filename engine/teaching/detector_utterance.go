package teaching

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is one sentence of a turn, word by word as phrases are written.
type sentence struct {
	words   []string
	sources []origin
	asked   bool // it ends with a question mark
}

// origin is where a word comes from.
type origin struct {
	typed  string // as it was typed, with the marks around it
	number int    // of the word as typed; words made of one have the same
	comma  bool   // a comma or a dash follows
}

// written are shortened and misspelled words and what they stand for.
var written = map[string]string{
	"i'm": "i am", "im": "i am", "i'd": "i would", "i'll": "i will", "i've": "i have", "ive": "i have",
	"you're": "you are", "you've": "you have", "you'd": "you would", "you'll": "you will",
	"we're": "we are", "we've": "we have", "we'd": "we would", "we'll": "we will",
	"they're": "they are", "they've": "they have", "they'll": "they will",
	"what's": "what is", "whats": "what is", "who's": "who is", "where's": "where is", "wheres": "where is", "when's": "when is", "how's": "how is", "hows": "how is",
	"that's": "that is", "thats": "that is", "it's": "it is", "there's": "there is", "theres": "there is", "here's": "here is", "heres": "here is",
	"he's": "he is", "she's": "she is", "let's": "let us", "lets": "let us", "it'll": "it will", "that'll": "that will", "thatll": "that will", "this'll": "this will", "it'd": "it would", "that'd": "that would",
	"don't": "do not", "dont": "do not", "doesn't": "does not", "doesnt": "does not", "didn't": "did not", "didnt": "did not",
	"can't": "can not", "cant": "can not", "cannot": "can not", "won't": "will not", "wont": "will not", "isn't": "is not", "aren't": "are not", "wasn't": "was not", "weren't": "were not",
	"couldn't": "could not", "wouldn't": "would not", "shouldn't": "should not", "haven't": "have not", "hasn't": "has not", "hadn't": "had not",
	"wanna": "want to", "gonna": "going to", "gotta": "got to", "gimme": "give me", "lemme": "let me", "dunno": "do not know", "kinda": "kind of", "sorta": "sort of",
	"pls": "please", "plz": "please", "plss": "please", "u": "you", "abt": "about", "thru": "through", "bout": "about", "'bout": "about", "tho": "though", "cuz": "because", "cos": "because", "coz": "because", "wi-fi": "wifi", "'cause": "because", "ya": "you", "explane": "explain", "&": "and", "w/": "with",
}

// misspelled are words of requests as they are typed in haste.
//
//nolint:misspell // on purpose
var misspelled = map[string]string{
	"expalin": "explain", "leran": "learn", "explian": "explain", "explin": "explain", "teech": "teach", "teache": "teach", "tecah": "teach", "taech": "teach", "teahc": "teach",
	"lern": "learn", "leanr": "learn", "lesosn": "lesson", "lessson": "lesson", "leson": "lesson", "lesons": "lessons", "corse": "course", "tutorail": "tutorial", "abuot": "about",
	"aobut": "about", "abot": "about", "plese": "please", "pleas": "please", "remeber": "remember", "rember": "remember", "remmember": "remember", "rembember": "remember", "understnad": "understand",
	"undrestand": "understand", "wnat": "want",
}

// hesitations say nothing.
var hesitations = map[string]bool{"um": true, "uh": true, "er": true, "erm": true, "hm": true, "hmm": true, "mm": true, "ah": true, "eh": true, "umm": true, "uhh": true, "uhm": true, "-": true, "–": true, "—": true}

// abbreviations do not end a sentence with their full stop.
var abbreviations = map[string]bool{"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "vs": true, "no": false, "e.g": true, "i.e": true}

// plainMarks makes typographic marks plain, and ends sentences at line ends.
var plainMarks = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "\n", " ; ")

// sentences are those of text, without hesitations and repetitions.
func sentences(text string) []sentence {
	var all []sentence
	var s sentence
	flush := func() {
		if s.smooth(); len(s.words) > 0 {
			all = append(all, s)
		}
		s = sentence{}
	}
	typed := strings.Fields(plainMarks.Replace(text))
	for i, word := range typed {
		bare := strings.ToLower(strings.TrimFunc(word, isMark))
		s.add(bare, following(typed, i), origin{word, i, strings.HasSuffix(word, ",") || strings.HasSuffix(word, "-") || strings.HasSuffix(word, "—")})
		switch last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(word, `"')`)); last {
		case '.':
			if !abbreviations[bare] && utf8.RuneCountInString(bare) != 1 {
				flush()
			}
		case '?':
			s.asked = true
			flush()
		case '!', ';', '…':
			flush()
		}
	}
	flush()
	return all
}

// isMark says whether r is punctuation around a word.
func isMark(r rune) bool {
	return r != '\'' && r != '#' && r != '&' && r != '%' && r != '$' && r != '+' && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}

func following(words []string, i int) string {
	if i+1 < len(words) {
		return strings.ToLower(strings.TrimFunc(words[i+1], isMark))
	}
	return ""
}

// predicates follow "is" in what is said of people, as in "my sister's allergic".
var predicates = map[string]bool{"a": true, "an": true, "allergic": true, "called": true, "named": true, "born": true, "on": true, "in": true, "at": true, "from": true, "my": true, "spelled": true, "pronounced": true, "short": true, "vegetarian": true, "vegan": true, "years": true}

// isWhole are words after whose "'s" nothing of theirs follows: "my name's Ada".
var isWhole = map[string]bool{"name": true, "birthday": true, "anniversary": true, "address": true, "password": true, "number": true}

// add appends a word, written out.
func (s *sentence) add(bare, next string, from origin) {
	bare = strings.Trim(bare, "'")
	if bare == "" || hesitations[bare] {
		return
	}
	plain := bare
	if long, ok := written[bare]; ok {
		plain = long
	} else if right, ok := misspelled[bare]; ok {
		plain = right
	} else if bare == "id" && (next == "like" || next == "love" || next == "prefer") {
		plain = "i would"
	} else if person, ok := strings.CutSuffix(bare, "'s"); ok && (predicates[next] || isWhole[person]) {
		plain = person + " is"
	}
	for _, w := range strings.FieldsFunc(plain, func(r rune) bool { return r == ' ' || r == '-' || r == '/' }) {
		s.words = append(s.words, w)
		s.sources = append(s.sources, from)
	}
}

// split are words that recognisers make two of.
var split = map[string]string{"a about": "about", "under stand": "understand", "re member": "remember", "ex plain": "explain", "less on": "lesson", "less in": "lesson", "les son": "lesson", "for get": "forget", "pro nounced": "pronounced"}

// gerunds are what is asked for after "would you mind", and the verbs they are of.
var gerunds = map[string]string{"showing": "show", "walking": "walk", "taking": "take", "guiding": "guide", "talking": "talk", "running": "run", "going": "go", "giving": "give", "making": "make", "creating": "create", "helping": "help", "breaking": "break", "telling": "tell", "teaching": "teach", "tutoring": "tutor", "explaining": "explain", "introducing": "introduce", "starting": "start", "doing": "do", "writing": "write", "preparing": "prepare", "getting": "get", "bringing": "bring"}

// wished is what is asked for after "i would love it if you", and the verbs it is of.
var wished = map[string]string{"taught": "teach", "explained": "explain", "showed": "show", "walked": "walk", "took": "take", "guided": "guide", "talked": "talk", "ran": "run", "went": "go", "gave": "give", "made": "make", "created": "create", "helped": "help", "broke": "break", "told": "tell", "introduced": "introduce", "did": "do", "wrote": "write", "prepared": "prepare", "generated": "generate", "designed": "design", "built": "build"}

// ask turns what is asked for politely into what follows "can you": "would you mind
// [just] showing me", "it would help if you [just] showed me".
func (s *sentence) ask() {
	would := false
	for i, w := range s.words {
		would = would || w == "would"
		after := func(word string) bool {
			return i > 0 && s.words[i-1] == word || i > 1 && s.words[i-2] == word
		}
		if verb, ok := gerunds[w]; ok && (after("mind") || after("consider")) {
			s.words[i] = verb
		}
		if verb, ok := wished[w]; ok && would && after("you") && slices.Contains(s.words[:i], "if") {
			s.words[i] = verb
		}
	}
}

// smooth joins what is one word and cuts what was said twice in a row: "can you
// can you", "the the".
func (s *sentence) smooth() {
	s.ask()
	for i := 0; i+1 < len(s.words); i++ {
		if whole, ok := split[s.words[i]+" "+s.words[i+1]]; ok {
			s.words[i] = whole
			s.words = slices.Delete(s.words, i+1, i+2)
			s.sources = slices.Delete(s.sources, i+1, i+2)
		}
	}
	for n := 5; n > 0; n-- {
		for i := 0; i+2*n <= len(s.words); {
			if slices.Equal(s.words[i:i+n], s.words[i+n:i+2*n]) && stumbled(s.words[i:i+n]) {
				s.words = slices.Delete(s.words, i, i+n)
				s.sources = slices.Delete(s.sources, i, i+n)
			} else {
				i++
			}
		}
	}
}

// stumbles are the words that people repeat when they hesitate.
var stumbles = map[string]bool{"i": true, "a": true, "the": true, "to": true, "me": true, "my": true, "you": true, "can": true, "about": true, "is": true, "please": true, "and": true, "so": true, "teach": true, "explain": true, "show": true, "of": true, "in": true, "on": true, "want": true, "no": true, "how": true, "remember": true, "it": true, "we": true, "our": true}

// stumbled says whether words are repeated by mistake; numbers and letters are
// not: "four four two".
func stumbled(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return stumbles[w] })
}

// typed is a part of the sentence as it was typed, without the marks around it
// and quotation marks.
func (s *sentence) typed(part span) string {
	var b strings.Builder
	for i := part.from; i < part.to; {
		j := i // one after the last that is of the same word
		for j < len(s.sources) && s.sources[j].number == s.sources[i].number {
			j++
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if i > 0 && s.sources[i-1].number == s.sources[i].number || j > part.to {
			b.WriteString(strings.Join(s.words[i:min(j, part.to)], " ")) // a part of a word
		} else {
			b.WriteString(strings.ReplaceAll(s.sources[i].typed, `"`, ""))
		}
		i = j
	}
	return strings.TrimFunc(strings.TrimSpace(b.String()), func(r rune) bool { return strings.ContainsRune(".,;:!?…'-–—()[] ", r) })
}
