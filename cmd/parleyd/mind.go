package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"regexp"

	"parley/engine"
	"parley/engine/coach"
	"parley/engine/lesson"
	"parley/engine/openai"
	"parley/engine/realtime/server"
	"parley/engine/standby"
	"parley/engine/tutor"
	"parley/engine/wordnet"
)

// library is what all sessions look things up in.
type library struct {
	words  *wordnet.Dictionary // nil where it is not installed
	lesson *lesson.Builder
	open   []func() error
}

// openLibrary opens WordNet and what is installed beside it. What is missing is
// logged; answers and lessons then say so.
func openLibrary(log *slog.Logger) *library {
	l := &library{}
	words, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		log.Warn("no dictionary: no definitions, and hardly any lessons", "err", err)
		l.lesson = lesson.NewBuilder(nil)
		return l
	}
	l.words, l.open = words, append(l.open, words.Close)
	sources, closeBooks := lesson.Installed(log)
	l.open = append(l.open, closeBooks)
	l.lesson = lesson.NewBuilder(words, sources...)
	return l
}

// Close closes the files.
func (l *library) Close() error {
	var errs []error
	for _, end := range l.open {
		errs = append(errs, end())
	}
	return errors.Join(errs...)
}

// tutor is one session's.
func (l *library) tutor() *tutor.Tutor {
	o := tutor.Options{Memory: &facts{}}
	if l.words != nil {
		o.Dictionary = l.words
	}
	return tutor.New(o)
}

// coach stands before who answers a session: it acknowledges lessons and takes what
// concerns one. Nothing is reviewed: a session is forgotten.
func (*library) coach(t *tutor.Tutor, answers engine.Responder, knows func(string) bool, log *slog.Logger) engine.Responder {
	return coach.New(coach.Options{Next: answers, Teaches: knows, Other: t.Understands, Log: log})
}

// minds makes a session's mind: the coach, the tutor, and between them the language
// model, if one was chosen.
func (l *library) minds(o options, log *slog.Logger) (func() server.Mind, error) {
	if o.responderURL == "" {
		return func() server.Mind {
			t := l.tutor()
			return server.Mind{Responder: l.coach(t, timeless{t}, l.lesson.Knows, log), Teacher: l.lesson}
		}, nil
	}
	cfg := openai.ResponderConfig{
		Service: openai.Service{BaseURL: o.responderURL, Model: o.responderModel, Key: func() string { return o.responderKey }, Log: log},
		Lessons: true,
	}
	probe, err := openai.NewResponder(cfg) // so that a wrong address is told at start
	if err != nil {
		return nil, err
	}
	probe.Close()
	completer, err := openai.NewCompleter(cfg.Service)
	if err != nil {
		return nil, err
	}
	teacher := lesson.NewFallback("The language model", lesson.NewModelTeacher(completer, ""), l.lesson, log)
	return func() server.Mind {
		t := l.tutor()
		offline := timeless{t}
		model, err := openai.NewResponder(cfg)
		if err != nil { // the same as above, where it was none
			log.Error("no language model for this session", "err", err)
			return server.Mind{Responder: l.coach(t, offline, l.lesson.Knows, log), Teacher: l.lesson}
		}
		answers := &standby.Responder{First: model, Second: offline, Options: standby.Options{Notices: &standby.Notices{}, Log: log}}
		return server.Mind{Responder: l.coach(t, answers, nil, log), Teacher: teacher, Close: model.Close}
	}, nil
}

// timeless stands before a tutor whose timers nobody would hear end: the client
// of a session is asked, not called.
type timeless struct{ tutor *tutor.Tutor }

// noTimers is said instead.
const noTimers = "I can't set timers or alarms from here. Please set one on the device that you speak to."

var (
	wantsTimer  = regexp.MustCompile(`(?i)\b(timer|alarm|reminder)s?\b|\b(remind|wake|ping|alert) me\b|\bcount down\b`)
	asksMeaning = regexp.MustCompile(`(?i)^\W*(what|define|how|who|why|spell|explain|tell me (what|about)|teach|remember)\b`)
)

// Respond implements [engine.Responder].
func (t timeless) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	if wantsTimer.MatchString(req.Text) && !asksMeaning.MatchString(req.Text) {
		return func(yield func(engine.Reply, error) bool) { yield(engine.Words{Text: noTimers}, nil) }
	}
	return t.tutor.Respond(ctx, req)
}
