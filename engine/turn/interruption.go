package turn

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
// ms, as long as many a word that means to interrupt, so that length does not
// tell; and what a recogniser makes of the first quarter of a second is hardly
// ever what it makes of the whole ("though", "bolt", "okay"). So the reply falls
// silent, but is not over, before the words are sure.
const (
	// Voice that is not assent, for so long and with gaps no longer than between
	// sounds of a word: the reply waits.
	holdFrames, holdVoice = 13, 10
	stopVoice             = 30 // of voice that asks for silence, to be sure of it
	sureVoice             = 80 // of voice with words that are not assent
	// … or so many of them.
	wordsVoice, sureWords = 70, 3
	takeVoice             = 90 // a voice without words is somebody talking all the same …
	// … and one that only assents, at such length, is not listening any more.
	assentVoice = 120
	// Words are made of any click; this much voice it takes to believe them, and of
	// a few that a recogniser is not sure of itself, more.
	leastVoice = 10
	sureEnough = 0.6 // confidence: coughs are believed up to 0.53, words over a reply from 0.65
	// Silence after which nothing more is expected of the transcriber.
	overAnyway = 150
)

// Interruption weighs one voice over a reply, frame by frame, from its onset.
type Interruption struct {
	Language *Language
	frames   int
	voiced   int
	silent   int
	stopped  bool // a wish for silence was understood, if not for good
}

// doubtful says that a recogniser itself does not believe its few words.
func (w Words) doubtful() bool {
	return w.Confidence > 0 && w.Confidence < sureEnough && len(split(w.Text)) <= sureWords
}

// Step takes whether the next frame holds voice, and the words known so far.
func (i *Interruption) Step(voiced bool, w Words) Verdict {
	text, settled := w.Text, w.Settled
	i.frames++
	if voiced {
		i.voiced++
		i.silent = 0
	} else {
		i.silent++
	}
	assent, stop := i.Language.Backchannel(text), i.Language.Stop(text) // no words are assent, too
	i.stopped = i.stopped || stop
	switch {
	case settled && !assent && i.voiced >= leastVoice && (i.stopped || !w.doubtful() || i.voiced >= sureVoice):
		return Take
	case settled, i.silent >= overAnyway:
		return Forgive
	case stop && i.voiced >= stopVoice,
		!assent && (i.voiced >= sureVoice || i.voiced >= wordsVoice && len(split(text)) >= sureWords),
		text == "" && i.voiced >= takeVoice, i.voiced >= assentVoice:
		return Take
	case stop, i.frames >= holdFrames && i.voiced >= holdVoice && i.silent < pauseAfter && (text == "" || !assent):
		return Hold
	}
	return Undecided
}
