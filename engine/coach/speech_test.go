package coach

import (
	"strings"
	"testing"
	"unicode"

	"parley/engine"
)

func TestSpeakable(t *testing.T) {
	for _, c := range []struct{ written, spoken string }{
		{"**Light** is *fast*.", "Light is fast."},
		{"# Tides\n\nThe sea rises", "Tides. The sea rises"},
		{"- one\n- two\n\n1. three", "One. Two. Three"},
		{"See [the sun](https://example.org/sun) and `chlorophyll`[^1].", "See the sun and chlorophyll."},
		{"E = mc^2", "E equals mc squared"},
		{"$\\frac{1}{2} m v^2$", "1 over 2 m v squared"},
		{"a × b ÷ c ≈ 3", "a times b divided by c is about 3"},
		{"50 % of 3/4", "50 percent of 3 over 4"},
		{"It is -40 °C, or 9.8 m/s.", "It is minus 40 degrees Celsius, or 9.8 meters per second."},
		{"CO2 → O2", "CO2 becomes O2"},
		{"plants – e.g. trees – grow", "plants to for example trees to grow"},
		{"| a | b |\n|---|---|\n| 1 | 2 |", "a, b. 1, 2"},
		{"> quoted <b>bold</b>", "quoted bold"},
		{"Fish & chips", "Fish and chips"},
		{"```go\nx\n```", "x"},
		{"snake_case", "snake case"},
		{"***", ""},
		{"", ""},
	} {
		got := speakable(c.written)
		if !strings.EqualFold(got, c.spoken) {
			t.Errorf("%q is spoken %q, want %q", c.written, got, c.spoken)
		}
	}
}

func FuzzSpeakable(f *testing.F) {
	for _, s := range []string{"# A\n* b\n", "a | b\n--|--\n", "[x](y", "$x^{2}_1$", "\\frac{", "`", "**", "- - -", "<a", "ü\n½"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := speakable(text)
		if strings.ContainsAny(got, "*`#|_{}$^~<>\n") {
			t.Errorf("%q is spoken %q", text, got)
		}
		if s := sentence(text); s != "" && !strings.ContainsRune(".!?", rune(s[len(s)-1])) {
			t.Errorf("%q as a sentence is %q", text, s)
		}
		before := len(strings.FieldsFunc(got, unicode.IsSpace))
		if after := len(strings.Fields(strings.Join(portions(text), " "))); before != after && got != "" && strings.Trim(got, ",;: ") == got {
			t.Errorf("%q has %d words, its portions %d", text, before, after)
		}
		slowly(got)
		points(planOfText(text), 0)
	})
}

func TestPortions(t *testing.T) {
	text := strings.Repeat("This is a sentence of just seven words. ", 20)
	all := portions(text)
	for _, p := range all {
		if n := len(strings.Fields(p)); n > portionWords || !strings.HasSuffix(p, ".") {
			t.Errorf("%d words: %s", n, p)
		}
	}
	if strings.Join(all, " ") != strings.TrimSpace(text) {
		t.Error("something was lost")
	}
	if one := portions("Dr. No met St. Peter. Then he left."); len(one) != 1 || len(sentences(one[0])) != 2 {
		t.Errorf("%q", one)
	}
}

