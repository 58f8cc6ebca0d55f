package engine

import "parley/engine/turn"

// Command is something the user wants of a [Session], beside speaking.
type Command interface{ command() }

type (
	// Say is a typed turn. It interrupts a reply as a spoken one would.
	Say struct{ Text string }

	// Talk begins a turn by hand and, Off again, ends it (a key is held): what is
	// heard meanwhile is one turn, whatever silence there is in it. It interrupts
	// a reply, and is heard also while muted.
	Talk struct{ On bool }

	// ManualTurns has only turns by hand, or again also such as are heard.
	ManualTurns struct{ On bool }

	// SetPatience changes how long a user who falls silent is waited for.
	SetPatience struct{ Patience turn.Patience }

	// SetBargeIn changes how much it takes to interrupt a reply by speaking.
	SetBargeIn struct{ BargeIn turn.BargeIn }

	// ForgetPauses forgets how the user pauses, and so how long to wait for him.
	ForgetPauses struct{}

	// Interrupt stops the reply being given (Esc, the stop button).
	Interrupt struct{}

	// Mute stops listening, or resumes it. The microphone stays open.
	Mute struct{ On bool }

	// NewConversation begins an empty conversation.
	NewConversation struct{}

	// OpenConversation goes on with a stored one.
	OpenConversation struct{ ID ConversationID }
)

func (Say) command()              {}
func (Talk) command()             {}
func (ManualTurns) command()      {}
func (SetPatience) command()      {}
func (SetBargeIn) command()       {}
func (ForgetPauses) command()     {}
func (Interrupt) command()        {}
func (Mute) command()             {}
func (NewConversation) command()  {}
func (OpenConversation) command() {}
