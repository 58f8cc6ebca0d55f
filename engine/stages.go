package engine

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"parley/audio/pcm"
)

// Heard is 10 ms ([pcm.FrameTime]) of what the microphone heard, mono, 16 kHz
// (160 samples).
type Heard struct {
	// Linear has the speaker's echo removed by a linear filter only: it keeps
	// the user's words best and goes to the transcriber.
	Linear []int16

	// Clean has residual echo and noise suppressed as well: the barge-in
	// decision is made on it. Nil means that it is the same as Linear.
	Clean []int16

	// Reference is how loud the speaker was at that moment, in dBFS;
	// pcm.Silence when nothing was playing or nothing is known of it.
	Reference float64

	// Echo is how loud the speaker's echo would be in the microphone at that
	// moment were it not removed, as far as is known, in dBFS; pcm.Silence when
	// there is none.
	Echo float64

	// Settled is false while the echo canceller is still learning the room: whether
	// there is an echo, and how to remove it.
	Settled bool
}

// Microphone hears.
type Microphone interface {
	// Frames yields one Heard every 10 ms until ctx ends or the listener stops.
	// An error that wraps [ErrNoSound] says that sound has gone: the sequence
	// goes on, and the next Heard says that it is back. Any other error is the
	// last thing yielded. Frames is called once at a time.
	Frames(ctx context.Context) iter.Seq2[Heard, error]
}

// Speaker plays frames in the order given, at once and without gaps.
type Speaker interface {
	// Play queues a frame. It returns as soon as less than the speaker's lead
	// (a few hundred milliseconds) remains queued, when ctx ends (with its
	// cause), or, with an error that wraps [ErrNoSound], when there is no
	// device. A frame it returned nil for is queued.
	Play(ctx context.Context, f pcm.Frame) error

	// Drain waits until everything queued has been played. Errors as Play.
	Drain(ctx context.Context) error

	// Played is how much of what was queued since the last Flush has left the
	// loudspeaker, as near as the device can tell. It never runs backwards
	// between flushes and never exceeds what was queued.
	Played() time.Duration

	// Duck makes what is played softer by that many dB (0 to 40) until it is
	// called again, within 80 ms. 0 is as loud as it was made.
	Duck(dB float64)

	// Hold(true) silences the speaker at once and keeps what is queued, Played
	// standing still; Hold(false) goes on where that was.
	Hold(on bool)

	// Flush silences the speaker at once, forgets what is queued, returns what
	// Played had reached, and begins a new count, neither ducked nor held.
	Flush() time.Duration

	// Err is nil while there is a device to play on, else it wraps
	// [ErrNoSound] and says in one sentence what is wrong and what to do.
	Err() error
}

// Hypothesis is what a transcriber believes was said.
type Hypothesis struct {
	Text       string
	Stable     int     // leading words that are unlikely to change
	Soft       bool    // answers a soft end: as good as final, should nothing follow
	Final      bool    // the last of its utterance
	Confidence float64 // 0 to 1; 0 where the transcriber has none
}

// Transcriber turns one utterance at a time into words.
type Transcriber interface {
	// Transcribe reads frames (16 kHz mono) as they come and yields partial
	// hypotheses, and, when frames ends, exactly one final one. It stops early,
	// yielding nothing more, when ctx ends.
	//
	// A frame without samples is a soft end: the user has fallen silent, perhaps
	// for good. It is answered as soon as can be by a hypothesis with Soft set, as
	// good as the final one would be; a transcriber that has none to give ignores
	// it. More frames may follow, and further soft ends.
	Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[Hypothesis, error]
}

// Request is what a responder is asked.
type Request struct {
	Text     string   // the user's turn
	Turns    []Turn   // what was said before, oldest first, as it was heard
	Teaching Teaching // what the detector found; zero if nothing
	At       time.Time
	// Confidence is how sure it is that this was said, 0 to 1; 0 where that is not
	// known, as of what was typed. A responder may ask back.
	Confidence float64
	// Lesson is the conversation's last lesson, perhaps still being written.
	Lesson Lesson
	// Conversation is the one being held; 0 while it is not stored.
	Conversation ConversationID
	// Functions are what the asker can do if the responder says so by a [Call]; who
	// offers some asks again with what came of the calls. MustCall has one called
	// at least: "any", or the one of this name.
	Functions []Function
	MustCall  string
	Called    []Called // in answer to Text, oldest first
	// Instructions are how to answer, in the asker's words; empty: as usual.
	Instructions string
}

