package tutor

import (
	"context"
	"errors"
	"strings"
	"time"
)

var knowings = compile(
	"how do you know [that|this|it|so|about that|about it]", "how do you know [about] [that] [my] {subject}",
	"when did i (tell|say) [you] (that|this|it|so)", "when did i (tell|say) [you] [about] [my] {subject}",
	"who told you [that|this|it|so|about that]", "who told you [about] [my] {subject}", "why do you (think|believe|say) (that|so|this)",
	"where (do|did) you (know|have|hear|get|learn) (that|this|it) [from]", "did i (tell|say) [you] that", "what did i say exactly", "what were my [exact] words")

// howKnown says when the user told something, and in which words.
func (t *Tutor) howKnown(ctx context.Context, sc scene, a args) (Answer, error) {
	var f Fact
	var found bool
	var err error
	if subject := a.text("subject"); subject == "" {
		f, found, err = t.lately(ctx, sc)
	} else {
		var facts []Fact
		if facts, err = t.recall(ctx, subject); len(facts) > 0 {
			f, found = facts[0], true
		}
	}
	switch {
	case errors.Is(err, errNoMemory):
		return say(noMemory), nil
	case err != nil:
		return Answer{}, err
	case found:
		return say(testimony(f, sc.at)...), nil
	case a.text("subject") != "":
		return say("You haven't told me that yet."), nil
	}
	return say("You didn't tell me that. What else I know, I have from what is installed on this computer."), nil
}

// testimony says when a fact was told, and in which words.
func testimony(f Fact, now time.Time) []string {
	sentences := []string{"You told me" + timeAgo(f.At, now) + "."}
	if words := strings.TrimRight(f.Source, " .!?"); words != "" {
		sentences = append(sentences, "You said: "+words+".")
	} else {
		sentences = append(sentences, statement(f))
	}
	return sentences
}

// timeAgo is " yesterday at noon", or "" where that is not known.
func timeAgo(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(now.Location())
	clock := " at " + clockTime(at)
	switch days := (day{date: midnight(at)}).daysFrom(now); {
	case now.Sub(at) < 2*time.Minute:
		return " just now"
	case days == 0:
		return " today" + clock
	case days == -1:
		return " yesterday" + clock
	}
	return " on " + longDate(at, now) + "," + clock
}
