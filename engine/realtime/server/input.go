package server

import (
	"slices"
	"time"

	"parley/audio/pcm"
	"parley/engine/realtime/protocol"
)

// frameSamples are the samples of a frame that the engine takes.
const frameSamples = 160

// soundMost is how much an append may carry, in bytes of base64.
const soundMost = 15 << 20

// input is the sound that comes in.
type input struct {
	codec    protocol.Codec
	resample *pcm.Resampler // nil until there is sound
	rest     []int16        // less than a frame, at 16 kHz
	frames   int64          // taken since the session began
	u        *utterance     // without turn detection: what was appended since the last commit
}

// position is how much sound has come in.
func (in *input) position() time.Duration { return time.Duration(in.frames) * pcm.FrameTime }

// ready prepares for sound of the session's format.
func (in *input) ready(f *protocol.Format) error {
	if in.resample != nil {
		return nil
	}
	codec, err := protocol.NewCodec(f)
	if err != nil {
		return err
	}
	in.codec = codec
	in.resample, err = pcm.NewResampler(codec.Rate(), pcm.Rate16k)
	return err
}

// take returns the whole frames that there are with these samples.
func (in *input) take(samples []int16) [][]int16 {
	all := slices.Clip(in.rest)
	// A little at a time: the resampler keeps room for as much as it was given at once.
	for some := range slices.Chunk(samples, in.codec.Rate().Samples(20*time.Millisecond)) {
		all = in.resample.Append(all, some)
	}
	whole := len(all) / frameSamples * frameSamples
	in.rest = slices.Clone(all[whole:])
	return slices.Collect(slices.Chunk(all[:whole:whole], frameSamples))
}

// flush returns what is held back, and begins anew.
func (in *input) flush() []int16 {
	if in.resample == nil {
		return nil
	}
	rest := in.resample.Finish(in.rest)
	in.rest = nil
	return rest
}

// drop forgets what was appended.
func (in *input) drop() {
	in.rest = nil
	if in.resample != nil {
		in.resample.Reset()
	}
	if in.u != nil {
		in.u.drop()
		in.u = nil
	}
}

// appendSound is input_audio_buffer.append.
func (s *session) appendSound(e protocol.ClientEvent) {
	if len(e.Audio) > soundMost {
		s.refuse(e, protocol.CodeInvalidValue, "audio", "An append may have 15 MB of sound at most.")
		return
	}
	if err := s.input.ready(s.cfg.Audio.Input.Format); err != nil {
		s.refuse(e, protocol.CodeInvalidValue, "audio", plain(err))
		return
	}
	samples, err := s.input.codec.FromText(e.Audio)
	if err != nil {
		s.refuse(e, protocol.CodeInvalidValue, "audio", plain(err))
		return
	}
	tooLong := false
	for _, frame := range s.input.take(samples) {
		s.input.frames++
		if s.cfg.Audio.Input.TurnDetection.Value != nil {
			s.listen(frame)
			continue
		}
		if s.input.u == nil {
			if !s.mayWork() {
				s.busy(e)
				return
			}
			s.input.u = s.newUtterance()
		}
		if s.input.u.length() >= s.limits.Utterance {
			tooLong = tooLong || !s.input.u.full
			s.input.u.full = true
			continue
		}
		s.input.u.push(frame)
	}
	if tooLong {
		s.refuse(e, protocol.CodeInvalidValue, "audio", "The input buffer holds "+s.limits.Utterance.String()+" of sound, which is as much as it may; what follows is left out until it is committed or cleared.")
		s.observe.Dropped(DropUtterance)
	}
}

// commitInput is input_audio_buffer.commit.
func (s *session) commitInput(e protocol.ClientEvent) {
	if u := s.floor.u; u != nil {
		if u.tentative {
			s.takeFloor(u)
		}
		s.endUtterance(false)
		s.floor.detector.Reset()
		return
	}
	rest := s.input.flush()
	u := s.input.u
	if u == nil && len(rest) > 0 && s.mayWork() && s.cfg.Audio.Input.TurnDetection.Value == nil {
		u = s.newUtterance()
	}
	if u == nil {
		s.refuse(e, protocol.CodeEmptyBuffer, "", "There is no sound in the input buffer to commit.")
		return
	}
	s.input.u = nil
	if len(rest) > 0 {
		u.push(rest)
	}
	s.turnEnd = time.Now()
	s.commit(u)
}

// clearInput is input_audio_buffer.clear.
func (s *session) clearInput() {
	s.input.drop()
	s.abandon()
	s.send(protocol.ServerEvent{Type: protocol.InputCleared})
}

// wholeSound reads the sound of an item, at 16 kHz.
func (s *session) wholeSound(text string) ([]int16, error) {
	codec, err := protocol.NewCodec(s.cfg.Audio.Input.Format)
	if err != nil {
		return nil, err
	}
	samples, err := codec.FromText(text)
	if err != nil {
		return nil, err
	}
	samples = samples[:min(len(samples), codec.Rate().Samples(s.limits.Utterance))]
	f, err := pcm.Resample(pcm.Frame{Rate: codec.Rate(), Samples: samples}, pcm.Rate16k)
	return f.Samples, err
}

// rearrange makes the session as its settings now say, where they were others before.
func (s *session) rearrange(before protocol.Session) {
	old, now := before.Audio.Input, s.cfg.Audio.Input
	if *old.Format != *now.Format {
		s.input.drop()
		s.input.resample = nil
	}
	if !sameDetection(old.TurnDetection.Value, now.TurnDetection.Value) {
		s.input.drop()
		s.abandon()
		s.floor = floor{}
		s.idle.Stop()
	}
}
