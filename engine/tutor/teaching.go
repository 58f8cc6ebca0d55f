package tutor

import (
	"fmt"
	"strings"
)

// acknowledge says, in one sentence, that a lesson is on its way, or that there
// is nothing to make one of.
func (t *Tutor) acknowledge(topic string, sc scene) (Answer, error) {
	topic = strings.TrimSpace(topic)
	if t.dictionary == nil {
		return say(noDictionary), nil
	}
	if topic == "" {
		return say("Gladly; what would you like to learn about?"), nil
	}
	head, _, err := t.dictionary.Head(topic)
	if err != nil {
		return Answer{}, fmt.Errorf("tutor: look up: %w", err)
	}
	if head == "" {
		return say(fmt.Sprintf("I'm sorry, I know nothing about %s offline.", topic)), nil
	}
	return say(pick(topic, sc,
		fmt.Sprintf("I'll put together a lesson about %s; it's opening beside us now.", topic),
		fmt.Sprintf("Here comes a lesson about %s, beside us now.", topic),
		fmt.Sprintf("Let's look at %s; the lesson is opening beside us.", topic))), nil
}
