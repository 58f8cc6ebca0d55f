package tutor

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// corrections are the commonest ways; [corrects] reads more.
var corrections = compile("(no|actually|no actually|sorry|i mean|no sorry) (it|that|he|she) is {value}", "(no|actually) (my|his|her|their|the) {subject} is {value}",
	"(no|actually) it is (spelled|spelt) {letters}")

// correction is how the user sets something right.
type correction struct {
	opened  bool   // it began with "no" or "actually"
	subject string // what it is about, in the user's words: "her name", "it"
	verb    string
	value   string // what is right
	instead string // what was wrong: "not Eva"; empty: not said
	spelled bool   // value is how it is written
}

var (
	contradiction = regexp.MustCompile(`(?i)^(?:(?:no|nope|actually|sorry|wait|wrong|correction|i mean|i meant|in fact|not quite|that is (?:wrong|not right|not true|incorrect)|you are wrong) )+`)
	statementOf   = regexp.MustCompile(`(?i)^(.+?) (is|are|was|were)(?: actually| really| in fact)? (?:(spelled|spelt|written) )?(.+)$`)
	notThat       = regexp.MustCompile(`(?i)^(.+?) (?:and )?not (.+)$`)
)

// vagueSubjects stand for what was spoken of; ownSubjects for whose it is.
var (
	vagueSubjects = strings.Fields("it that this he she they")
	ownSubjects   = strings.Fields("his her its their")
	// noSubjects begin a question, or what is about nothing.
	noSubjects = strings.Fields("what who whom whose which when where why how is are was were do does did can could will would there if")
	// noValues take back nothing: "no, it's fine".
	noValues = strings.Fields("fine okay ok good right wrong true false not all correct nothing me great nice bad incorrect enough over done so very too a the alright time late how what why where")
)

// corrects reads a correction. Whether there is something to correct is for its
// use to find out.
func corrects(said string) (c correction, ok bool) {
	opening := contradiction.FindString(said + " ")
	said = strings.TrimSpace(strings.TrimPrefix(said+" ", opening))
	c.opened = opening != ""
	m := statementOf.FindStringSubmatch(said)
	if m == nil {
		return c, false
	}
	c.subject, c.verb, c.value, c.spelled = m[1], strings.ToLower(m[2]), m[4], m[3] != ""
	if n := notThat.FindStringSubmatch(c.value); n != nil && len(strings.Fields(n[2])) <= 4 {
		c.value, c.instead = n[1], n[2]
	}
	return c, len(strings.Fields(c.subject)) <= 6 && !slices.Contains(noSubjects, firstWord(c.subject)) && !slices.Contains(noValues, firstWord(c.value))
}

func firstWord(text string) string {
	first, _, _ := strings.Cut(strings.ToLower(text), " ")
	return first
}

// plain says whether it is a correction as far as the words tell, where no
// detector has said that something is taught.
func (c correction) plain() bool {
	return c.opened && (c.vague() || mine(strings.ToLower(c.subject)) || c.instead != "")
}

// vague says whether the correction does not name what it is about.
func (c correction) vague() bool {
	return slices.Contains(vagueSubjects, strings.ToLower(c.subject)) || slices.Contains(ownSubjects, firstWord(c.subject)) || c.spelled
}

const nothingToCorrect = "I'm not sure what to correct. Say: remember that, and then the whole of it."

// correct keeps what is right in the place of what was wrong.
func (t *Tutor) correct(ctx context.Context, sc scene, c correction) (Answer, error) {
	if t.memory == nil {
		return say(noMemory), nil
	}
	last, found, err := t.lately(ctx, sc)
	if err != nil {
		return Answer{}, err
	}
	word, letters := joinLetters(c.value)
	subject := strings.ToLower(c.subject)
	first, rest, _ := strings.Cut(c.subject, " ")
	var f Fact
	switch {
	case slices.Contains(vagueSubjects, subject) && !found, slices.Contains(ownSubjects, strings.ToLower(first)) && !found:
		return say(nothingToCorrect), nil
	case slices.Contains(vagueSubjects, subject):
		value := c.value
		if c.spelled && letters {
			value = respelled(last.Text, word)
		} else if c.spelled {
			return t.remember(ctx, sc, args{"fact": lastWords(last.Text) + " is spelled " + c.value})
		}
		f = sc.fact(last.Subject, amended(last.Text, value, c.instead))
	case slices.Contains(ownSubjects, strings.ToLower(first)):
		said := owner(last) + " " + rest + " " + c.verb + " " + c.written(word, letters)
		f = sc.factOf(said)
	case c.spelled && letters && !mine(subject) && found:
		// "Kathy is spelled K A T H Y": within what was spoken of.
		f = sc.fact(last.Subject, amended(last.Text, respelled(last.Text, word), ""))
	default:
		f = sc.factOf(c.subject + " " + c.verb + " " + c.written(word, letters))
	}
	return t.keep(f, "I've corrected that: "+f.Text+".")
}

