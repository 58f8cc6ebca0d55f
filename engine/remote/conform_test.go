package remote

import (
	"context"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/realtime/rest"
	"parley/engine/realtime/server"
)

// desk is a conversation whose stages are at a backend, a request a turn.
type desk struct {
	*engine.Conversation

	turn *Turn
	end  func() // of the server
}

// streamed makes a session of stages that a server of ours has behind its route.
func streamed(cfg engine.Config) engine.Session {
	mind := server.Mind{Responder: cfg.Responder, Teacher: cfg.Teacher}
	at, end := wired(rest.New(server.Backend{
		Model: "parley", Transcriber: cfg.Transcriber, Detector: cfg.Detector,
		Synthesizer: func(string, float64) engine.Synthesizer { return cfg.Synthesizer },
		Mind:        func() server.Mind { return mind },
	}, rest.Options{}))
	turn, err := NewTurn(at, TurnOptions{})
	if err != nil {
		panic(err)
	}
	cfg.Transcriber, cfg.Responder = turn, turn
	if cfg.Teacher != nil {
		cfg.Teacher = turn
	}
	return &desk{engine.New(cfg), turn, end}
}

// Run implements [engine.Session].
func (d *desk) Run(ctx context.Context, mic engine.Microphone, spk engine.Speaker) error {
	defer d.end()
	defer d.turn.Close()
	return d.Conversation.Run(ctx, mic, spk)
}

func TestStreamedConversationConforms(t *testing.T) {
	const (
		unseen = "no words come while somebody speaks, so it is sound alone that interrupts: at 0.9 s"
		whole  = "hearing, answering and speaking are one request, made at the soft end: which of them fails, or knows no soft ends, is not seen here"
	)
	enginetest.Conform(
		t, streamed,
		enginetest.Excuse{Breach: "law 6: the effect of", Why: "effects are the backend's, which cannot tell a reply that is prepared from one that is given"},
		enginetest.Excuse{Score: "tools", Breach: "no lesson.progress", Why: "the wire has no event for it: lessons are studied on this desk"},
		enginetest.Excuse{Score: "barge-in", Breach: "no reply.interrupted of turn 1 between 3.9s and 4.5s", Why: unseen},
		enginetest.Excuse{Score: "barge-in", Breach: "no speech.started of turn 2", Why: unseen},
		enginetest.Excuse{Score: "voiced", Breach: "no reply.interrupted of turn 1 between 3.9s and 4.5s", Why: unseen},
		enginetest.Excuse{Score: "from-the-first-word", Breach: "no reply.interrupted of turn 1", Why: unseen},
		enginetest.Excuse{Score: "failures", Breach: "no error of turn 3", Why: whole},
		enginetest.Excuse{Score: "plain", Breach: "no reply.", Why: whole},
	)
}
