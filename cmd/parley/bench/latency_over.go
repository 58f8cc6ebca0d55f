package bench

import (
	"context"
	"errors"
	"time"

	"parley/audio/pcm"
	"parley/audio/virtualdesk"
)

// longReply is what the user types to be told something of a dozen seconds.
const longReply = "what can you do"

// reply is a reply being given and recorded.
type reply struct {
	d    *desk
	mark int // in what has happened, before it
	both *virtualdesk.Recording
}

// ask has the long reply begin and records it. The recording is to be stopped.
func (d *desk) ask(ctx context.Context) (*reply, error) {
	both, err := d.server.RecordBoth(ctx)
	if err != nil {
		return nil, err
	}
	r := &reply{d: d, mark: d.app.mark(), both: both}
	err = d.app.typed(longReply)
	if err == nil {
		_, err = d.app.await(ctx, r.mark, answerWithin, "reply.audio.started")
	}
	if err != nil {
		both.Stop()
		return nil, err
	}
	return r, nil
}

// ended is the reply's terminal event, if it has come.
func (r *reply) ended() (happening, bool) {
	all := r.d.app.since(r.mark, "reply.done", "reply.interrupted", "error")
	if len(all) == 0 {
		return happening{}, false
	}
	return all[0], true
}

// alone records the long reply undisturbed, from its first audible sample to its
// last.
func (d *desk) alone(ctx context.Context) (pcm.Frame, error) {
	r, err := d.ask(ctx)
	if err != nil {
		return pcm.Frame{}, err
	}
	defer r.both.Stop()
	if _, err := d.app.await(ctx, r.mark, replyWithin, "reply.done"); err != nil {
		return pcm.Frame{}, err
	}
	if err := pauseFor(ctx, settle); err != nil {
		return pcm.Frame{}, err
	}
	r.both.Stop()
	f := r.both.Right()
	from, ok := firstAudible(f, 0)
	to, _ := lastAudible(f, f.Duration())
	if !ok {
		return pcm.Frame{}, errors.New("the assistant cannot be heard on the recording")
	}
	f.Samples = f.Samples[f.Rate.Samples(from):f.Rate.Samples(to)]
	return f, nil
}

// interruptions are what a user says over a reply to have the floor.
var interruptions = []string{"stop", "wait", "what time is it", "hold on", "no that's not it", "tell me about gravity", "okay never mind", "excuse me"}

// BargeInReport is what was found of one interruption. Times are in milliseconds
// from the user's first audible sample.
type BargeInReport struct {
	Said        string  `json:"said"`
	Voice       string  `json:"voice"`
	Interrupted bool    `json:"interrupted"` // by the program's own account
	Heard       bool    `json:"heard"`       // … and by the recording's
	Ducked      float64 `json:"ducked,omitzero"`
	Silent      float64 `json:"silent,omitzero"`
}

// bargeIn interrupts the long reply for the i-th time, each time at another place.
func (d *desk) bargeIn(ctx context.Context, i int, alone pcm.Frame) (BargeInReport, error) {
	b := BargeInReport{Said: interruptions[i%len(interruptions)], Voice: userVoices[(i+i/len(interruptions))%len(userVoices)]}
	sound, err := d.speak(ctx, b.Voice, b.Said)
	if err != nil {
		return b, err
	}
	r, err := d.ask(ctx)
	if err != nil {
		return b, err
	}
	defer r.both.Stop()
	places := max(alone.Duration()-4*time.Second, time.Second)
	at := 800*time.Millisecond + time.Duration(i)*1370*time.Millisecond%places
	if err := pauseFor(ctx, at); err != nil {
		return b, err
	}
	if err := d.play(ctx, sound); err != nil {
		return b, err
	}
	if err := pauseFor(ctx, time.Second); err != nil {
		return b, err
	}
	end, over := r.ended()
	r.both.Stop()
	if b.Interrupted = over && end.Type == "reply.interrupted"; b.Interrupted {
		user, assistant := r.both.Sound(), r.both.Right()
		onset, heard := firstAudible(user, 0)
		first, spoke := firstAudible(assistant, 0)
		if !heard || !spoke {
			return b, errors.New("one side cannot be heard on the recording")
		}
		later, same := align(assistant, alone, onset, first)
		if !same { // a pause of the reply: nothing to compare
			later = first
		}
		if found, ok := measureBargeIn(assistant, alone, onset, later); ok {
			b.Heard, b.Ducked, b.Silent = true, inMS(found.ducked), inMS(found.silent)
		}
	}
	return b, d.app.quiet(ctx)
}