// written is what is right as it is written.
func (c correction) written(word string, letters bool) string {
	switch {
	case c.spelled && letters:
		return word
	case c.spelled:
		return "spelled " + c.value
	}
	return c.value
}

// mine says whether a subject is something of the user's.
func mine(subject string) bool {
	return strings.HasPrefix(subject, "my ") || strings.HasPrefix(subject, "our ")
}

// lately is the fact that was last spoken of in this conversation: told by the
// user or said by us.
func (t *Tutor) lately(ctx context.Context, sc scene) (Fact, bool, error) {
	facts, err := t.recall(ctx, "")
	if err != nil {
		return Fact{}, false, err
	}
	const replies = 6 // how many turns are still "lately"
	for i, turn := range slices.Backward(sc.turns) {
		if len(sc.turns)-i > replies {
			break
		}
		said, best, at := strings.ToLower(turn.Text), Fact{}, -1
		for _, f := range facts {
			place := strings.LastIndex(said, strings.ToLower(f.Text))
			if place < 0 && turn.Text == f.Source {
				place = 0
			}
			if place > at {
				best, at = f, place
			}
		}
		if at >= 0 {
			return best, true, nil
		}
	}
	return Fact{}, false, nil
}

// owner is whose something is of which a fact tells: of "your sister lives in
// Rome" and of "your sister's name is Ada" it is "my sister's".
func owner(f Fact) string {
	who, _, has := strings.Cut(f.Subject, "'s ")
	if !has {
		who = f.Subject
		if i := strings.LastIndexByte(who, ' '); i > 0 && !strings.Contains(f.Text, who+" is ") && !strings.Contains(f.Text, who+" are ") {
			who = who[:i] // without the verb
		}
	}
	switch first, _, _ := strings.Cut(f.Text, " "); first {
	case "your":
		return "my " + who + "'s"
	case "the":
		return "the " + who + "'s"
	}
	return who + "'s"
}

// amended is a statement with another value in the place of instead, or, where
// that does not stand there, of everything after its verb.
func amended(text, value, instead string) string {
	value = secondPerson(value)
	if instead != "" {
		if i := strings.Index(strings.ToLower(text), strings.ToLower(instead)); i >= 0 {
			return text[:i] + value + text[i+len(instead):]
		}
	}
	cut, verb := -1, ""
	for _, v := range verbs {
		if i := strings.Index(text, v); i > 0 && (cut < 0 || i < cut) {
			cut, verb = i, v
		}
	}
	if cut < 0 {
		return value
	}
	head, tail := text[:cut]+verb, text[cut+len(verb):]
	if first, _, more := strings.Cut(tail, " "); more && slices.Contains([]string{"in", "at", "on", "to", "for", "called", "from"}, first) && !strings.HasPrefix(value, first+" ") {
		head += first + " "
	}
	return head + value
}

// lastWords is the value of a statement.
func lastWords(text string) string {
	value := strings.TrimPrefix(text, amended(text, "", ""))
	if value == "" {
		return text
	}
	return value
}

// respelled is the value of a statement with the word most like this one written
// like this.
func respelled(text, word string) string {
	words := strings.Fields(lastWords(text))
	best, least := len(words)-1, 1<<30
	for i, w := range words {
		if d := distance(strings.ToLower(w), strings.ToLower(word)); d < least {
			best, least = i, d
		}
	}
	if len(words) == 0 {
		return word
	}
	words[best] = word
	return strings.Join(words, " ")
}

// distance is how many letters must be changed, added or left out to make b of a
// (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
