package tutor

import (
	"context"

	"parley/engine"
	"parley/engine/turn"
)

// mannerSkills change how the conversation is held.
func (t *Tutor) mannerSkills() []Skill {
	return []Skill{
		t.manner("be_patient", "Waits longer when the user pauses.",
			engine.SetPatience{Patience: turn.Patient}, "I'll give you more time from now on.",
			"(be|please be) more patient [with me|please]", "(give me|i need) more time [to (think|speak|talk|finish)] [please]", "(please let|let) me finish [my (sentence|sentences|thought)]",
			"(wait|please wait) longer [for me|before (you answer|answering)]", "(don't|do not|stop|please don't) (interrupt|interrupting) me", "(don't|do not|please don't) cut me off", "you (cut|keep cutting) me off"),
		t.manner("be_quick", "Answers sooner when the user falls silent.",
			engine.SetPatience{Patience: turn.Quick}, "I'll answer sooner from now on.",
			"(answer|please answer|respond|reply) (faster|quicker|sooner|more quickly) [please]", "(don't|do not) wait (so|that) long", "be quicker [please]"),
		t.manner("be_balanced", "Waits as long as usual when the user pauses.",
			engine.SetPatience{Patience: turn.Balanced}, "I'll wait as long as I usually do.",
			"(be|wait) (normal|normally|as usual)", "(usual|normal) patience [please]"),
		t.manner("forget_pauses", "Forgets what it has learnt of how the user pauses.",
			engine.ForgetPauses{}, "I've forgotten how you pause.",
			"forget (how i (pause|speak|talk)|my pauses|my way of (speaking|talking))"),
	}
}

// manner is a skill that sends one command.
func (t *Tutor) manner(name, description string, cmd engine.Command, done string, patterns ...string) Skill {
	return Skill{
		Name:        name,
		Description: description,
		phrases:     compile(patterns...),
		do: func(context.Context, scene, args) (Answer, error) {
			if t.send == nil {
				return say("That is something I can't change here."), nil
			}
			answer := say(done)
			answer.Effect = func(context.Context) error { return t.send(cmd) }
			return answer, nil
		},
	}
}
