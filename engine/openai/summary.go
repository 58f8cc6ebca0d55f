package openai

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

const (
	longestSummary = 4000               // bytes
	summaryWithin  = time.Minute        // for its first token: nobody waits for it
	summaryAgain   = time.Minute        // after one has failed
	summariesKept  = 8                  // conversations
	turnOverhead   = len("Assistant: ") // what a turn takes beside its words, in bytes
)

// summaries are the summaries of conversations, one each, and the one being
// made.
type summaries struct {
	mu    sync.Mutex
	of    map[moment]summary
	busy  bool
	notBy time.Time // after a failure none is made before that
}

// moment tells turns apart, also across restarts and before a conversation is
// stored and has a number: a conversation is known by its first.
type moment struct {
	id engine.TurnID
	at int64
}

func momentOf(t engine.Turn) moment { return moment{t.ID, t.At.UnixNano()} }

// summary stands for the first turns of a conversation.
type summary struct {
	text    string
	covered int
	last    moment // of the turns covered
}

// remember is how turns are told to the model: a summary of the older ones, if
// there is one, and the others as they were said. Where these have become too many,
// it has a summary made for the turns to come.
func (r *Responder) remember(turns []engine.Turn) (string, []engine.Turn) {
	s := r.summaries.find(turns)
	rest := turns[s.covered:]
	if size(rest) > r.cfg.Budget {
		r.summarise(turns, s)
	}
	return s.text, newest(rest, r.cfg.HardCap)
}

// find is the summary of the first of these turns, the zero one if there is none.
func (s *summaries) find(turns []engine.Turn) summary {
	if len(turns) == 0 {
		return summary{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.of[momentOf(turns[0])]
	if !ok || found.covered > len(turns) || momentOf(turns[found.covered-1]) != found.last {
		return summary{}
	}
	return found
}

func (s *summaries) put(first moment, made summary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || len(s.of) >= summariesKept && s.of[first].covered == 0 {
		s.of = map[moment]summary{} // they can be made again
	}
	s.of[first] = made
}

// begin says whether a summary may be made now.
func (s *summaries) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy || time.Now().Before(s.notBy) {
		return false
	}
	s.busy = true
	return true
}

func (s *summaries) end(failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
	if failed {
		s.notBy = time.Now().Add(summaryAgain)
	}
}

// summarise makes a summary of all but the newest turns, in the background, from
// the one there is and the turns after it.
func (r *Responder) summarise(turns []engine.Turn, s summary) {
	if !r.summaries.begin() {
		return
	}
	started := r.background(func(ctx context.Context) {
		var err error
		until := len(turns) - len(newest(turns[s.covered:], r.cfg.Budget/2))
		for s.covered < until && err == nil {
			// What is too long for one request takes several.
			n := max(1, len(oldest(turns[s.covered:until], r.cfg.HardCap)))
			next := s.covered + n
			s.text, err = r.summaryOf(ctx, s.text, turns[s.covered:next])
			if err == nil {
				s.covered, s.last = next, momentOf(turns[next-1])
				r.summaries.put(momentOf(turns[0]), s)
			}
		}
		if err != nil && ctx.Err() == nil {
			r.cfg.log().Warn("no summary of the conversation", "failure", errors.Unwrap(err)) // a server may repeat what was said
		}
		r.summaries.end(err != nil)
	})
	if !started {
		r.summaries.end(false)
	}
}

// summaryOf has turns summarised, together with what was summarised before.
func (r *Responder) summaryOf(ctx context.Context, before string, turns []engine.Turn) (string, error) {
	var told strings.Builder
	if before != "" {
		told.WriteString("Summary of what came before:\n" + before + "\n\nWhat was said then:\n")
	}
	for _, t := range turns {
		who := "User: "
		if t.Who == engine.Assistant {
			who = "Assistant: "
		}
		told.WriteString(who + heard(t) + "\n")
	}
	quick := r.cfg.Service
	quick.FirstToken = summaryWithin
	if r.cfg.SummaryModel != "" {
		quick.Model = r.cfg.SummaryModel
	}
	var text strings.Builder
	for p, err := range quick.chat(ctx, api.ChatCompletionRequest{Messages: []api.ChatCompletionMessage{
		{Role: api.ChatMessageRoleSystem, Content: r.cfg.SummaryPrompt},
		{Role: api.ChatMessageRoleUser, Content: told.String()},
	}}) {
		if err != nil {
			return before, err
		}
		text.WriteString(p.text)
		if text.Len() > longestSummary {
			break
		}
	}
	made := strings.TrimSpace(text.String())
	if ctx.Err() != nil {
		return before, context.Cause(ctx)
	}
	if made == "" {
		return before, &failure{kind: ErrEmpty, text: quick.host() + " gave an empty summary"}
	}
	return strings.ToValidUTF8(made[:min(len(made), longestSummary)], ""), nil
}

// size is how many bytes turns take.
func size(turns []engine.Turn) int {
	n := 0
	for _, t := range turns {
		n += len(heard(t)) + turnOverhead
	}
	return n
}

// newest are as many of the last turns as have at most limit bytes, beginning with
// a user's.
func newest(turns []engine.Turn, limit int) []engine.Turn {
	from := len(turns)
	for n := 0; from > 0; from-- {
		if n += size(turns[from-1 : from]); n > limit {
			break
		}
	}
	if from > 0 {
		for from < len(turns) && turns[from].Who != engine.User {
			from++
		}
	}
	return turns[from:]
}

// oldest are as many of the first turns as have at most limit bytes.
func oldest(turns []engine.Turn, limit int) []engine.Turn {
	to := 0
	for n := 0; to < len(turns); to++ {
		if n += size(turns[to : to+1]); n > limit {
			break
		}
	}
	return turns[:to]
}
