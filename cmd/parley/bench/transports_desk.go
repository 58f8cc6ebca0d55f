package bench

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"parley/audio"
	"parley/audio/pcm"
	"parley/engine"
)

// cueMicrophone hears what it is given, in real time, and silence between.
type cueMicrophone struct {
	mu    sync.Mutex
	queue []int16 // 16 kHz
	began time.Time
}

// speak has sound heard with the next frame.
func (m *cueMicrophone) speak(samples []int16) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue, m.began = append(m.queue, samples...), time.Time{}
}

// since is when the last sound began to be heard; zero if it has not.
func (m *cueMicrophone) since() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.began
}

// Frames implements [engine.Microphone].
func (m *cueMicrophone) Frames(ctx context.Context) iter.Seq2[engine.Heard, error] {
	return func(yield func(engine.Heard, error) bool) {
		timer := time.NewTimer(0)
		defer timer.Stop()
		<-timer.C
		for at := time.Now().Add(pcm.FrameTime); ; at = at.Add(pcm.FrameTime) {
			timer.Reset(time.Until(at))
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			frame := make([]int16, pcm.Rate16k.Samples(pcm.FrameTime))
			m.mu.Lock()
			if len(m.queue) > 0 && m.began.IsZero() {
				m.began = at.Add(-pcm.FrameTime)
			}
			m.queue = m.queue[copy(frame, m.queue):]
			m.mu.Unlock()
			if !yield(engine.Heard{Linear: frame, Reference: pcm.Silence, Echo: pcm.Silence, Settled: true}, nil) {
				return
			}
		}
	}
}

// notedSpeaker plays into nothing, in real time, and notes when it was silenced.
type notedSpeaker struct {
	*audio.NullSpeaker
	mu     sync.Mutex
	silent time.Time // when it was last held or flushed while it played
}

// Hold implements [engine.Speaker].
func (s *notedSpeaker) Hold(on bool) {
	s.NullSpeaker.Hold(on)
	if on {
		s.note()
	}
}

// Flush implements [engine.Speaker].
func (s *notedSpeaker) Flush() time.Duration {
	s.note()
	return s.NullSpeaker.Flush()
}

func (s *notedSpeaker) note() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent.IsZero() {
		s.silent = time.Now()
	}
}

// listen forgets that it was silenced.
func (s *notedSpeaker) listen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = time.Time{}
}

// silenced is when it was first silenced since listen; zero if it was not.
func (s *notedSpeaker) silenced() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.silent
}

// seat is one way's conversation, going on.
type seat struct {
	name    string
	mic     *cueMicrophone
	spk     *notedSpeaker
	session engine.Session

	mu     sync.Mutex
	events []engine.Event
	more   chan struct{} // closed and made anew with each event
}

// sit begins a conversation. It goes on until ctx ends; all waits for it.
func sit(ctx context.Context, all *sync.WaitGroup, name string, cfg engine.Config) *seat {
	s := &seat{name: name, mic: &cueMicrophone{}, spk: &notedSpeaker{NullSpeaker: audio.NewNullSpeaker(nil)}, session: engine.New(cfg), more: make(chan struct{})}
	all.Go(func() {
		for ev := range s.session.Watch(context.WithoutCancel(ctx)) {
			s.mu.Lock()
			s.events = append(s.events, ev)
			close(s.more)
			s.more = make(chan struct{})
			s.mu.Unlock()
		}
	})
	all.Go(func() { _ = s.session.Run(ctx, s.mic, s.spk) })
	return s
}

// mark is where the events now end.
func (s *seat) mark() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.events)
}

// quiet waits until the session listens, whatever it did before.
func (s *seat) quiet(ctx context.Context, limit time.Duration) {
	s.await(ctx, s.lastState(), limit, listening)
}

// lastState is where the last change of state stands.
func (s *seat) lastState() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, ev := range slices.Backward(s.events) {
		if is[engine.StateChanged](ev) {
			return i
		}
	}
	return 0
}

// await waits for an event since mark that is as wanted; ok is false if none comes
// within limit.
func (s *seat) await(ctx context.Context, mark int, limit time.Duration, wanted func(engine.Event) bool) (ev engine.Event, ok bool) {
	late := time.NewTimer(limit)
	defer late.Stop()
	for {
		s.mu.Lock()
		for ; mark < len(s.events); mark++ {
			if wanted(s.events[mark]) {
				defer s.mu.Unlock()
				return s.events[mark], true
			}
		}
		more := s.more
		s.mu.Unlock()
		select {
		case <-more:
		case <-late.C:
			return ev, false
		case <-ctx.Done():
			return ev, false
		}
	}
}

// is says whether an event is of one kind.
func is[T engine.EventBody](ev engine.Event) bool {
	_, ok := ev.Body.(T)
	return ok
}

// listening says that a session waits for its user.
func listening(ev engine.Event) bool {
	state, ok := ev.Body.(engine.StateChanged)
	return ok && state.State == engine.Listening
}