// Function is something the asker of a [Request] can do.
type Function struct {
	Name        string // letters, digits, _ and -
	Description string
	Parameters  json.RawMessage // JSON schema of an object; nil: none
}

// Called is a function that was called, and what came of it.
type Called struct {
	Call
	Output string
}

// Reply is a piece of a responder's answer: one of the types below.
type Reply interface{ reply() }

type (
	// Words are the next words to be said. The pieces joined as they are make
	// the reply.
	Words struct{ Text string }

	// Voiced is the next of a reply that comes already spoken: nobody synthesizes
	// it. Its text may come before its sound or after it, each in as many pieces as
	// there are. Words are counted in bytes of the reply's voiced text and from its
	// first voiced sample; each is given once, in order, before its sound, with it
	// or after it. Of what has no words the times are guessed.
	Voiced struct {
		Text  string
		Frame pcm.Frame
		Words []Word
	}

	// Effect is something that changes the world (remember, set a timer).
	// The conversation runs it once, when the turn is committed, before it
	// takes the next piece. An error ends the reply.
	Effect struct {
		Do func(context.Context) error
		// Apart says that the pieces that follow do not depend on it: they may be
		// taken and prepared before the turn is committed. None is heard before it
		// is done.
		Apart bool
	}

	// Used tells of a tool that has been called, for the eye.
	Used struct{ ToolUse }

	// Teach has a lesson written beside the conversation, once the turn is
	// committed.
	Teach struct{ LessonRequest }

	// Call asks the asker to carry out one of its functions. The answer to what
	// comes of it is another request's.
	Call struct {
		ID        string // the responder's; unique in a conversation
		Name      string
		Arguments string // a JSON object
	}

	// Studied tells how far the learner has now come with the lesson.
	Studied struct{ Progress }
)

func (Words) reply()   {}
func (Voiced) reply()  {}
func (Effect) reply()  {}
func (Used) reply()    {}
func (Teach) reply()   {}
func (Studied) reply() {}
func (Call) reply()    {}

// Responder answers.
type Responder interface {
	// Respond yields the reply to req piece by piece. Stopping the iteration
	// or ending ctx stops the work. A reply of no words is silence.
	Respond(ctx context.Context, req Request) iter.Seq2[Reply, error]
}

// Speech is a piece of a spoken sentence.
type Speech struct {
	Frame pcm.Frame
	Words []Word // words whose times have become known; each is yielded once, in order
}

// Word is when a word of the text is spoken.
type Word struct {
	From, To   int           // bytes of the text given to Synthesize, punctuation included
	Start, End time.Duration // from the sentence's first sample
}

// Synthesizer speaks.
type Synthesizer interface {
	// Synthesize yields the sound of one sentence as it is made. Stopping the
	// iteration or ending ctx stops the work at once.
	Synthesize(ctx context.Context, sentence string) iter.Seq2[Speech, error]
}

// TeachingDetector sees whether a turn is about teaching, in under a
// millisecond.
type TeachingDetector interface {
	Detect(text string) (Teaching, bool)
}

// LessonRequest is what a teacher is asked for.
type LessonRequest struct {
	Topic string
	Level string // for whom, in the user's words; empty: not said
	Goal  string // what for; empty: not said
	Turns []Turn // what was said before, oldest first
}

// LessonPiece is the next piece of a lesson.
type LessonPiece struct {
	Markdown string // the pieces joined as they are make the lesson
	Plan     *Plan  // the whole as a structure; with one piece at most, the last
}

// Teacher writes lessons.
type Teacher interface {
	// Lesson yields a lesson in pieces. Its first line is its title, as a heading
	// of level 1.
	Lesson(ctx context.Context, req LessonRequest) iter.Seq2[LessonPiece, error]
}

// Announcer speaks up by itself: a timer that has ended.
type Announcer interface {
	// Announcements yields sentences to be said as soon as nobody is speaking.
	Announcements(ctx context.Context) iter.Seq[string]
}

// LinkWatcher knows the way to a backend.
type LinkWatcher interface {
	// Links yields the link as it is, and then each change, until ctx ends.
	Links(ctx context.Context) iter.Seq[Link]
}

// Store keeps conversations. It is called from one goroutine at a time; what it
// has returned nil for survives the process being killed.
type Store interface {
	BeginConversation(ctx context.Context, at time.Time) (ConversationID, error)
	SaveTurn(ctx context.Context, c ConversationID, t Turn) error
	SaveLesson(ctx context.Context, c ConversationID, l Lesson, at time.Time) (LessonID, error)
	Conversation(ctx context.Context, c ConversationID) (Transcript, error)
}
