// Package domainlm makes a small language model of what people say to Parley,
// for the recogniser: the transcriber decodes with it beside the generic model,
// which knows nothing of assistants.
//
// In: phrasings in the notation of the tutor's skills, nouns that a user may
// ask about, the words that the pronouncing dictionary knows, and how common
// words are in general English. Out: a trigram model in ARPA's text format. It
// is pure: readers and writers are handed to it.
//
// It is a class model written out as words: the phrasings are sampled with
// {topic} as one token, the token trigram is smoothed (Witten and Bell 1991), and
// the nouns then take the token's place.
//
// Only cmd/parley-lm and the program's start import it.
package domainlm
