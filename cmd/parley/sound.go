package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/audio"
	"parley/audio/pcm"
	"parley/engine"
)

// sound is the microphone and the speaker of a conversation.
type sound struct {
	mic     engine.Microphone
	spk     engine.Speaker
	file    *audio.FileMicrophone // the microphone, if it is a file
	devices *audio.Devices
}

// Close closes what is open.
func (s *sound) Close() error {
	if s.devices == nil {
		return nil
	}
	return s.devices.Close()
}

// speakerWithin is how long a conversation that is played from a file or typed
// waits for a speaker before it goes on with none.
const speakerWithin = time.Second

// openSound opens the devices. Where the user is a file or types, a microphone
// is not needed, and without a speaker the reply is played into nothing, in
// real time.
func openSound(ctx context.Context, p *pieces, o talkOptions, said *pcm.Frame, rec *audio.Recorder, cons console) (*sound, error) {
	devices, err := audio.Open(audio.Options{
		Microphone: p.settings.Microphone, Speaker: p.settings.Speaker, EchoCancel: p.settings.EchoCancel, Recorder: rec, Log: p.log,
	})
	if err != nil {
		return nil, err
	}
	s := &sound{mic: devices.Mic(), spk: devices.Speaker(), devices: devices}
	if deaf, _ := p.lacks(); deaf != nil {
		s.mic = unheeded{}
	}
	if said == nil && len(o.say) == 0 {
		return s, nil
	}
	s.mic = audio.SilentMicrophone{}
	if said != nil {
		if s.file, err = audio.NewFileMicrophone(*said, rec); err != nil {
			return nil, errors.Join(err, devices.Close())
		}
		s.mic = s.file
	}
	waiting, cancel := context.WithTimeout(ctx, speakerWithin)
	defer cancel()
	if err := devices.Ready(waiting); err != nil {
		fmt.Fprintf(cons.err, "parley: %v; the replies are played into nothing\n", err)
		if err := devices.Close(); err != nil {
			return nil, err
		}
		s.devices, s.spk = nil, audio.NewNullSpeaker(rec)
	}
	return s, nil
}
