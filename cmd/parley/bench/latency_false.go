package bench

import (
	"context"
	"slices"
	"time"

	"parley/audio/pcm"
)

// backchannels are what a listener says to be told more.
// What is written "mm-hmm" flite spells, letter by letter; "um hum" sounds like it.
var backchannels = []string{"uh-huh", "yeah", "okay", "right", "um hum"}

// InterferenceReport is what was found of one sound over a reply that ought not
// to stop it.
type InterferenceReport struct {
	Kind    string `json:"kind"` // cough, click, backchannel
	Sound   string `json:"sound"`
	Stopped bool   `json:"stopped"`  // the reply ended with it
	Whole   bool   `json:"whole"`    // the reply went on, and no word of it was lost, nor a gap made
	Lost    bool   `json:"lost"`     // it went on, and words of it were lost
	NewGaps int    `json:"new_gaps"` // silences of more than 60 ms at that time that the reply has not otherwise
}

// interference is a sound to be made over a reply.
type interference struct {
	InterferenceReport
	sound pcm.Frame
	onset time.Duration // on the reply's recording
}

// interferences are n of them, half of them backchannels, a third coughs.
func (d *desk) interferences(ctx context.Context, n int) ([]*interference, error) {
	list := make([]*interference, n)
	words := 0
	for i := range list {
		x := &interference{}
		switch seed := uint64(i); i % 6 {
		case 0, 3:
			x.Kind, x.Sound, x.sound = "cough", "cough", cough(seed)
		case 5:
			x.Kind, x.Sound, x.sound = "click", "click", click(seed)
		default:
			x.Kind, x.Sound = "backchannel", backchannels[words%len(backchannels)]
			sound, err := d.speak(ctx, userVoices[(words+words/len(backchannels))%len(userVoices)], x.Sound)
			if err != nil {
				return nil, err
			}
			x.sound = sound
			words++
		}
		list[i] = x
	}
	return list, nil
}

const (
	// interferenceEvery is the time between two interferences with a reply, enough
	// for what the first did to show.
	interferenceEvery = 3 * time.Second
	// interferenceTail is how much of the reply must be left for one.
	interferenceTail = 2500 * time.Millisecond
	// interferenceReach is how long after its end a sound may still do something:
	// whether it is an interruption is to be decided within 300 ms.
	interferenceReach = time.Second
)

// interfere makes as many of the sounds over one reply as there is time for, or
// as it takes to stop it. It returns how many those were, and how many gaps the
// reply had at other times.
func (d *desk) interfere(ctx context.Context, list []*interference, alone pcm.Frame) (made, elsewhere int, err error) {
	r, err := d.ask(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer r.both.Stop()
	if err := pauseFor(ctx, 700*time.Millisecond+time.Duration(len(list)%7)*110*time.Millisecond); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	over := false
	for made < len(list) && !over && (made == 0 || time.Since(began) < alone.Duration()-interferenceTail) {
		x := list[made]
		made++
		from := r.both.Duration()
		next := time.After(interferenceEvery)
		if err := d.play(ctx, x.sound); err != nil {
			return 0, 0, err
		}
		select {
		case <-next:
		case <-ctx.Done():
			return 0, 0, context.Cause(ctx)
		}
		if x.onset, _ = firstAudible(r.both.Sound(), from); x.onset == 0 {
			x.onset = from
		}
		_, over = r.ended()
	}
	end, err := d.app.await(ctx, r.mark, replyWithin, "reply.done", "reply.interrupted", "error")
	if err != nil {
		return 0, 0, err
	}
	if err := pauseFor(ctx, 300*time.Millisecond); err != nil {
		return 0, 0, err
	}
	r.both.Stop()
	elsewhere = judge(list[:made], end, r.both.Right(), alone)
	return made, elsewhere, d.app.quiet(ctx)
}

// judge says of each of the sounds made over one reply what it did, and counts
// the gaps that come when none of them was near: a device that ran dry.
func judge(made []*interference, end happening, recorded, alone pcm.Frame) (elsewhere int) {
	done := end.Type == "reply.done"
	if !done {
		made[len(made)-1].Stopped = true
		for _, x := range made[:len(made)-1] {
			x.Whole = true
		}
	} else {
		for _, x := range made {
			x.Whole, x.Lost = end.Heard == end.Text, end.Heard != end.Text
		}
	}
	for _, g := range newGaps(recorded, alone) {
		if last := made[len(made)-1]; last.Stopped && g.from >= last.onset {
			break // the reply's end, and then perhaps another
		}
		i := slices.IndexFunc(made, func(x *interference) bool {
			return g.from >= x.onset && g.from < x.onset+x.sound.Duration()+interferenceReach
		})
		if i < 0 {
			elsewhere++
			continue
		}
		made[i].NewGaps++
		made[i].Whole = false
	}
	return elsewhere
}
