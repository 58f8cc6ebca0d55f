package main

import (
	"context"
	"iter"
	"strings"
	"sync"

	"parley/engine"
	"parley/engine/settings"
	"parley/engine/standby"
)

// replay says things once more: it announces them, so that they can be talked over
// like any reply, and is the voice that says them, slower if asked for.
type replay struct {
	standby.Notices
	voice engine.Synthesizer                              // at the usual speed
	other func(speed float64) (engine.Synthesizer, error) // at another

	mu   sync.Mutex
	slow engine.Synthesizer // says what is in text
	text string             // what is still to be said by it
}

// again has text said as soon as nobody is speaking.
func (r *replay) again(text string, speed float64) error {
	if err := r.at(text, speed); err != nil {
		return err
	}
	r.Say(strings.TrimSpace(text))
	return nil
}

// at has text, whoever says it next, said at speed times the usual one.
func (r *replay) at(text string, speed float64) error {
	var slow engine.Synthesizer
	if speed != 1 {
		var err error
		if slow, err = r.other(speed); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slow, r.text = slow, strings.TrimSpace(text)
	return nil
}

// voiceFor is who says a sentence: the sentences of what is to be said slower come
// in their order.
func (r *replay) voiceFor(sentence string) engine.Synthesizer {
	r.mu.Lock()
	defer r.mu.Unlock()
	sentence = strings.TrimSpace(sentence)
	if r.slow == nil || sentence == "" {
		return r.voice
	}
	at := strings.Index(r.text, sentence)
	if at < 0 {
		return r.voice
	}
	slow := r.slow
	if r.text = strings.TrimSpace(r.text[at+len(sentence):]); r.text == "" {
		r.slow = nil
	}
	return slow
}

// Synthesize implements [engine.Synthesizer].
func (r *replay) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	return r.voiceFor(sentence).Synthesize(ctx, sentence)
}

// voiceAt is the chosen voice at speed times the chosen speed.
func (p *pieces) voiceAt(speed float64) (engine.Synthesizer, error) {
	services := *p.services
	services.chosen.Speed = min(max(p.settings.Speed*speed, settings.MinSpeed), settings.MaxSpeed)
	embedded, err := openVoice(string(p.settings.Voice), services.chosen.Speed)
	if err != nil {
		return nil, err
	}
	return services.synthesizer(embedded)
}

// sayAgain stops what is being said and says text, at speed times the usual one.
func (l *live) sayAgain(text string, speed float64) {
	l.mu.Lock()
	conversation, replay := l.now, l.replay
	l.mu.Unlock()
	if conversation == nil || conversation.Send(engine.Interrupt{}) != nil {
		return // it has not begun, or it has ended
	}
	if err := replay.again(text, speed); err != nil {
		l.p.log.Warn("not said again", "err", err)
	}
}