func TestSlowly(t *testing.T) {
	got := slowly("Leaves are green because of chlorophyll. It takes up red and blue light and throws green light back.")
	want := "Leaves are green, because of chlorophyll. It takes up red, and blue light, and throws green light back."
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestNumbers(t *testing.T) {
	for said, want := range map[string]string{
		"twenty three": "23", "nineteen sixty nine": "1969", "two thousand and one": "2001", "twenty twenty four": "2024",
		"a hundred and five": "105", "three point one four": "3.14", "three point fourteen": "3 point 14", "minus forty": "-40", "five and six": "5 and 6",
		"two hundred and six bones": "206 bones", "one million two hundred thousand": "1200000", "3 million": "3000000", "one two three": "1 2 3",
		"and": "and", "point": "point", "hundred": "hundred", "zero point five": "0.5", "seventeen seventy six": "1776", "ninety nine point nine": "99.9",
		"twenty one and twenty two": "21 and 22", "300,000": "300000", "nineteen oh five": "1905", "a thousand": "1000",
	} {
		if got := strings.Join(numbers(words(strings.ReplaceAll(said, ",", ""))), " "); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

func TestSounds(t *testing.T) {
	for _, c := range [][2]string{
		{"chlorophyll", "clara fill"}, {"photosynthesis", "foto sinthesis"}, {"knight", "night"}, {"physics", "fizix"}, {"nation", "nashun"},
		{"quartz", "kwarts"}, {"science", "sighence"}, {"psalm", "salm"}, {"giraffe", "jiraf"}, {"thumb", "thum"},
	} {
		if a, b := soundOf(c[0]), soundOf(strings.ReplaceAll(c[1], " ", "")); a != b {
			t.Errorf("%s sounds %s, %s sounds %s", c[0], a, c[1], b)
		}
	}
	for _, c := range [][2]string{{"mitosis", "meiosis"}, {"proton", "neutron"}, {"latitude", "longitude"}, {"sine", "cosine"}} {
		if a, b := soundOf(c[0]), soundOf(c[1]); a == b {
			t.Errorf("%s and %s both sound %s", c[0], c[1], a)
		}
	}
}

func TestLevelAndGoal(t *testing.T) {
	for _, c := range []struct{ said, level, goal string }{
		{"simple", "simple", ""}, {"keep it simple please", "keep it simple", ""}, {"for a beginner", "for a beginner", ""}, {"in depth", "in depth", ""},
		{"go into depth", "go into depth", ""}, {"for my exam tomorrow", "", "for my exam tomorrow"}, {"i have a test on friday", "", "i have a test on friday"},
		{"simple it's for my exam tomorrow", "simple", "simple it's for my exam tomorrow"}, {"i know nothing about it", "for a beginner", ""}, {"like i'm five", "like i'm five", ""},
		{"i'm in high school", "i'm in high school", ""}, {"sample", "sample", ""},
	} {
		level, goal, ok := levelAndGoal(c.said)
		if !ok || level != c.level || goal != c.goal {
			t.Errorf("%q: %q, %q, %v", c.said, level, goal, ok)
		}
	}
	for _, said := range []string{"what time is it", "how deep is the ocean", "tell me a simple joke", "thank you", "is it easy to learn", "play some music", ""} {
		if level, goal, ok := levelAndGoal(said); ok {
			t.Errorf("%q: %q, %q", said, level, goal)
		}
	}
}

func planOfText(text string) *engine.Plan {
	return planOf(engine.Lesson{Title: "A", Markdown: text + " ."})
}

// What was too fast is said again in the same words, slowly; where nobody can speak
// slowly, in short breaths.
func TestSlower(t *testing.T) {
	const last = "Leaves are green because of chlorophyll."
	req := engine.Request{Text: "say that slower", Turns: []engine.Turn{{Who: engine.User, Text: "why are leaves green"}, {Who: engine.Assistant, Text: last, Heard: last}}}
	var asked string
	for name, c := range map[string]*Coach{"slowly": New(Options{Slower: func(text string) { asked = text }}), "in breaths": New(Options{})} {
		var said string
		for piece, err := range c.Respond(t.Context(), req) {
			if err != nil {
				t.Fatal(err)
			}
			if w, ok := piece.(engine.Words); ok {
				said += w.Text
			}
		}
		if want := map[string]string{"slowly": last, "in breaths": slowly(last)}[name]; strings.TrimSpace(said) != want {
			t.Errorf("%s: said %q, want %q", name, said, want)
		}
	}
	if asked != last {
		t.Errorf("asked to say %q slowly", asked)
	}
}
