package domainlm

import (
	"math/rand/v2"
	"strings"
)

// The ends of a sentence, as ARPA's format has them.
const (
	begin = "<s>"
	end   = "</s>"
)

// spoken is how many sentences are made of each phrasing, at most.
const spoken = 120

// counts are how often a token follows a history of up to two tokens, joined by
// a blank.
type counts map[string]map[string]float64

func (c counts) add(history, token string, n float64) {
	if c[history] == nil {
		c[history] = make(map[string]float64)
	}
	c[history][token] += n
}

// sentence counts the n-grams of a sentence.
func (c counts) sentence(tokens []string, n float64) {
	last, before := begin, ""
	for i := range len(tokens) + 1 {
		token := end
		if i < len(tokens) {
			token = tokens[i]
		}
		c.add("", token, n)
		c.add(last, token, n)
		if before != "" {
			c.add(before+" "+last, token, n)
		}
		before, last = last, token
	}
}

// contractions are how words are joined in speech, about every other time.
var contractions = []struct{ long, short string }{
	{"what is", "what's"}, {"who is", "who's"}, {"where is", "where's"}, {"when is", "when's"}, {"how is", "how's"},
	{"that is", "that's"}, {"it is", "it's"}, {"i am", "i'm"}, {"i would", "i'd"}, {"you are", "you're"}, {"i have", "i've"},
	{"do not", "don't"}, {"did not", "didn't"}, {"let us", "let's"}, {"i will", "i'll"}, {"can not", "can't"},
}

// courtesies are put around requests.
var (
	openings = []string{"please", "can you", "could you", "hey parley", "parley", "tell me", "can you tell me", "could you please", "okay", "and", "so", "um", "well", "now", "hello"}
	closings = []string{"please", "for me", "thanks", "now", "thank you", "parley", "again", "today"}
)

// courteous is how many sentences of a hundred begin, and end, with a courtesy.
const courteous = 5

// count speaks the phrases and counts what is said. Sentences with a word that
// cannot be pronounced are left out.
func count(g grammar, phrases []phrase, pronounced func(string) bool) counts {
	c := make(counts)
	s := sampler{grammar: g, random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same model each time
	for _, p := range phrases {
		for range spoken {
			s.out, s.depth = s.out[:0], 0
			if !s.walk(p.sequence) || len(s.out) == 0 {
				continue
			}
			text := strings.Join(s.out, " ")
			for _, x := range contractions {
				if strings.Contains(text, x.long) && s.random.IntN(2) == 0 {
					text = strings.ReplaceAll(" "+text+" ", " "+x.long+" ", " "+x.short+" ")
				}
			}
			if s.random.IntN(100) < courteous {
				text = openings[s.random.IntN(len(openings))] + " " + text
			}
			if s.random.IntN(100) < courteous {
				text += " " + closings[s.random.IntN(len(closings))]
			}
			if tokens := strings.Fields(text); sayable(tokens, pronounced) {
				c.sentence(tokens, p.weight/spoken)
			}
		}
	}
	return c
}

func sayable(tokens []string, pronounced func(string) bool) bool {
	for _, t := range tokens {
		if t != topic && !pronounced(t) {
			return false
		}
	}
	return true
}
