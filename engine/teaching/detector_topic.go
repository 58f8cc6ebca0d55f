package teaching

import (
	"strings"
)

// topic cuts the topic of a lesson down to itself.
func (r *reader) topic(words []string, about span) span {
	part := func() []string { return words[about.from:about.to] }
	if len(part()) == 0 {
		return about
	}
	for before := -1; before != len(part()); {
		before = len(part())
		about.to = about.from + r.after.ends(&r.matcher, part())
		about.to = about.from + r.closing.ends(&r.matcher, part())
	}
	if first := part()[0]; first == "how" || first == "why" {
		return about // "how volcanoes work" is all of it
	}
	for {
		n := r.before.begins(&r.matcher, part())
		if n == 0 || n == len(part()) {
			break
		}
		about.from += n
		if first := part()[0]; first == "how" || first == "why" {
			return about
		}
	}
	if last := len(part()) - 1; last > 0 && copulas[part()[last]] {
		about.to-- // "what gravity is"
	}
	return about
}

var copulas = map[string]bool{"is": true, "are": true, "means": true, "was": true, "were": true}

// notTopics are what is left where the words were no request for a lesson.
var notTopics = map[string]bool{
	"it": true, "that": true, "this": true, "me": true, "lesson": true, "a lesson": true, "him": true, "her": true, "them": true, "you": true, "us": true,
	"something": true, "anything": true, "nothing": true, "about": true, "more": true, "to": true, "the": true, "you said": true, "everything": true, "things": true, "stuff": true,
	"a": true, "an": true, "of": true, "on": true, "in": true, "for": true, "how": true, "why": true, "how to": true, "things like that": true, "one": true, "how it works": true, "how this works": true, "how that works": true, "how you work": true, "now": true, "all": true, "again": true, "what": true, "yourself": true, "myself": true, "some": true, "better": true, "the joke": true, "the question": true, "your question": true, "your answer": true, "him better": true, "you better": true, "your name": true, "people": true, "women": true, "men": true, "the point": true,
}

// noTopic says whether a lesson cannot be about topic.
func noTopic(topic string) bool {
	topic = strings.ToLower(topic)
	first, _, _ := strings.Cut(topic, " ")
	return topic == "" || notTopics[topic] || first == "you" || first == "your" || first == "me" || first == "us" || first == "my" && strings.Count(topic, " ") < 2
}
