// Package history keeps what was said: conversations with their turns and
// lessons, cards for reviewing what was learnt, and the facts the user asked to
// have remembered, in one SQLite file.
//
// In: finished turns, lessons and facts. Out: transcripts, the lists of earlier
// conversations and lessons, full-text search, due cards, facts by subject.
// [Store] implements engine.Store; what it has returned nil for survives the
// process being killed at the next instant.
//
// What belongs to what: a lesson belongs to its conversation, a card to its
// lesson; they are deleted together. A fact outlives the conversation it was told
// in, with the words it was taken from, until it is forgotten. How long
// conversations are kept is a [Retention]; with [Off], nothing of what is said
// gets to the disk.
//
// Deleting erases: the text is gone from the tables, from the full-text indexes,
// from the file's free pages and from the write-ahead log when the call returns
// (or, while another program is reading, within the hour). [Store.Clear] does so
// with everything, the files set aside as damaged included.
//
// Nothing is ever thrown away because it cannot be read: a damaged file is
// renamed and a new one begun ([Store.Notice] says so), and a file of a later
// Parley is refused untouched ([ErrNewer]).
//
// It imports engine only; cmd/parley and cmd/parleyd may import it.
package history
