package audio

import (
	"context"
	"errors"
	"time"
)

// run keeps a device open until ctx ends.
func (s *speaker) run(ctx context.Context) {
	wait := retryFirst
	for ctx.Err() == nil {
		device, outlet, err := s.open(ctx)
		if err != nil {
			s.lose(err)
		} else if s.watch(ctx, device, outlet) {
			wait = retryFirst
		}
		sleep(ctx, wait)
		wait = min(2*wait, retryLast)
	}
	s.lose(errClosed)
}

// open opens oto where that can be, else malgo.
func (s *speaker) open(ctx context.Context) (output, *outlet, error) {
	if s.name == "" { // oto knows only the system's default
		p, o, err := openOto(ctx, s.mixer)
		if err == nil {
			return p, o, nil
		}
		s.log.Debug("oto has no device", "error", err)
	}
	p, o, err := openPlayback(s.mixer, s.name)
	if err != nil {
		return nil, nil, err
	}
	return p, o, nil
}

// watch uses a device until it is gone or ctx ends, and closes it. Sounded says
// that it did draw samples.
func (s *speaker) watch(ctx context.Context, device output, o *outlet) (sounded bool) {
	defer device.close()
	patience := speakerSilence
	for ctx.Err() == nil {
		var err error
		now := time.Now()
		switch {
		case o.racing.Load():
			err = lostToNothing("speaker plays")
		case device.err() != nil:
			err = lostSpeaker(device.err())
		case o.silentFor(now) > patience && !s.isHeld():
			err = lostSpeaker(nil)
		}
		if err != nil {
			s.lose(err) // before closing it, which may take a while
			if p, ok := device.(*otoPlayer); ok {
				p.abandon(err)
			}
			return sounded
		}
		if !sounded && o.drew.Load() {
			sounded = true
			s.gain(device)
		}
		sleep(ctx, watchEvery)
		// On a machine so busy that we come late, so may the device.
		patience = speakerSilence + max(0, time.Since(now)-2*watchEvery)
	}
	return sounded
}

func (s *speaker) gain(device output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost != nil {
		s.log.Info("speaker is back")
	}
	s.device, s.lost = device, nil
	s.duck(s.loud)
}

func (s *speaker) isHeld() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.paused.IsZero()
}

// lose drops what is queued: it would come too late.
func (s *speaker) lose(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost == nil && !errors.Is(err, errClosed) {
		s.log.Warn("speaker lost", "error", err)
	}
	s.carried = s.played(s.now())
	s.device, s.lost = nil, err
	s.loud, s.paused = 1, time.Time{}
	s.forget()
}
