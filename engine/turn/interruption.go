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

// What does not depend on how much it takes to interrupt, in frames.
const (
	stopVoice  = 30 // of voice that asks for silence, to be sure of it
	leastVoice = 10 // words are made of any click; this much voice it takes to believe them
	// Silence after which nothing more is expected of the transcriber.
	overAnyway = 150
)

// Interruption weighs one voice over a reply, frame by frame, from its onset.
type Interruption struct {
	Language *Language
	BargeIn  BargeIn // how much it takes to take the turn
	frames   int
	voiced   int
	silent   int
	stopped  bool // a wish for silence was understood, if not for good
}

// doubtful says that a recogniser itself does not believe its few words.
func (n insistence) doubtful(w Words) bool {
	return w.Confidence > 0 && w.Confidence < n.sureEnough && len(split(w.Text)) <= n.sureWords
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
	need := i.BargeIn.table()
	switch {
	case settled && !assent && i.stopped && i.voiced >= leastVoice,
		settled && !assent && i.voiced >= need.settledVoice && (!need.doubtful(w) || i.voiced >= need.sureVoice):
		return Take
	case settled, i.silent >= overAnyway:
		return Forgive
	case stop && i.voiced >= stopVoice,
		!assent && (i.voiced >= need.sureVoice || i.voiced >= need.wordsVoice && len(split(text)) >= need.sureWords),
		text == "" && i.voiced >= need.takeVoice, i.voiced >= need.assentVoice:
		return Take
	case stop, i.frames >= need.holdFrames && i.voiced >= need.holdVoice && i.silent < pauseAfter && (text == "" || !assent):
		return Hold
	}
	return Undecided
}
