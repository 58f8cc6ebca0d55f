package turn

import "time"

// Verdict is what is to be done about a voice over a reply.
type Verdict int

// The verdicts.
const (
	Undecided Verdict = iota // the reply goes on softly
	Hold                     // the reply waits, silent, and may go on
	Take                     // the user takes the turn; the reply is over
	Forgive                  // it was nothing, or only assent: the reply goes on
)

// String names the verdict.
func (v Verdict) String() string { return [...]string{"undecided", "hold", "take", "forgive"}[v] }

// How a voice over a reply is weighed, in frames. Backchannels last 300 to 500
// ms, as long as many a word that means to interrupt, so that their length alone
// does not tell; a cough is over in 250 to 400 ms.
const (
	// Sound for this long is a voice: the reply falls silent, so that the user is
	// heard out, but is not over before words say so.
	holdVoice = 20
	// Words are believed when so much voice carries them, or less where no more
	// will come; a recogniser makes words of any click.
	wordVoice    = 18
	settledVoice = 10
	// A voice without words for this long is somebody talking all the same.
	takeVoice = 70
	// … and one that only assents, at such length, is not listening any more.
	assentVoice = 120
	// Silence after which it is over: with the words known for certain, or where
	// the transcriber says nothing more.
	overSettled = 12
	overAnyway  = 150
)

// Interruption weighs one voice over a reply, frame by frame, from its onset.
type Interruption struct {
	Language *Language
	voiced   int
	silent   int
}

// Step takes whether the next frame holds voice, the words known so far, and
// whether they are settled: all that was said, as far as anyone can tell.
func (i *Interruption) Step(voiced bool, text string, settled bool) Verdict {
	if voiced {
		i.voiced++
		i.silent = 0
	} else {
		i.silent++
	}
	assent := i.Language.Backchannel(text) // also no words at all
	switch {
	case i.Language.Stop(text):
		return Take
	case !assent && (i.voiced >= wordVoice || settled && i.voiced >= settledVoice):
		return Take
	case i.silent >= overSettled && settled, i.silent >= overAnyway:
		return Forgive
	case text == "" && i.voiced >= takeVoice, i.voiced >= assentVoice:
		return Take
	case i.voiced >= holdVoice && text == "":
		return Hold
	}
	return Undecided
}

// Voiced is how much voice there has been.
func (i *Interruption) Voiced() time.Duration { return time.Duration(i.voiced) * FrameTime }
