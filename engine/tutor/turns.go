package tutor

import (
	"context"
	"slices"
	"strings"

	"parley/engine"
)

func (t *Tutor) turnSkills() []Skill {
	return []Skill{
		{
			Name:        "repeat",
			Description: "Says again what the assistant said last.",
			phrases: compile(
				"repeat [that|it|yourself|the answer|your answer|what you said] [again|once more|one more time]", "say (that|it) [again|once more|one more time]", "come again", "pardon [me]", "i beg your pardon", "what did you [just] say [again]", "what was that [again]",
				"(what|huh|sorry what|sorry)", "i did not (hear|catch|get|understand) (that|you|it)", "i didn't (hear|catch|get|understand) (that|you|it)", "[could you] (once more|one more time|again)", "say again"),
			do: func(_ context.Context, sc scene, _ args) (Answer, error) {
				if last := sc.lastReply(); last != "" {
					return say(last), nil
				}
				return say("I haven't said anything yet."), nil
			},
		},
		{
			Name:        "repeat_user",
			Description: "Says what the user said before.",
			phrases: compile("what did i [just] (say|ask) [you] [before|just now|last]", "what was my [last] question", "repeat (what i said|my question|my last question)",
				"what was (i saying|i asking|the question)", "what have i [just] (said|asked)"),
			do: func(_ context.Context, sc scene, _ args) (Answer, error) {
				for _, turn := range slices.Backward(sc.turns) {
					if turn.Who == engine.User && turn.Text != "" {
						return say("You said: " + strings.TrimRight(turn.Text, ".") + "."), nil
					}
				}
				return say("You haven't said anything before that."), nil
			},
		},
	}
}
