package coach

import (
	"time"

	"parley/engine"
)

// run is what the learner is in the midst of.
type run int

const (
	idle run = iota
	reading
	quizzing
	reviewing
	explaining // is to explain it in his own words
)

// ask is what the coach has asked about a lesson that is being written.
type ask int

const (
	askNothing ask = iota
	askTopic
	askLevel
)

// offer is what a plain yes would now accept.
type offer int

const (
	offerNothing offer = iota
	offerNext
	offerQuiz
	offerMissed
	offerReview
)

// origin is where a question comes from.
type origin int

const (
	ofCheck origin = iota
	ofQuiz
	ofReview
	ofExample
)

// asked is a question that waits for its answer.
type asked struct {
	question engine.Question
	from     origin
	index    int // in the quiz, from 0
	card     Card
	tries    int
	hints    int
	doubted  bool // an answer was not understood, and was asked back
	at       time.Time
}

// identity tells lessons apart.
type identity struct {
	id engine.LessonID
	// of one that is not stored:
	plan  *engine.Plan
	title string
}

func identify(l engine.Lesson) identity {
	if l.ID != 0 {
		return identity{id: l.ID}
	}
	return identity{plan: l.Plan, title: l.Title}
}

// state is where the learner is. It is a value: what it points at is never
// changed, only replaced.
type state struct {
	lesson  identity
	run     run
	segment int // being read, from 1; 0: not begun
	portion int // of the segment, how many have been read
	example int // how many have been given

	asked *asked
	away  bool // something else has been talked of since the question

	queue    []int // questions of the quiz that are still to come
	question int   // being asked, from 1
	right    int   // of the quiz
	missed   []int // of the quiz

	cards   []Card // to be reviewed, still to come
	recalls int    // reviewed rightly
	seen    int    // reviewed

	ask   ask
	topic string // the one asked about
	offer offer
	spoke string // the coach's last reply
}

// of is the state with regard to a lesson: it begins anew with another one.
// Reviewing goes on, and so does a question about the lesson being written.
func (s state) of(l engine.Lesson) state {
	now := identify(l)
	if now == s.lesson || now == (identity{}) {
		return s
	}
	fresh := state{lesson: now, ask: s.ask, topic: s.topic, spoke: s.spoke}
	if s.run == reviewing {
		fresh.run, fresh.asked, fresh.away = s.run, s.asked, s.away
		fresh.cards, fresh.recalls, fresh.seen = s.cards, s.recalls, s.seen
	}
	if s.offer == offerReview {
		fresh.offer = s.offer
	}
	return fresh
}

// progress is how far the state has come with a plan.
func (s state) progress(p *engine.Plan) engine.Progress {
	progress := engine.Progress{Segment: s.segment, Segments: len(p.Segments), Questions: len(questions(p)), Right: s.right}
	if s.run == quizzing {
		progress.Question = s.question
	}
	return progress
}

// without is the state while there is no lesson to work with: only reviewing goes
// on.
func (s state) without() state {
	if s.run != reviewing {
		s.run = idle
		if s.asked != nil && s.asked.from != ofReview {
			s.asked = nil
		}
	}
	if s.offer != offerReview {
		s.offer = offerNothing
	}
	return s
}
