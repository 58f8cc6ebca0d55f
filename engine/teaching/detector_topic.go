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
	"a": true, "an": true, "of": true, "on": true, "in": true, "for": true, "how": true, "why": true, "how to": true, "things like that": true, "one": true, "how it works": true, "how this works": true, "how that works": true, "how you work": true, "now": true, "all": true, "again": true, "what": true, "yourself": true, "myself": true, "some": true, "better": true, "the joke": true, "the question": true, "your question": true, "your answer": true, "him better": true, "you better": true, "your name": true, "people": true, "women": true, "men": true, "the point": true, "basics": true, "fundamentals": true, "essentials": true, "rules": true, "happened": true, "what happened": true, "happened next": true, "going on": true, "happening": true,
}

// lessonParts are what a running lesson has: the next of them may be asked for, but
// that is for the lesson to answer.
var lessonParts = map[string]bool{
	"it": true, "that": true, "this": true, "them": true, "these": true, "those": true, "lesson": true, "lessons": true, "course": true, "tutorial": true, "part": true, "parts": true, "bit": true, "step": true, "steps": true, "section": true, "segment": true, "chapter": true, "page": true, "point": true,
	"example": true, "examples": true, "exercise": true, "exercises": true, "quiz": true, "question": true, "questions": true, "answer": true, "answers": true, "hint": true, "summary": true, "recap": true, "topic": true, "subject": true, "one": true, "ones": true, "rest": true, "explanation": true, "material": true, "beginning": true, "end": true, "start": true, "whole": true, "thing": true, "same": true, "all": true, "everything": true, "more": true,
}

// pointers are the words around a part of a lesson: "the last part again, slowly".
var pointers = map[string]bool{
	"the": true, "this": true, "that": true, "my": true, "our": true, "your": true, "last": true, "first": true, "second": true, "third": true, "next": true, "previous": true, "other": true, "same": true, "whole": true, "current": true, "worked": true, "of": true, "it": true, "all": true,
	"again": true, "slowly": true, "slower": true, "carefully": true, "quickly": true, "faster": true, "more": true, "bit": true, "a": true, "little": true, "once": true, "time": true, "one": true, "another": true, "step": true, "by": true, "please": true, "from": true, "with": true, "me": true, "us": true, "for": true, "to": true, "in": true, "detail": true, "properly": true, "better": true, "over": true, "together": true, "through": true, "simply": true, "clearly": true, "easier": true, "simpler": true, "just": true, "now": true, "too": true,
}

// pointsAtLesson says whether words are about the lesson that is being given
// rather than about a topic, or about nothing: "it slowly", "step by step".
func pointsAtLesson(words []string) bool {
	for _, w := range words {
		if !pointers[w] && !lessonParts[w] {
			return false
		}
	}
	return true
}

// noTopic says whether a lesson cannot be about topic.
func noTopic(topic string) bool {
	topic = strings.ToLower(topic)
	first, _, _ := strings.Cut(topic, " ")
	return topic == "" || notTopics[topic] || pointsAtLesson(strings.Fields(topic)) || first == "you" || first == "your" || first == "me" || first == "us" || first == "my" && strings.Count(topic, " ") < 2
}
