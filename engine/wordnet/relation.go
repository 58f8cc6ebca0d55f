package wordnet

// POS is a part of speech, as the files abbreviate it.
type POS byte

// The parts of speech.
const (
	Noun      POS = 'n'
	Verb      POS = 'v'
	Adjective POS = 'a'
	Adverb    POS = 'r'
)

// Parts lists the parts of speech in the order in which a reader would try them.
var Parts = [...]POS{Noun, Verb, Adjective, Adverb}

// String is the part of speech as a word.
func (p POS) String() string {
	switch p {
	case Noun:
		return "noun"
	case Verb:
		return "verb"
	case Adjective:
		return "adjective"
	case Adverb:
		return "adverb"
	}
	return "unknown"
}

// suffix is the ending of the files of a part of speech.
func (p POS) suffix() string {
	switch p {
	case Adjective:
		return "adj"
	case Adverb:
		return "adv"
	}
	return p.String()
}

// parsePOS reads a part of speech. Satellite adjectives ("s") live among the
// adjectives.
func parsePOS(s string) (POS, bool) {
	switch s {
	case "n", "v", "a", "r":
		return POS(s[0]), true
	case "s":
		return Adjective, true
	}
	return 0, false
}

// Relation is how one sense points at another, as the pointer symbol of
// wninput(5WN).
type Relation string

// The relations that a reader is likely to follow. Of a Sense, "Hypernym" leads
// to what it is a kind of.
const (
	Antonym          Relation = "!"
	Hypernym         Relation = "@"
	InstanceOf       Relation = "@i"
	Hyponym          Relation = "~"
	Instance         Relation = "~i"
	MemberHolonym    Relation = "#m"
	SubstanceHolonym Relation = "#s"
	PartHolonym      Relation = "#p"
	MemberMeronym    Relation = "%m"
	SubstanceMeronym Relation = "%s"
	PartMeronym      Relation = "%p"
	Attribute        Relation = "="
	Derivation       Relation = "+" // a related form: "gravity" and "gravitate"
	Entails          Relation = "*"
	Causes           Relation = ">"
	SeeAlso          Relation = "^"
	VerbGroup        Relation = "$"
	SimilarTo        Relation = "&"
	Pertains         Relation = "\\"
	Field            Relation = ";c" // the field in which the sense is used
)

// Category is the lexicographer file a sense was written in, a broad topic; see
// lexnames(5WN), which numbers all of them. Only those that callers decide on
// have names here.
type Category uint8

// Categories.
const (
	Act      Category = 4
	Animal   Category = 5
	Artifact Category = 6
	Body     Category = 8
	Event    Category = 11
	Group    Category = 14
	Location Category = 15
	Object   Category = 17
	Person   Category = 18
	Plant    Category = 20
	Shape    Category = 25
)
