package lesson

import (
	"regexp"
	"strings"

	"parley/engine"
)

// maxText is more than anybody says in a turn that asks for a lesson, in bytes.
const maxText = 2000

// Detector is an [engine.TeachingDetector] that goes by the words. Its zero
// value is ready for use, by several goroutines.
type Detector struct{}

var _ engine.TeachingDetector = Detector{}

// cue is a way of asking. Its pattern ends where the topic begins, unless it
// has a group of its own for the topic.
type cue struct {
	pattern    *regexp.Regexp
	kind       engine.TeachingKind
	confidence float64
}

func lessonCue(confidence float64, pattern string) cue {
	return cue{regexp.MustCompile("^(?:" + pattern + ") (.+)$"), engine.TeachLesson, confidence}
}

func factCue(confidence float64, pattern string) cue {
	return cue{regexp.MustCompile("^(?:" + pattern + ") (.+)$"), engine.TeachFact, confidence}
}

// size says what a lesson may be like, before the word "lesson".
const size = `(?:(?:short|quick|brief|little|full|long|detailed|complete|simple|basic|new|good|beginner|beginners|thorough|proper|small|real|crash|interactive|structured) )*`

// lessons are the names of a lesson.
const lessons = `(?:lesson|lessons|course|courses|tutorial|tutorials|class|classes|lecture|crash course|primer|workshop|study guide|lesson plan)`

var cues = []cue{
	lessonCue(0.95, `(?:teach|each|tutor|educate|instruct) (?:me|us|my (?:son|daughter|kids|children|class)|him|her|them)`),
	lessonCue(0.95, `(?:(?:create|make|give|build|prepare|write|start|begin|open|do|generate|put together|show|have|get|take|i want|i need|i would like|how about|let us (?:do|have|start))(?: me| us| with)? )?(?:a |an |the |another |some |one )?`+size+`(?:`+lessons+` (?:on|about|in|for|covering|that explains)|(?:introduction|primer|guide) to|overview (?:of|on))`),
	lessonCue(0.95, `explain (?:to me |to us )?(?:in (?:more |great |full |some |much )?(?:detail|depth)|step by step|thoroughly|properly|fully)(?: to me)?`),
	{regexp.MustCompile(`^(?:explain|describe|tell me|tell me about)(?: to me)? (.+?)(?: to me)? (?:in (?:more |great |full |some |much )?(?:detail|depth)|step by step|thoroughly|from the beginning|from scratch|from the ground up)$`), engine.TeachLesson, 0.95},
	lessonCue(0.9, `walk (?:me|us) through|take (?:me|us) through|talk (?:me|us) through|guide (?:me|us) through|run (?:me|us) through`),
	lessonCue(0.9, `i (?:want|would like|would love|need|wanna|have|am trying|am here|wish|am looking)(?: to)? (?:learn|study|be taught|understand|get to know|know everything|know all|master)`),
	lessonCue(0.9, `(?:let us|let me|i am going to|we should) (?:learn|study)`),
	lessonCue(0.9, `help (?:me|us) (?:to )?(?:understand|learn|study|get|grasp|make sense of)`),
	lessonCue(0.85, `(?:show|tell) (?:me|us) (?:again )?(how to|how (?:a|an|the|do|does|is|are|one|you))`),
	{regexp.MustCompile(`^(?:show|tell) (?:me|us) (?:again )?(how .+ (?:work|works|made|happen|happens|form|forms|fly|grow))$`), engine.TeachLesson, 0.85},
	lessonCue(0.8, `explain (?:to me |to us )?(?:how|why)`),
	lessonCue(0.8, `(?:tell|teach) (?:me|us) (?:everything|all|all there is)(?: there is| you know| to know| you can)*`),
	lessonCue(0.8, `(?:give|show|tell|teach) (?:me|us) (?:the basics|the fundamentals|the essentials|a detailed explanation|an in depth explanation|a thorough explanation) (?:of|about|on|for)`),
	lessonCue(0.75, `(?:how (?:can|do|could|should) i|where (?:can|do) i|can i|i want to start to) (?:learn|study)`),
	lessonCue(0.75, `what (?:should|do|must) i (?:need to )?know about`),

	factCue(0.95, `(?:remember|memorize|memorise|note|keep in mind|bear in mind|make a note|take a note|do not forget|never forget) that`),
	factCue(0.9, `(?:remember|memorize|memorise|note|keep in mind|bear in mind|do not forget|never forget|make a note of|take a note of)`),
	factCue(0.85, `(?:let me teach you|i will teach you|i want to teach you|for your information|you should know|learn)(?: something)? that`),
	factCue(0.8, `for your information|let me teach you (?:about )?`),
}

