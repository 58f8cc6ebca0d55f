package bench

import (
	"context"
	"errors"
	"time"

	"parley/audio/pcm"
)

// questions are complete questions and commands, short and long, as people put
// them to an assistant. None of them sets anything off later.
var questions = []string{
	"what time is it", "what is gravity", "tell me a joke", "what is the capital of france", "how many feet are in a mile",
	"what is seventeen times twenty three", "how do you spell necessary", "what's the date today", "teach me about photosynthesis",
	"who wrote pride and prejudice", "convert five kilograms to pounds", "what is twelve percent of two hundred and fifty",
	"what does the word ubiquitous mean", "remember that my sister's birthday is on the third of june", "when is my sister's birthday",
	"how far away is the moon", "what can you do", "good morning", "what is the difference between weather and climate",
	"what day of the week is christmas this year", "cancel the timer", "what is the square root of eighty one",
	"explain in detail how a refrigerator works", "thank you that was very helpful", "how old are you",
}

// TurnReport is what was found of one spoken turn. Times are in milliseconds.
type TurnReport struct {
	Said     string             `json:"said"`
	Voice    string             `json:"voice"`
	Outcome  string             `json:"outcome"`            // answered, too_early, unanswered
	Recorded float64            `json:"recorded,omitzero"`  // voice to voice, on the recording
	Reported float64            `json:"reported,omitzero"`  // voice to voice, by the program's own clock
	UserSide float64            `json:"user_side,omitzero"` // of Recorded − Reported: before the turn was judged over
	Parts    map[string]float64 `json:"parts,omitempty"`    // of Reported
}

// The outcomes of a turn.
const (
	answered   = "answered"
	tooEarly   = "too_early"  // the assistant spoke before the user had finished
	unanswered = "unanswered" // no words were understood, or no answer came
)

// turn asks the i-th question and measures the answer.
func (d *desk) turn(ctx context.Context, i int) (TurnReport, error) {
	r := TurnReport{
		Said: questions[i%len(questions)], Voice: userVoices[(i+i/len(questions))%len(userVoices)],
		Outcome: unanswered,
	}
	sound, err := d.speak(ctx, r.Voice, r.Said)
	if err != nil {
		return r, err
	}
	both, err := d.server.RecordBoth(ctx)
	if err != nil {
		return r, err
	}
	defer both.Stop()
	mark := d.app.mark()
	if err := d.play(ctx, sound); err != nil {
		return r, err
	}
	_, err = d.app.await(ctx, mark, answerWithin, "timing")
	if errors.Is(err, errLate) { // nothing understood, or "stop" was
		return r, d.app.quiet(ctx)
	}
	if err != nil {
		return r, err
	}
	// The recording arrives a little later than the events.
	if err := pauseFor(ctx, 300*time.Millisecond); err != nil {
		return r, err
	}
	both.Stop()
	if err := r.judge(both.Sound(), both.Right(), both.Began(), d.app.since(mark, "speech.stopped", "timing")); err != nil {
		return r, err
	}
	return r, d.app.quiet(ctx)
}

// judge fills in what both sides of a recording that began at began show, and
// what the program reports of the same turn.
func (r *TurnReport) judge(user, assistant pcm.Frame, began time.Time, told []happening) error {
	end, heard := lastAudible(user, user.Duration())
	begin, spoke := firstAudible(assistant, 0)
	if !heard {
		return errors.New("the user cannot be heard on the recording")
	}
	if !spoke {
		return nil
	}
	if begin < end {
		r.Outcome = tooEarly
		return nil
	}
	r.Outcome, r.Recorded, r.Parts = answered, inMS(begin-end), map[string]float64{}
	var over time.Time
	for _, h := range told {
		if h.Type == "speech.stopped" {
			over = h.came
			continue
		}
		for name, ms := range h.parts {
			if name == "voice_to_voice" {
				r.Reported = ms
			} else {
				r.Parts[name] = ms
			}
		}
		break
	}
	r.UserSide = round(inMS(over.Sub(began.Add(end)))-r.Parts["endpoint"], 1)
	return nil
}

func inMS(d time.Duration) float64 { return round(float64(d)/float64(time.Millisecond), 1) }
