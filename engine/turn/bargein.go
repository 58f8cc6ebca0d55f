package turn

// BargeIn is how much it takes to interrupt a reply by speaking over it. Asking
// for silence ("stop", "wait") takes the same with each of them.
type BargeIn string

// The sensitivities.
const (
	Easily   BargeIn = "easily"   // a word will do; a cough may, too
	Normally BargeIn = "normally" // a few words; coughs and assent do not count
	Insist   BargeIn = "insist"   // more than a second of words: for a room where others talk
)

// insistence is how a voice over a reply is weighed, in frames. Backchannels last
// 300 to 500 ms, as long as many a word that means to interrupt, so that length
// does not tell; and what a recogniser makes of the first quarter of a second is
// hardly ever what it makes of the whole ("though", "bolt", "okay"). So the reply
// falls silent, but is not over, before the words are sure.
type insistence struct {
	// Voice that is not assent, for so long and with gaps no longer than between
	// sounds of a word: the reply waits.
	holdFrames, holdVoice int
	sureVoice             int // of voice with words that are not assent
	// … or so many of them.
	wordsVoice, sureWords int
	takeVoice             int // a voice without words is somebody talking all the same …
	// … and one that only assents, at such length, is not listening any more.
	assentVoice int
	// So much voice it takes when the words are known for good; and of a few that a
	// recogniser is not so sure of itself, sureVoice.
	settledVoice int
	sureEnough   float64 // confidence: coughs are believed up to 0.53, words over a reply from 0.65
}

// table is the insistence that it takes.
func (b BargeIn) table() insistence {
	switch b {
	case Easily:
		return insistence{
			holdFrames: 10, holdVoice: 8, sureVoice: 50, wordsVoice: 40, sureWords: 2,
			takeVoice: 60, assentVoice: 90, settledVoice: leastVoice, sureEnough: 0.5,
		}
	case Insist:
		return insistence{
			holdFrames: 40, holdVoice: 30, sureVoice: 140, wordsVoice: 120, sureWords: 4,
			takeVoice: 200, assentVoice: 300, settledVoice: 90, sureEnough: 0.7,
		}
	default:
		return insistence{
			holdFrames: 13, holdVoice: 10, sureVoice: 80, wordsVoice: 70, sureWords: 3,
			takeVoice: 90, assentVoice: 120, settledVoice: leastVoice, sureEnough: 0.6,
		}
	}
}
