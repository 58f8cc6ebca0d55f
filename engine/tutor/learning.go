package tutor

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	namings = compile(
		"[from now on|in future|please|just] [you (can|may|should|could)|please|just] call me {name} [from now on|instead|please]",
		"[everybody|everyone|people|my friends|friends|they] (calls|call) me {name}", "i go by [the name|the name of] {name}", "(address|refer to) me as {name}")
	// notNames begin what is no name: "call me back", "call me a taxi".
	notNames = strings.Fields("a an the back later when if tomorrow tonight today again at in on after before now once as every soon or and maybe for and with")

	meaningsTold = compile("[the word|the term|the phrase|in german|in french|in spanish|in english|in latin] {word} (means|stands for|is short for) {meaning}")
	// notWords mean something of the moment.
	notWords = strings.Fields("it that this which what he she they you i we who there everything nothing something")
)

// taught takes a statement that the user made to teach us. Its words are those
// that the detector left of what was said; where they, or what was said, name the
// user, set something right or explain a word, that is what they are kept as.
func (t *Tutor) taught(ctx context.Context, sc scene, words string) (Answer, error) {
	if t.memory == nil {
		return say(noMemory), nil
	}
	for _, h := range []heard{hear(sc.said).plain(), hear(words).plain()} {
		if name, ok := nameIn(h.text); ok {
			return t.learnName(sc, name)
		}
		if c, ok := corrects(h.text); ok && (c.opened || c.vague()) {
			return t.correct(ctx, sc, c)
		}
		if word, meaning, ok := explained(h.text); ok {
			return t.learnMeaning(sc, word, meaning)
		}
	}
	return t.remember(ctx, sc, args{"fact": words})
}

// nameIn reads how the user wants to be called.
func nameIn(said string) (string, bool) {
	m, ok := namings.match(said)
	if !ok {
		return "", false
	}
	name := m.text("name")
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	return name, !slices.Contains(notNames, first) && len(strings.Fields(name)) <= 4
}

// learnName keeps how the user is called.
func (t *Tutor) learnName(sc scene, name string) (Answer, error) {
	f := sc.fact("name", "your name is "+name)
	return t.keep(f, fmt.Sprintf("All right, I'll call you %s.", name))
}

// explained reads what the user says that a word means.
func explained(said string) (word, meaning string, ok bool) {
	m, ok := meaningsTold.match(said)
	if !ok {
		return "", "", false
	}
	_, word = cutArticle(strings.Trim(m.text("word"), `"'“”`))
	first, _, _ := strings.Cut(strings.ToLower(word), " ")
	return word, m.text("meaning"), !slices.Contains(notWords, first) && len(strings.Fields(word)) <= 4 && !states(word)
}

// learnMeaning keeps what a word means to the user.
func (t *Tutor) learnMeaning(sc scene, word, meaning string) (Answer, error) {
	f := sc.fact(strings.ToLower(word)+" means", word+" means "+secondPerson(strings.TrimRight(meaning, ". ")))
	return t.keep(f, "I'll remember that "+f.Text+".")
}

// told is what the user has told a word to be or to mean.
func (t *Tutor) told(ctx context.Context, word string) (Fact, bool) {
	if len(stems(word)) == 0 {
		return Fact{}, false
	}
	for _, subject := range []string{word, word + " means"} {
		// A memory that fails must not keep the dictionary from answering.
		facts, err := t.recall(ctx, subject)
		if err == nil && len(facts) > 0 && slices.Equal(sorted(stems(facts[0].Subject)), sorted(stems(subject))) {
			return facts[0], true
		}
	}
	return Fact{}, false
}

// keep has a fact remembered, and says so.
func (t *Tutor) keep(f Fact, sentence string) (Answer, error) {
	if len(f.Text) > maxFact {
		return say(tooLongToKeep), nil
	}
	return Answer{Sentences: []string{sentence}, Effect: func(ctx context.Context) error {
		if err := t.memory.Remember(ctx, f); err != nil {
			return fmt.Errorf("tutor: remember: %w", err)
		}
		return nil
	}}, nil
}

// lettered is a word said letter by letter: "k a t e", "K-A-T-E".
var lettered = regexp.MustCompile(`(?i)^[a-z](?:[ .-]+[a-z])+\.?$`)

// joinLetters makes a word of its letters: "Kate".
func joinLetters(letters string) (string, bool) {
	if !lettered.MatchString(letters) {
		return "", false
	}
	word := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(letters))
	return capital(word), true
}