// idle is talk before and after a request.
var (
	before = regexp.MustCompile(`^(?:(?:um|uh|er|hm|hey|hi|hello|ok|okay|well|so|now|and|but|oh|please|just|also|parley|computer|assistant|today|right|` +
		`(?:can|could|would|will) you|(?:can|could|may) (?:i|we)|do you think you (?:can|could)|would you mind|are you able to|i (?:want|need|would like) you to|` +
		`i was (?:wondering|hoping) (?:if|whether)? ?you (?:can|could|would)|go ahead and|try to) )+`)
	after = regexp.MustCompile(`(?: (?:please|for me|for us|to me|to us|now|today|thanks|thank you|parley|computer|in simple terms|in simple words|simply|` +
		`for beginners|for a beginner|for kids|for children|if you can|will you|would you|right now|a bit|a little|better|with me|like i am five|a little bit))+$`)
	thorough = regexp.MustCompile(` (?:in (?:more |great |full |some |much )?(?:detail|depth)|step by step|thoroughly|from scratch|from the beginning)$`)
	inFront  = regexp.MustCompile(`^(?:(?:more|a bit|a little|a bit more|something|everything|all|anything|some|exactly|first|again|to me|a bout|about|on|the (?:topic|subject|theme|basics|fundamentals|concept|idea|principles|theory) of|the|a|an|of|what|this|that|there is|in detail|in depth) )+`)
	copula   = regexp.MustCompile(`^(.+) (?:is|are|means|was|were)(?: all)?(?: about)?$`)
)

// notTopics are what is left where the words were no request for a lesson.
var notTopics = map[string]bool{
	"": true, "it": true, "that": true, "this": true, "me": true, "lesson": true, "a lesson": true, "him": true, "her": true, "them": true, "you": true,
	"something": true, "about": true, "more": true, "to": true, "the": true, "him a lesson": true, "you said": true, "everything": true, "things": true,
}

// reminiscing are the beginnings of sentences that begin with "remember" and ask
// for nothing.
var reminiscing = regexp.MustCompile(`^(?:when|how|what|who|where|why|me|us|him|her|them|it|that time|the time|the day|those|this|for|your|not)(?: |$)`)

// Detect says whether text asks to be taught or teaches us. The topic of a fact
// is the statement itself, as it was typed.
func (Detector) Detect(text string) (engine.Teaching, bool) {
	if len(text) > maxText {
		return engine.Teaching{}, false
	}
	said := request(text)
	for _, c := range cues {
		m := c.pattern.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		topic := strings.Join(m[1:], " ")
		if c.kind == engine.TeachFact {
			if notTopics[topic] || reminiscing.MatchString(topic) {
				continue
			}
			return engine.Teaching{Kind: c.kind, Topic: asTyped(topic, text), Confidence: c.confidence}, true
		}
		if strings.HasPrefix(said, "explain why ") {
			topic = "why " + topic
		} else if strings.HasPrefix(said, "explain how ") {
			topic = "how " + topic
		}
		if topic = cleanTopic(topic); notTopics[topic] {
			continue
		}
		return engine.Teaching{Kind: c.kind, Topic: asTyped(topic, text), Confidence: c.confidence}, true
	}
	return engine.Teaching{}, false
}

var contractions = strings.NewReplacer("’", "'", "i'm ", "i am ", "i'd ", "i would ", "i'll ", "i will ", "let's ", "let us ", "lets ", "let us ", "don't ", "do not ", "what's ", "what is ")

// request is text in lower case, without punctuation and courtesies.
func request(text string) string {
	text = strings.ToLower(text)
	text = strings.Map(func(r rune) rune {
		switch r {
		case '.', ',', '?', '!', ';', ':', '"', '“', '”', '\n', '\t':
			return ' '
		}
		return r
	}, text)
	text = contractions.Replace(strings.Join(strings.Fields(text), " ") + " ")
	text = strings.TrimSpace(before.ReplaceAllString(text, ""))
	return strings.TrimSpace(after.ReplaceAllString(text, ""))
}

// cleanTopic cuts a topic down to itself.
func cleanTopic(topic string) string {
	topic = thorough.ReplaceAllString(after.ReplaceAllString(" "+topic, ""), "")
	topic = strings.TrimSpace(topic)
	whole := strings.HasPrefix(topic, "how ") || strings.HasPrefix(topic, "why ")
	if !whole {
		topic = strings.TrimSpace(inFront.ReplaceAllString(topic+" ", ""))
		if m := copula.FindStringSubmatch(topic); m != nil {
			topic = m[1] // "what gravity is"
		}
	}
	return topic
}

// asTyped finds topic in the text it was taken from and returns it with the
// capitals it has there.
func asTyped(topic, text string) string {
	if i := strings.Index(strings.ToLower(text), topic); i >= 0 && i+len(topic) <= len(text) && strings.EqualFold(text[i:i+len(topic)], topic) {
		return text[i : i+len(topic)]
	}
	return topic
}
