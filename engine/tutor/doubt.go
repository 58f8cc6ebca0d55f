package tutor

import (
	"slices"
	"strings"

	"parley/engine"
)

const (
	// Below these confidences what was heard is asked back: sooner where no skill
	// understands it, since what a skill understands was hardly misheard.
	doubtUnknown = 0.5
	doubtKnown   = 0.2
	// doubtRest is for how many replies after such a question there is no other:
	// a question for every answer would be worse than a wrong answer.
	doubtRest = 3

	doubtAsked = "Did you say: "
)

// doubts says whether to ask back what was heard.
func (t *Tutor) doubts(req engine.Request, sc scene) bool {
	if req.Confidence <= 0 || req.Confidence >= doubtUnknown || len(strings.Fields(req.Text)) < 2 {
		return false
	}
	if req.Confidence >= doubtKnown && t.Understands(req.Text) {
		return false
	}
	replies := 0
	for _, turn := range slices.Backward(sc.turns) {
		if turn.Who != engine.Assistant {
			continue
		}
		if strings.HasPrefix(turn.Text, doubtAsked) {
			return false
		}
		if replies++; replies == doubtRest {
			break
		}
	}
	return true
}

// askBack asks what was heard back.
func askBack(text string) Answer { return say(doubtAsked + strings.TrimRight(text, ".?!") + "?") }

// doubted is what the assistant has just asked back, "" if it has not.
func (s scene) doubted() string {
	text, ok := strings.CutPrefix(s.lastReply(), doubtAsked)
	if !ok {
		return ""
	}
	return strings.TrimSuffix(text, "?")
}

// The answers to being asked back.
var (
	agreed = map[string]bool{
		"yes": true, "yeah": true, "yep": true, "yes i did": true, "yes please": true, "right": true, "that's right": true, "correct": true,
		"exactly": true, "i did": true, "sure": true, "okay": true, "yes that's right": true, "that is right": true,
	}
	denied = map[string]bool{
		"no": true, "nope": true, "no i didn't": true, "no i did not": true, "wrong": true, "not at all": true, "that's wrong": true, "no i did": true,
	}
)

// settled takes the answer to a question of doubt: what to answer instead of
// the user's words, or that he denied them.
func (s scene) settled(text string) (instead string, no bool) {
	asked := s.doubted()
	if asked == "" {
		return text, false
	}
	reply := strings.Join(strings.Fields(strings.ToLower(strings.Trim(text, " .,!?"))), " ")
	switch {
	case agreed[reply]:
		return asked, false
	case denied[reply]:
		return text, true
	}
	return text, false
}
