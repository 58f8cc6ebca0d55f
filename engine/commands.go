package engine

// Command is something the user wants of a [Session], beside speaking.
type Command interface{ command() }

type (
	// Say is a typed turn. It interrupts a reply as a spoken one would.
	Say struct{ Text string }

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
func (Interrupt) command()        {}
func (Mute) command()             {}
func (NewConversation) command()  {}
func (OpenConversation) command() {}
