package tutor

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// pick chooses one of several ways to say a thing, so that the same words are
// not met with the same answer twice in a row.
func pick(said string, sc scene, ways ...string) string {
	h := fnv.New32a()
	h.Write([]byte(said))
	choice := int(h.Sum32()%uint32(len(ways))) + len(sc.turns)/2
	choice %= len(ways)
	if ways[choice] == sc.lastReply() {
		choice = (choice + 1) % len(ways)
	}
	return ways[choice]
}

// small is a skill of small talk: these phrases are met with one of these
// sentences.
func smallTalk(name, description string, ways []string, patterns ...string) Skill {
	return Skill{
		Name:        name,
		Description: description,
		phrases:     compile(patterns...),
		do: func(_ context.Context, sc scene, _ args) (Answer, error) {
			return say(pick(name, sc, ways...)), nil
		},
	}
}

const abilities = "I can tell the time and date, do sums, convert units, explain words, set timers, and remember things for you."

func (t *Tutor) talkSkills() []Skill {
	return []Skill{
		smallTalk("greet", "Greets the user back.",
			[]string{"Hello! What can I do for you?", "Hi there. What would you like to know?", "Hello. I'm listening."},
			"(hello|hi|hey|hiya|howdy|greetings) [there|again|parley|computer|everyone]", "good (morning|afternoon|evening|day) [parley|to you|everyone]",
			"hello [there] can you hear me", "(can|do) you hear me [now]", "are you (there|listening|awake|still there)"),
		smallTalk("thank", "Takes thanks.",
			[]string{"You're welcome.", "My pleasure.", "Any time."},
			"(thanks|thank you|thank ya|cheers) [so much|very much|a lot|again|for that|for your help|for the help|parley|computer]",
			"(that was|that is) (great|helpful|perfect|nice|very helpful) [thanks|thank you]", "(great|perfect|okay|ok) (thanks|thank you)", "many thanks"),
		smallTalk("wellbeing", "Says how it is.",
			[]string{"I'm well, thank you. How can I help?", "Very well, thanks for asking.", "All is well here. What can I do for you?"},
			"how are you [doing|today|doing today|feeling|feeling today|this morning|tonight]", "how is it going [today]", "how do you do", "how have you been", "what is up", "are you (okay|ok|well|alright)"),
		smallTalk("identity", "Says who it is.",
			[]string{"I'm Parley, a voice assistant that works entirely on this computer, without the internet.",
				"My name is Parley. I run on this computer alone; nothing you say leaves it."},
			"who (are|is) (you|this)", "what is your name", "what are you [exactly|called]", "what (should|do|can) i call you", "(introduce|tell me about) yourself", "are you (a robot|a human|human|real|a person|an ai|a computer)", "do you have a name", "who am i talking to"),
		smallTalk("abilities", "Says what it can do.",
			[]string{abilities + " Ask me to teach you about something and I'll put together a lesson."},
			"what (can|could|do) you do [for me]", "what (can|could|may|should) i (ask|say|ask you|say to you|do|do here)", "help [me]", "i need [some] help",
			"what are (you able to do|your skills|your abilities|you good at|you good for)", "what (things|kind of things|sort of things|kinds of things) can you do", "how (can|could) you help [me]", "how do you work", "what do you know", "what (questions|commands) can i (ask|use|say) [you]"),
		smallTalk("farewell", "Says goodbye.",
			[]string{"Goodbye!", "See you soon.", "Bye for now."},
			"(goodbye|good bye|bye|bye bye|see you|see ya|farewell|good night|goodnight) [then|now|for now|later|soon|tomorrow|parley|computer|everyone]", "i (have to|must|got to) go [now]", "see you (later|soon|tomorrow|around)", "talk to you later", "that is all [for now|for today|thanks|thank you]"),
		smallTalk("praise", "Answers praise.",
			[]string{"That's kind of you.", "Thank you, I'm glad to hear it."},
			"(good|great|nice|excellent|fantastic|awesome) (job|work|answer|one)", "well done", "you are (great|amazing|awesome|smart|clever|funny|very smart|the best|so smart|nice|very clever|helpful|very helpful)", "i (like|love) you"),
		smallTalk("apologise", "Apologises.",
			[]string{"I'm sorry about that. Please try again.", "Sorry. I still have much to learn; please say it another way."},
			"(you are|that is|that was) (wrong|stupid|dumb|not right|incorrect|not what i (said|asked|meant))", "you are (useless|an idiot|no help)", "bad (answer|job|bot)", "no that is (wrong|not right|not what i (said|asked|meant))", "that is not (right|correct|true)"),
		smallTalk("joke", "Tells a joke.", jokes,
			"[tell|tell me|give me|do you know|say] [a|an|another|some|any|one more] [good|funny|new|short] (joke|jokes)", "tell me (something funny|another [one])", "make me laugh", "say something funny", "another (one|joke)", "i (want|would like) to hear a joke"),
		smallTalk("age", "Says how old it is.", []string{"I'm as old as the program on this computer.", "Not very old; software ages fast."},
			"how old are you", "what is your age", "when were you (born|made|created)"),
		smallTalk("accept", "Takes small words that ask for nothing.",
			[]string{"All right.", "Okay.", "Good."},
			"(ok|okay|alright|all right|i see|got it|sure|fine|yes|yeah|yep|no|nope|cool|nice|great|perfect|right|never mind|nevermind|no thanks|no thank you|nothing|oh|i understand|makes sense|interesting|wow|uh huh|mm hm|hmm|you are welcome|forget it|forget that|whatever|good|that is (fine|okay|good|all right|right))"),
		smallTalk("excuse", "Forgives.", []string{"No problem at all.", "Never mind."},
			"[i am] sorry [about that]", "excuse me", "my (mistake|bad)", "i apologize"),
		{
			Name:        "flip_coin",
			Description: "Flips a coin.",
			phrases:     compile("(flip|toss|throw) a coin", "heads or tails"),
			do: func(context.Context, scene, args) (Answer, error) {
				return say([]string{"Heads.", "Tails."}[rand.IntN(2)]), nil
			},
		},
	}
}

var jokes = []string{
	"I tried to catch some fog yesterday. I mist.",
	"Why did the scarecrow get a prize? He was outstanding in his field.",
	"I would tell you a joke about an echo, but you would only hear it twice. Hear it twice.",
	"What do you call a bear without teeth? A gummy bear.",
	"Parallel lines have so much in common. It's a pity they'll never meet.",
	"Why was the math book sad? It had too many problems.",
	"I have a joke about time travel, but you didn't like it.",
}

// atALoss answers what no skill could.
func atALoss(h heard, sc scene) Answer {
	if !h.asks() {
		return say(pick(h.text, sc,
			"I'm not sure I heard that right. Could you say it again?",
			"I'm not sure what you mean. You can ask me the time, a sum, or what a word means.",
			"I didn't quite get that. Could you put it another way?"))
	}
	return say(pick(strings.ToLower(h.text), sc,
		"I can't answer that offline. I can explain words, do sums, convert units, tell the time, set timers and remember things for you.",
		"That's beyond what I know offline. Try asking what a word means, or ask me to teach you about a topic.",
		"I don't have an answer to that without the internet. I'm good with words, numbers, units, time and timers."))
}
