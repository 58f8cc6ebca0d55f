package coach

import (
	"strings"
	"testing"
)

// What people say, and what a recogniser makes of it.
func TestFind(t *testing.T) {
	for _, c := range []struct {
		said  string
		want  wish
		about string
	}{
		{"Quiz me!", wantQuiz, ""},
		{"could you please quiz me on that", wantQuiz, ""},
		{"quits me", wantQuiz, ""},
		{"quiz me on what's due", wantReview, ""},
		{"okay next please", wantNext, ""},
		{"give me a hand", wantHint, ""},
		{"can i have another hint please", wantHint, ""},
		{"well i don't know", wantAnswer, ""},
		{"I don’t know that.", wantAnswer, ""},
		{"go back to the part about carbon dioxide", wantPart, "carbon dioxide"},
		{"please go back to the section on the roman army", wantPart, "the roman army"},
		{"go back to leaves", wantPart, "leaves"},
		{"go back", wantBack, ""},
		{"make it a bit simpler please", wantSimpler, ""},
		{"make it similar", wantSimpler, ""},
		{"can you go deeper", wantDeeper, ""},
		{"give me an exempt", wantExample, ""},
		{"and now say that slower", wantSlower, ""},
		{"stop the quiz", wantStop, ""},
		{"how am i doing", wantProgress, ""},
		{"how many did i get right", wantProgress, ""},
		{"red me the lesson", wantReading, ""},
		{"teach me step by step", wantReading, ""},
		{"summarize it for me", wantSummary, ""},
		{"let me explain it", wantToExplain, ""},
		{"what should i review today", wantDue, ""},
		{"review", wantReview, ""},
		{"give mee an ecsample", wantExample, ""},
		{"reepeet the kweschun", wantRepeat, ""},
	} {
		got, about, ok := theBook().find(c.said, nil)
		if !ok || got != c.want || about != c.about {
			t.Errorf("%q is %q about %q, want %q about %q", c.said, got, about, c.want, c.about)
		}
	}
	for _, said := range []string{
		"", "what time is it", "give me a cup of tea", "next week i am going to spain", "stop the music", "skip the song", "how are you doing",
		"give me the news", "remind me to go back home", "who is the president", "set a timer", "read me my messages", "start the car", "explain gravity",
		"make it louder", "go home", "repeat after me", "test the microphone", "what is the summary of hamlet", "i know", "tell me about rome",
	} {
		if got, about, ok := theBook().find(said, nil); ok {
			t.Errorf("%q is %q about %q", said, got, about)
		}
	}
	// It sounds like "what is due", but is a question that another answers.
	const tide = "what is a tide"
	if got, _, _ := theBook().find(tide, nil); got != wantDue {
		t.Errorf("%q does not sound like what is due, but %q", tide, got)
	}
	if got, _, ok := theBook().find(tide, func(text string) bool { return text == tide }); ok {
		t.Errorf("%q is %q, and another knows what it means", tide, got)
	}
}

// The language model must be able to read the phrasings: it samples them.
func TestPhrasingsAreReadable(t *testing.T) {
	all := New(Options{}).Phrasings()
	for _, p := range all {
		if strings.Count(p, "(") != strings.Count(p, ")") || strings.Count(p, "[") != strings.Count(p, "]") {
			t.Errorf("brackets of %q", p)
		}
		if strings.Contains(strings.ReplaceAll(p, slot, ""), "{") {
			t.Errorf("%q has a slot that the model does not know", p)
		}
	}
}

func TestExpand(t *testing.T) {
	got := strings.Join(expand("(give|~gave) me [a|another] hint [now]"), "; ")
	want := "give me a hint now; give me a hint; give me another hint now; give me another hint; give me hint now; give me hint; " +
		"gave me a hint now; gave me a hint; gave me another hint now; gave me another hint; gave me hint now; gave me hint"
	if got != want {
		t.Errorf("%s", got)
	}
}
