package tutor

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// reminiscing is what follows "remember" where nothing is to be kept.
var reminiscing = regexp.MustCompile(`(?i)^(when|how|what|who|where|why|me|us|him|her|them|it|the time|the day|that time|that day)( |$)`)

const tooLongToKeep = "That's too long for me to remember. Please tell me in one sentence."

const noMemory = "I have no memory to keep things in at the moment."

// maxFact is the longest statement that is kept, in bytes.
const maxFact = 500

var (
	tellings = compile("~member that {fact}", "(remember|remember that|please remember|please remember that|keep in mind|keep in mind that|note that|make a note that|make a note|don't forget|don't forget that|do not forget that|never forget that|memorize that|memorize|take a note that|take a note) {fact}")
	askings  = compile(
		"(what|who) (is|are|was|were) my {subject}", "what (is|are) the {subject} of my {of}", "(when|where) (is|are|was|were) (my|our) {subject}", "what (day|date) is my {subject}", "what time is my {subject}",
		"(where|when|what|who) (did|do|am|was|have) i {subject}", "(what|where|when|who) (does|do|did|is|are) (my|our) {subject}", "how (old|tall|big|many) (is|are) my {subject}", "(which|what) is my {subject}", "how old am i", "who am i",
		"(what do|do) you (remember|know) about (me and|my|our) {subject}", "(what do|do) you remember about {subject}", "(what did i|did i) tell you [about] [my] {subject}", "(recall|remind me of|remind me about|tell me) my {subject}", "do you (remember|know) my {subject}", "do you remember (what|when|where|who) [my] {subject}")
	mentions    = compile("my {subject} (is|are|was) {what}", "i (am called|live in|work at|was born) {what}")
	listings    = compile("what do you (remember|know about me|remember about me|have in [your] memory)", "what have you remembered", "(list|tell me|read) [me] (everything|all|what|all that) you (remember|know about me|remembered) [about me]", "what (things|facts) do you (remember|know about me)", "what did i (tell|ask) you to remember", "what have i told you [to remember]", "what do you remember of me", "do you (remember|know) (anything|something) about me")
	forgetAll   = compile("forget everything [that] (you know about me|you know|i told you|i have told you|i've told you|you remember|about me|you remember about me)", "(erase|delete|clear|wipe) (your memory|everything you know about me|everything i told you)")
	forgettings = compile("(forget|forget about|forget that|don't remember|stop remembering|delete|erase) [what i told you about|what i said about|about|the fact that] {subject}")
)

func (t *Tutor) memorySkills() []Skill {
	return []Skill{
		{
			Name:        "remember",
			Description: "Remembers a statement of the user's.",
			Args:        []Arg{{"fact", Text, `In the user's words: "my sister's birthday is June 3rd".`, true}},
			phrases:     tellings,
			match: func(h heard, _ scene) (args, bool) {
				m, ok := tellings.match(h.text)
				return m, ok && !reminiscing.MatchString(m.text("fact"))
			},
			do: t.remember,
		},
		{
			Name:        "learn_name",
			Description: "Remembers how the user wants to be called.",
			Args:        []Arg{{"name", Text, `"Max".`, true}},
			phrases:     namings,
			match: func(h heard, _ scene) (args, bool) {
				name, ok := nameIn(h.text)
				return args{"name": name}, ok
			},
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				if t.memory == nil {
					return say(noMemory), nil
				}
				return t.learnName(sc, a.text("name"))
			},
		},
		{
			Name:        "correct",
			Description: "Sets right what it was told before.",
			Args:        []Arg{{"statement", Text, `What is right, in the user's words: "her name is Ada, not Eva".`, true}},
			phrases:     corrections,
			match: func(h heard, _ scene) (args, bool) {
				c, ok := corrects(h.text)
				return args{"statement": h.text}, ok && c.plain()
			},
			do: func(ctx context.Context, sc scene, a args) (Answer, error) {
				c, ok := corrects(hear(a.text("statement")).text)
				if !ok {
					return say(nothingToCorrect), nil
				}
				return t.correct(ctx, sc, c)
			},
		},
		{
			Name:        "how_known",
			Description: "Says when the user told something, and in which words.",
			Args:        []Arg{{"subject", Text, `"my sister's name"; what was spoken of last if left out.`, false}},
			phrases:     knowings,
			do:          t.howKnown,
		},
		{
			Name:        "offer_memory",
			Description: "Says how to have something remembered that the user only mentioned.",
			phrases:     mentions,
			match: func(h heard, _ scene) (args, bool) {
				_, ok := mentions.match(h.text)
				return nil, ok
			},
			do: func(context.Context, scene, args) (Answer, error) {
				return say("If I should keep that in mind, say: remember that, and then say it again."), nil
			},
		},
		{
			Name:        "forget_everything",
			Description: "Forgets everything the user asked to be remembered.",
			phrases:     forgetAll,
			do: func(context.Context, scene, args) (Answer, error) {
				if t.memory == nil {
					return say(noMemory), nil
				}
				return Answer{Sentences: []string{"I've forgotten everything you told me."}, Effect: func(ctx context.Context) error {
					if _, err := t.memory.Forget(ctx, ""); err != nil {
						return fmt.Errorf("tutor: forget everything: %w", err)
					}
					return nil
				}}, nil
			},
		},
		{
			Name:        "list_memories",
			Description: "Says what it was asked to remember.",
			phrases:     listings,
			do: func(ctx context.Context, _ scene, _ args) (Answer, error) {
				facts, err := t.recall(ctx, "")
				if errors.Is(err, errNoMemory) {
					return say(noMemory), nil
				}
				if err != nil {
					return Answer{}, err
				}
				return recounted(facts), nil
			},
		},
		{
			Name:        "forget",
			Description: "Forgets what it was told about a subject.",
			Args:        []Arg{{"subject", Text, `"my sister's birthday".`, true}},
			phrases:     forgettings,
			match: func(h heard, _ scene) (args, bool) {
				m, ok := forgettings.match(h.text)
				if !ok || strings.EqualFold(m.text("subject"), "everything") {
					return args{"subject": "everything"}, ok
				}
				// "forget it" takes back, it does not erase.
				s := strings.ToLower(m.text("subject"))
				return m, s != "it" && s != "that" && s != "about it"
			},
			do: t.forget,
		},
		{
			Name:        "recall",
			Description: "Says what the user asked to be remembered about a subject.",
			Args:        []Arg{{"subject", Text, `"my sister's birthday".`, true}},
			phrases:     askings,
			match: func(h heard, _ scene) (args, bool) {
				m, ok := askings.match(h.text)
				if !ok {
					return nil, false
				}
				if of := m.text("of"); of != "" {
					return args{"subject": of + " " + m.text("subject")}, true
				}
				if strings.EqualFold(h.text, "who am i") {
					return args{"subject": "name"}, true
				}
				if m.text("subject") == "" {
					return args{"subject": strings.TrimPrefix(strings.ToLower(h.text), "who am ")}, true
				}
				return m, true
			},
			do: t.answerFromMemory,
		},
	}
}

