package coach

import (
	"context"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// stale is how long a question waits before only what is plainly its answer is
// taken for one.
const stale = 5 * time.Minute

// turn is a user's turn being thought about: what to say and what will be so
// after it.
type turn struct {
	coach *Coach
	req   engine.Request
	said  []string
	plan  *engine.Plan // of the lesson; nil: there is none to work with
	was   state
	now   state

	sentences []string
	teach     []engine.LessonRequest
	save      func(context.Context) // in the deck
}

func (c *Coach) begin(req engine.Request) *turn {
	was := c.current()
	t := &turn{coach: c, req: req, said: words(req.Text), was: was, now: was.of(req.Lesson)}
	t.plan = planOf(req.Lesson)
	if t.plan == nil {
		t.now = t.now.without()
	}
	if a := t.now.asked; a != nil && c.now().Sub(a.at) > stale {
		t.now.away = true
	}
	return t
}

// take answers the turn if it is the coach's; else it is another's.
func (t *turn) take(ctx context.Context) bool {
	if t.req.Teaching.Kind == engine.TeachLesson && !t.aboutTheLesson() {
		return t.acknowledge()
	}
	if t.tookLevel() {
		return true
	}
	t.now.ask = askNothing
	if t.answersByName() {
		return t.answer(ctx)
	}
	if w, about, ok := theBook().find(t.req.Text, t.coach.other); ok && t.fulfil(ctx, w, about) {
		return true
	}
	if t.now.run == explaining && t.now.asked == nil && !t.now.away && len(t.said) >= 3 && !asks(t.said) && t.plan != nil {
		return t.heardExplanation()
	}
	if t.answers() {
		return t.answer(ctx)
	}
	t.leave()
	return false
}

// leave hands the turn on: what waits goes on waiting, but less eagerly.
func (t *turn) leave() {
	t.now.offer = offerNothing
	if t.now.asked != nil || t.now.run == explaining {
		t.now.away = true
	}
}

// aboutTheLesson: what was taken for the wish to be taught something is about the
// lesson that is there ("teach me step by step", "explain it in simple words").
func (t *turn) aboutTheLesson() bool {
	if t.plan == nil || t.req.Teaching.Topic == "" {
		return false
	}
	vague := !slices.ContainsFunc(words(t.req.Teaching.Topic), func(w string) bool { return !little[w] && !vagueness[w] })
	_, _, known := theBook().find(t.req.Text, t.coach.other)
	return vague && known
}

var vagueness = set("step steps lesson again simply simple simpler terms easily slowly detail details part example")

// say adds sentences to the reply.
func (t *turn) say(sentences ...string) {
	for _, s := range sentences {
		if s = strings.TrimSpace(s); s != "" {
			t.sentences = append(t.sentences, s)
		}
	}
}

// pick chooses one of several ways to say a thing: the same in every attempt at
// a turn, but another in the next.
func (t *turn) pick(ways ...string) string {
	h := fnv.New32a()
	h.Write([]byte(ways[0]))
	return ways[(int(h.Sum32()%uint32(len(ways)))+len(t.req.Turns)/2)%len(ways)]
}

// pieces are the reply. Of a turn that is another's they only change the state.
func (t *turn) pieces(mine bool) []engine.Reply {
	if mine {
		t.now.spoke = strings.Join(t.sentences, " ")
	}
	var all []engine.Reply
	if !reflect.DeepEqual(t.was, t.now) || t.save != nil {
		after, save := t.now, t.save
		all = append(all, engine.Effect{Apart: true, Do: func(ctx context.Context) error {
			t.coach.set(after)
			if save != nil {
				save(ctx)
			}
			return nil
		}})
	}
	if !mine {
		return all
	}
	for _, l := range t.teach {
		all = append(all, engine.Teach{LessonRequest: l})
	}
	if t.plan != nil {
		if p := t.now.progress(t.plan); p != t.was.of(t.req.Lesson).progress(t.plan) {
			all = append(all, engine.Studied{Progress: p})
		}
	}
	for i, s := range t.sentences {
		if i < len(t.sentences)-1 {
			s += " "
		}
		all = append(all, engine.Words{Text: s})
	}
	return all
}

// lastReply is what the assistant said last, whoever in it.
func (t *turn) lastReply() string {
	for _, turn := range slices.Backward(t.req.Turns) {
		if turn.Who == engine.Assistant && turn.Text != "" {
			return turn.Text
		}
	}
	return ""
}

// engaged: what was said last was the coach's, or the lesson is named: "it" and
// "that" are about the lesson.
func (t *turn) engaged() bool {
	last := strings.TrimSpace(t.lastReply())
	if last != "" && strings.HasPrefix(t.now.spoke, last) {
		return true
	}
	return slices.ContainsFunc(t.said, func(w string) bool { return w == "lesson" || w == "quiz" || w == "question" })
}

// writing: a lesson is being written. A conversation knows of it only what there
// is already, so that the turns must tell in the beginning.
func (t *turn) writing() bool {
	l := t.req.Lesson
	if l.Plan != nil || l.Title != "" {
		return false
	}
	if l.Markdown != "" {
		return true
	}
	for _, turn := range slices.Backward(t.req.Turns) {
		if turn.Who == engine.User && turn.Teaching.Kind == engine.TeachLesson {
			return t.coach.now().Sub(turn.At) < 2*time.Minute
		}
	}
	return false
}
