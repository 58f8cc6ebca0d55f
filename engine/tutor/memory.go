package tutor

import (
	"context"
	"time"

	"parley/engine"
)

// Fact is something the user asked to be remembered.
type Fact struct {
	// Subject is what the fact is about, normalised: lower case, no article,
	// no "my" in front ("sister's birthday"). It is the fact's key.
	Subject string

	// Text is the statement as it is spoken back to the user, in the second
	// person, without a capital or a full stop: "your sister's birthday is on
	// the third of June".
	Text string

	At time.Time // when it was told

	// Source is the user's own words that it was taken from; empty: not known.
	Source string

	// Conversation is the one it was told in; 0: not known, or not kept.
	Conversation engine.ConversationID
}

// Memory keeps facts. It is safe for use by several goroutines.
type Memory interface {
	// Remember keeps f. A fact of the same Subject is replaced by it.
	Remember(ctx context.Context, f Fact) error

	// Recall returns facts that may be about subject, newest first: any that
	// share a word, or the beginning of one, with it in Subject or Text. The
	// tutor ranks them; too many are better than too few. An empty subject
	// matches every fact.
	Recall(ctx context.Context, subject string) ([]Fact, error)

	// Forget drops the fact with exactly this Subject and says how many were
	// dropped. An empty subject drops every fact.
	Forget(ctx context.Context, subject string) (n int, err error)
}