func (t *Tutor) remember(_ context.Context, sc scene, a args) (Answer, error) {
	if t.memory == nil {
		return say(noMemory), nil
	}
	said := a.text("fact")
	if len(said) > maxFact {
		return say(tooLongToKeep), nil
	}
	for _, before := range []string{"that ", "this "} {
		said = strings.TrimPrefix(said, before)
	}
	f := sc.factOf(said)
	if len(stems(f.Subject+" "+f.Text)) == 0 {
		return say("There's nothing in that for me to remember."), nil
	}
	sentence := "I'll remember that " + f.Text + "."
	if strings.HasPrefix(f.Text, "to ") || !states(said) {
		sentence = "I'll remember: " + f.Text + "."
	}
	return t.keep(f, sentence)
}

func (t *Tutor) forget(ctx context.Context, _ scene, a args) (Answer, error) {
	if strings.EqualFold(a.text("subject"), "everything") {
		return say("To be sure, please say: forget everything you know about me."), nil
	}
	facts, err := t.recall(ctx, a.text("subject"))
	if errors.Is(err, errNoMemory) {
		return say(noMemory), nil
	}
	if err != nil {
		return Answer{}, err
	}
	if len(facts) == 0 {
		return say("I wasn't keeping anything about " + secondPerson(a.text("subject")) + "."), nil
	}
	sentence := "I've forgotten that " + facts[0].Text + "."
	if len(facts) > 1 {
		sentence = fmt.Sprintf("I've forgotten %s things about %s.", brief(float64(len(facts))), secondPerson(a.text("subject")))
	}
	return Answer{Sentences: []string{sentence}, Effect: func(ctx context.Context) error {
		for _, f := range facts {
			if f.Subject == "" {
				continue // an empty subject would mean everything
			}
			if _, err := t.memory.Forget(ctx, f.Subject); err != nil {
				return fmt.Errorf("tutor: forget: %w", err)
			}
		}
		return nil
	}}, nil
}

func (t *Tutor) answerFromMemory(ctx context.Context, _ scene, a args) (Answer, error) {
	facts, err := t.recall(ctx, a.text("subject"))
	if errors.Is(err, errNoMemory) {
		return say(noMemory), nil
	}
	if err != nil {
		return Answer{}, err
	}
	if len(facts) == 0 {
		return say("You haven't told me that yet.", "Say: remember that, and then what I should know."), nil
	}
	return stated(facts[:min(2, len(facts))]), nil
}

// stated says facts as they are.
func stated(facts []Fact) Answer {
	var sentences []string
	for _, f := range facts {
		sentences = append(sentences, statement(f))
	}
	return say(sentences...)
}

func statement(f Fact) string {
	if strings.HasPrefix(f.Text, "to ") {
		return "You wanted " + f.Text + "."
	}
	return capital(f.Text) + "."
}

// recounted says everything that is remembered, or the newest of it.
func recounted(facts []Fact) Answer {
	if len(facts) == 0 {
		return say("You haven't asked me to remember anything yet.")
	}
	a := stated(facts[:min(3, len(facts))])
	if more := len(facts) - 3; more > 0 {
		a.Sentences = append(a.Sentences, fmt.Sprintf("And %s more %s.", brief(float64(more)), plural(float64(more), "thing", "things")))
	}
	return a
}
