package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"parley/engine"
	"parley/engine/coach"
	"parley/engine/history"
	"parley/engine/lesson"
	"parley/engine/standby"
	"parley/engine/tutor"
	"parley/engine/wordnet"
)

// mind is everything that answers and teaches.
type mind struct {
	responder engine.Responder
	teacher   engine.Teacher
	announcer engine.Announcer
	coach     *coach.Coach
	tutor     *tutor.Tutor
	close     func() error // of the dictionaries
}

// makeMind puts them together: the coach stands before the chosen model, which the
// tutor stands in for; what the user tells is kept by the tutor at once.
func (p *pieces) makeMind(ctx context.Context) (*mind, error) {
	m := &mind{}
	options := tutor.Options{Memory: memory{p.store.Facts()}, Send: p.send}
	dictionary, sources, closeAll, err := openDictionaries(p.log)
	m.close = closeAll
	builder := lesson.NewBuilder(nil) // whose lessons say what is missing
	if err != nil {
		p.notice(err)
	} else {
		options.Dictionary = dictionary
		builder = lesson.NewBuilder(dictionary, sources...)
	}
	m.tutor = tutor.New(options)

	tools := toolboxes{skillBox{m.tutor}}
	if servers := p.services.toolServers(); servers != nil {
		tools = append(tools, serverBox{servers})
	}
	answers, err := p.services.responder(m.tutor, tools)
	if err != nil {
		return nil, errors.Join(err, m.close())
	}
	if m.teacher, err = p.services.teacher(builder); err != nil {
		return nil, errors.Join(err, m.close())
	}
	if p.upstairs != nil {
		answers = desk{own: m.tutor, other: p.upstairs.responder(answers)}
		m.teacher = lesson.NewFallback("The other computer", p.upstairs, m.teacher, p.log)
	}
	coaching := coach.Options{
		Next: keeper{told: m.tutor, other: answers}, Deck: deck{p.store.Cards()},
		Other: m.tutor.Understands, Slower: p.slower, Offered: p.reviewOffered(ctx), Log: p.log,
	}
	if p.services.chosen.Responder.URL == "" && p.services.chosen.Lesson.URL == "" && p.upstairs == nil {
		coaching.Teaches = builder.Knows
	}
	m.coach = coach.New(coaching)
	m.responder = m.coach
	m.announcer = standby.Announcers{m.tutor, p.services.notices, greeter{p, m.coach}, p.replay}
	return m, nil
}

// openDictionaries opens WordNet and what is installed beside it.
func openDictionaries(log *slog.Logger) (_ *wordnet.Dictionary, sources []lesson.Source, closeAll func() error, err error) {
	dictionary, _, err := openWordNet()
	if err != nil {
		return nil, nil, func() error { return nil }, err
	}
	sources, closeBooks := lesson.Installed(log)
	return dictionary, sources, func() error { return errors.Join(dictionary.Close(), closeBooks()) }, nil
}

// keeper has the tutor keep what the user tells, whoever answers the rest.
type keeper struct{ told, other engine.Responder }

// Respond implements [engine.Responder].
func (k keeper) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	if req.Teaching.Kind == engine.TeachFact {
		return k.told.Respond(ctx, req)
	}
	return k.other.Respond(ctx, req)
}

// desk has the tutor answer what only this computer can, and another the rest.
type desk struct {
	own   *tutor.Tutor
	other engine.Responder
}

// Respond implements [engine.Responder].
func (d desk) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	if d.own.OfThisDesk(req.Text) {
		return d.own.Respond(ctx, req)
	}
	return d.other.Respond(ctx, req)
}

// slowSpeed is how much slower is said what was too fast.
const slowSpeed = 0.75

// slower has what is said next said slowly.
func (p *pieces) slower(text string) {
	if err := p.replay.at(text, slowSpeed); err != nil {
		p.log.Warn("not said slower", "err", err)
	}
}

// noteOffered names the note that says when due cards were last offered.
const noteOffered = "review offered"

// reviewOffered is when due cards were last offered.
func (p *pieces) reviewOffered(ctx context.Context) time.Time {
	text, err := p.store.Note(ctx, noteOffered)
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// greeter offers due cards at start.
type greeter struct {
	*pieces
	coach *coach.Coach
}

// Announcements implements [engine.Announcer].
func (g greeter) Announcements(ctx context.Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		text, ok := g.coach.Greeting(ctx)
		if !ok {
			return
		}
		if err := g.store.SetNote(ctx, noteOffered, time.Now().Format(time.RFC3339)); err != nil {
			g.log.Warn("offer of a review not noted", "err", err)
		}
		yield(text)
	}
}

// deck is the history's cards as the coach wants them.
type deck struct{ cards history.Cards }

// Due implements [coach.Deck].
func (d deck) Due(ctx context.Context, now time.Time, limit int) ([]coach.Card, error) {
	found, err := d.cards.Due(ctx, now, limit)
	cards := make([]coach.Card, 0, len(found))
	for _, c := range found {
		cards = append(cards, coach.Card(c))
	}
	return cards, err
}

// State implements [coach.Deck].
func (d deck) State(ctx context.Context, l engine.LessonID, index int) (string, error) {
	return d.cards.State(ctx, l, index)
}

// Grade implements [coach.Deck].
func (d deck) Grade(ctx context.Context, c coach.Card) error {
	return d.cards.Grade(ctx, history.Card(c))
}

// memory is the history's facts as the tutor wants them.
type memory struct{ facts history.Facts }

// Remember implements [tutor.Memory].
func (m memory) Remember(ctx context.Context, f tutor.Fact) error {
	return m.facts.Remember(ctx, history.Fact(f))
}

// Recall implements [tutor.Memory].
func (m memory) Recall(ctx context.Context, subject string) ([]tutor.Fact, error) {
	found, err := m.facts.Recall(ctx, subject)
	facts := make([]tutor.Fact, 0, len(found))
	for _, f := range found {
		facts = append(facts, tutor.Fact(f))
	}
	return facts, err
}

// Forget implements [tutor.Memory].
func (m memory) Forget(ctx context.Context, subject string) (int, error) {
	return m.facts.Forget(ctx, subject)
}
