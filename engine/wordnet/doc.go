// Package wordnet reads Princeton's WordNet as Debian's wordnet-base installs
// it: a dictionary of English with definitions, examples, and how meanings are
// related.
//
// In: the files index.*, data.*, *.exc and cntlist.rev of a directory, whose
// format is described in the manual pages wndb(5WN), cntlist(5WN) and
// morphy(7WN). They are searched on disk, never loaded: an open [Dictionary]
// costs a few file descriptors. Out: [Sense] values.
//
// The files are foreign bytes: whatever is in them, a call returns, with an
// error that wraps [ErrMalformed] where they are not what they should be.
//
// It imports nothing of ours. engine/tutor, engine/lesson and cmd/ import it.
package wordnet
