package tutor

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/wordnet"
)

// Dictionary knows words. *[wordnet.Dictionary] is one.
type Dictionary interface {
	Lookup(word string, pos wordnet.POS) ([]wordnet.Sense, error)
	Follow(s wordnet.Sense, limit int, relations ...wordnet.Relation) ([]wordnet.Sense, error)
	Head(phrase string) (lemma string, pos wordnet.POS, err error)
}

// Options are what a tutor is made of.
type Options struct {
	Dictionary Dictionary       // nil: there are no definitions, and it says so
	Memory     Memory           // nil: nothing is remembered, and it says so
	Now        func() time.Time // nil: time.Now

	// Send takes what the user wants of the conversation itself, such as more
	// patience. Nil: it is not to be had by voice.
	Send func(engine.Command) error
}

// Tutor answers without a model. It is an [engine.Responder] and an
// [engine.Announcer], and safe for use by several goroutines.
type Tutor struct {
	dictionary Dictionary
	memory     Memory
	now        func() time.Time
	send       func(engine.Command) error
	timers     *timetable
	skills     []Skill
	talk       int             // of them, the first so many are manners of a conversation
	desk       map[string]bool // by name: those that only this computer can serve
}

var (
	_ engine.Responder = (*Tutor)(nil)
	_ engine.Announcer = (*Tutor)(nil)
)

// New makes a tutor. It starts nothing.
func New(o Options) *Tutor {
	t := &Tutor{dictionary: o.Dictionary, memory: o.Memory, now: o.Now, send: o.Send}
	if t.now == nil {
		t.now = time.Now
	}
	t.timers = newTimetable(t.now)
	// The order is the order in which they are tried: the particular before
	// the general, definitions ("what is …") last.
	t.skills = slices.Concat(t.talkSkills(), t.turnSkills())
	t.talk = len(t.skills)
	desk, memory := slices.Concat(t.mannerSkills(), t.timerSkills(), t.clockSkills()), t.memorySkills()
	t.skills = slices.Concat(
		t.skills,
		desk,
		t.placeSkills(),
		memory,
		t.conversionSkills(),
		t.arithmeticSkills(),
		t.wordSkills(),
		t.definitionSkills(),
	)
	t.desk = map[string]bool{}
	for _, s := range slices.Concat(desk, memory) {
		t.desk[s.Name] = true
	}
	return t
}

// scene is what surrounds a request.
type scene struct {
	turns        []engine.Turn         // what was said before
	at           time.Time             // now
	said         string                // what the user says now, as it was heard
	conversation engine.ConversationID // 0: not stored
}

// lastReply is what the assistant said last, whole; "" if nothing yet.
func (s scene) lastReply() string {
	for _, turn := range slices.Backward(s.turns) {
		if turn.Who == engine.Assistant && turn.Text != "" {
			return turn.Text
		}
	}
	return ""
}

// Skills lists what the tutor can do. The caller may keep it.
func (t *Tutor) Skills() []Skill { return slices.Clone(t.skills) }

// Tools lists the skills that serve somebody who can talk himself, such as a
// language model. The caller may keep it.
func (t *Tutor) Tools() []Skill { return slices.Clone(t.skills[t.talk:]) }

// Phrasings are all skills' ways of being asked for; see [Skill.Phrasings].
func (t *Tutor) Phrasings() []string {
	var all []string
	for _, s := range t.skills {
		all = append(all, s.Phrasings()...)
	}
	return all
}

// Call uses the skill of that name. Arguments may be as a language model writes
// them in JSON. The error wraps [ErrNoSkill] or [ErrBadArg] when the call was
// wrong.
func (t *Tutor) Call(ctx context.Context, name string, raw map[string]any) (Answer, error) {
	for _, s := range t.skills {
		if s.Name != name {
			continue
		}
		a, err := s.check(raw)
		if err != nil {
			return Answer{}, err
		}
		return s.do(ctx, scene{at: t.now()}, a)
	}
	return Answer{}, fmt.Errorf("tutor: %q: %w", name, ErrNoSkill)
}

// Respond answers a turn: the effect, if there is one, and then sentence by
// sentence.
func (t *Tutor) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		if call, ask, ok := functionFor(hear(req.Text).text, req); ok {
			if ask == "" {
				yield(call, nil)
			} else {
				yield(engine.Words{Text: ask}, nil)
			}
			return
		}
		answer, err := t.answer(ctx, req)
		if err != nil {
			yield(nil, err)
			return
		}
		if answer.Effect != nil && !yield(engine.Effect{Do: answer.Effect, Apart: true}, nil) {
			return
		}
		for i, sentence := range answer.Sentences {
			if ctx.Err() != nil {
				return
			}
			if i < len(answer.Sentences)-1 {
				sentence += " "
			}
			if !yield(engine.Words{Text: sentence}, nil) {
				return
			}
		}
	}
}

// answer finds the skill that a turn asks for and uses it.
func (t *Tutor) answer(ctx context.Context, req engine.Request) (Answer, error) {
	if len(req.Called) > 0 {
		return report(req.Called), nil
	}
	sc := scene{turns: req.Turns, at: t.now(), said: req.Text, conversation: req.Conversation}
	if req.Teaching.Kind == engine.TeachFact && req.Teaching.Topic != "" {
		return t.taught(ctx, sc, req.Teaching.Topic)
	}
	text, no := sc.settled(req.Text)
	switch {
	case no:
		return say("Then please say it again."), nil
	case t.doubts(req, sc):
		return askBack(text), nil
	}
	said := hear(text)
	if said.text == "" {
		return Answer{}, nil
	}
	if s, a, ok := t.skillFor(said, sc); ok {
		return s.do(ctx, sc, a)
	}
	return atALoss(said, sc), nil
}

// skillFor is the first skill that is asked for, and its arguments.
func (t *Tutor) skillFor(said heard, sc scene) (Skill, args, bool) {
	tries := []heard{said}
	if plain := said.plain(); plain != said {
		tries = append(tries, plain)
	}
	for _, try := range tries {
		for _, s := range t.skills {
			raw, ok := s.read(try, sc)
			if !ok {
				continue
			}
			a, err := s.check(raw)
			if err != nil {
				continue // the words fit, what was in the slots did not
			}
			return s, a, true
		}
	}
	return Skill{}, nil, false
}

// OfThisDesk says whether what was said wants something that only this computer can
// serve, whoever answers the rest: its clock, its timers, its manners, what was told
// it. As [Tutor.Understands], it is quick and changes nothing.
func (t *Tutor) OfThisDesk(text string) bool {
	s, _, ok := t.skillFor(hear(text), scene{at: t.now()})
	return ok && t.desk[s.Name]
}

// Understands says whether a skill would take up what was said, were it the
// first thing said. It changes nothing, asks neither dictionary nor memory, and
// takes about 0.2 ms.
func (t *Tutor) Understands(text string) bool {
	said := hear(text)
	if said.text == "" {
		return false
	}
	_, _, ok := t.skillFor(said, scene{at: t.now()})
	return ok
}
