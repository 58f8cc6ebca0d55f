// Package dictd reads dictionaries in the form that the dictd server serves and
// Debian's dict-* packages install: a sorted index of headwords, and the entries'
// texts, whole or compressed by dictzip.
//
// In: the files name.index and name.dict.dz (or name.dict) of a directory. The
// index has a line per headword, "word TAB offset TAB length", numbers in base 64,
// dictfmt(1); dictzip is gzip with a table of chunks that can be read each by
// itself, dictzip(1). They are searched on disk, never loaded. Out: the text of
// entries, as it is in the file.
//
// The files are foreign bytes: whatever is in them, a call returns, with an error
// that wraps [ErrMalformed] where they are not what they should be.
//
// It imports nothing of ours. engine/lesson and cmd/ import it.
package dictd
