// Package history keeps what was said: conversations with their turns and
// lessons, and the facts the user asked to have remembered, in one SQLite file.
//
// In: finished turns, lessons and facts. Out: transcripts, the list of earlier
// conversations, full-text search, facts by subject. [Store] implements
// engine.Store; what it has returned nil for survives the process being killed
// at the next instant.
//
// Nothing is ever thrown away because it cannot be read: a damaged file is
// renamed and a new one begun ([Store.Notice] says so), and a file of a later
// Parley is refused untouched ([ErrNewer]).
//
// It imports engine only; cmd/parley and cmd/parleyd may import it.
package history
