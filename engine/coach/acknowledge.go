package coach

import (
	"fmt"
	"strings"

	"parley/engine"
)

// acknowledge says at once that a lesson is on its way, and asks for whom; unless
// that was said with the request.
func (t *turn) acknowledge() bool {
	topic := strings.TrimSpace(t.req.Teaching.Topic)
	t.now.asked, t.now.run, t.now.offer = nil, idle, offerNothing
	switch {
	case topic == "":
		t.now.ask, t.now.topic = askTopic, ""
		t.say(t.pick("Gladly. What would you like to learn about?", "With pleasure. What shall the lesson be about?"))
		return true
	case !t.coach.teaches(topic):
		t.now.ask = askNothing
		t.say(fmt.Sprintf("I'm sorry, I know nothing about %s offline.", topic))
		return true
	}
	opening := t.pick(
		fmt.Sprintf("I'm putting together a lesson on %s.", topic),
		fmt.Sprintf("A lesson on %s is on its way.", topic),
		fmt.Sprintf("I'm writing you a lesson on %s.", topic))
	t.say(opening)
	if level, goal, ok := toldWith(t.said); ok {
		t.now.ask = askNothing
		t.teach = append(t.teach, engine.LessonRequest{Topic: topic, Level: level, Goal: goal})
		return true
	}
	t.now.ask, t.now.topic = askLevel, topic
	t.say(t.pick("Shall I keep it simple or go into depth?", "Do you want it simple, or in depth?", "Simple, or in depth?"))
	return true
}

// tookLevel takes the answer to the question for whom the lesson is, or what it
// is to be about. Anything else is simply the next turn.
func (t *turn) tookLevel() bool {
	switch t.now.ask {
	case askTopic:
		topic := strings.Join(bare(t.said), " ")
		_, _, wish := theBook().find(t.req.Text, t.coach.other)
		if topic == "" || len(t.said) > 8 || asks(t.said) || wish || t.req.Teaching.Kind != "" || t.coach.other(t.req.Text) {
			return false
		}
		t.req.Teaching.Topic = strings.TrimPrefix(topic, "about ")
		if t.acknowledge() && t.now.ask == askLevel {
			t.teach = append(t.teach, engine.LessonRequest{Topic: t.now.topic})
		}
		return true
	case askLevel:
		if indifferent[strings.Join(bare(t.said), " ")] {
			t.now.ask = askNothing
			t.say(t.pick("All right, something in between.", "Fine, I'll find a middle way."))
			return true
		}
		level, goal, ok := levelAndGoal(t.req.Text)
		if _, _, wish := theBook().find(t.req.Text, t.coach.other); !ok || wish && level == "" { // "quiz me" is no goal
			return false
		}
		t.now.ask = askNothing
		t.teach = append(t.teach, engine.LessonRequest{Topic: t.now.topic, Level: level, Goal: goal})
		switch {
		case goal != "" && level == "":
			t.say(t.pick("Good to know; I'll aim it at that.", "All right, I'll write it with that in mind."))
		case deep[levelWord(t.said)]:
			t.say(t.pick("In depth, then.", "All right, I'll go into depth."))
		default:
			t.say(t.pick("All right, I'll keep it simple.", "Simple it is."))
		}
		return true
	}
	return false
}

var indifferent = phraseSet(`either|whatever|i don't care|i don't mind|doesn't matter|it doesn't matter|you choose|you decide|medium|in between|something in between|
	a bit of both|both|normal|average|the usual|skip|skip it|any|anything|up to you|no preference|don't care|either way|either one`)

func phraseSet(list string) map[string]bool {
	all := make(map[string]bool)
	for p := range strings.SplitSeq(list, "|") {
		all[strings.Join(strings.Fields(p), " ")] = true
	}
	return all
}

// Words that tell for whom a lesson is, and what for.
var (
	simple = set(`simple simply simpler sample easy easier basic basics beginner beginners beginner's beginning newbie child children kid kids
		novice short quick brief starter five six seven eight nine ten primary elementary`)
	deep = set(`deep deeper depth death detail details detailed advanced expert experts thorough thoroughly full complete university college
		professional graduate comprehensive intensive profound intermediate`)
	school = set("school high grade teenager teenagers student students undergraduate")
	goals  = set(`exam exams test tests interview homework work job project presentation fun class curious curiosity essay teach son daughter
		trip travel hobby paper thesis quiz finals`)
)

// levelWord is the word that tells for whom, "" if there is none.
func levelWord(said []string) string {
	for _, w := range said {
		if simple[w] || deep[w] || school[w] {
			return w
		}
	}
	return ""
}

// levelAndGoal reads an answer to the question for whom a lesson is, in the user's
// words. What is too long or a question is none.
func levelAndGoal(text string) (level, goal string, ok bool) {
	said := words(text)
	if len(said) == 0 || len(said) > 16 || commands[said[0]] || asks(said) {
		return "", "", false
	}
	if answer := strings.Join(bare(said), " "); newcomer[answer] {
		return "for a beginner", "", true
	}
	return told(said)
}

var newcomer = phraseSet(`i know nothing about it|i know nothing|i'm new to it|i'm new to this|i'm new|i am new to this|i'm new to that|nothing|from scratch|from zero|from the beginning|the basics`)

// told is what words tell of the level and the goal.
func told(said []string) (level, goal string, ok bool) {
	rest := strings.Join(bare(trimmed(said)), " ")
	isGoal := false
	for _, w := range said {
		isGoal = isGoal || goals[w]
	}
	word := levelWord(said)
	switch {
	case word == "" && !isGoal:
		return "", "", false
	case word == "":
		return "", rest, true
	case isGoal:
		return word, rest, true
	}
	return rest, "", true
}

// toldWith is what a request for a lesson itself tells: "… for beginners", "… in
// depth", "… for my exam".
func toldWith(said []string) (level, goal string, ok bool) {
	for i, w := range said {
		if (w != "for" && w != "in") || i == 0 {
			continue
		}
		tail := said[i:]
		if len(tail) > 6 || len(tail) < 2 {
			continue
		}
		if level, goal, ok = told(tail); ok {
			return level, goal, ok
		}
	}
	return "", "", false
}
