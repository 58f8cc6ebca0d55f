package ui

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"fyne.io/fyne/v2/lang"

	"parley/engine"
)

// localeVariables are those that tell the user's language.
var localeVariables = []string{"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}

// speak has the test's window speak the language of a locale.
func speak(t *testing.T, locale string) {
	t.Helper()
	t.Cleanup(func() { // once the variables are as they were
		if err := loadTranslations(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range localeVariables {
		t.Setenv(name, "")
	}
	t.Setenv("LANG", locale)
	if err := loadTranslations(); err != nil {
		t.Fatal(err)
	}
}

func TestTheLocaleChoosesTheLanguage(t *testing.T) {
	for _, tt := range []struct{ locale, settings, turn, turns, date, took string }{
		{"en_GB.UTF-8", "Settings", "1 turn", "2 turns", "3 March 2024", "0.31 s"},
		{"C", "Settings", "1 turn", "2 turns", "3 March 2024", "0.31 s"},
		{"de_AT.UTF-8", "Einstellungen", "1 Beitrag", "2 Beiträge", "3. März 2024", "0,31 s"},
		// Fyne knows these, and we do not.
		{"fr_FR.UTF-8", "Settings", "1 turn", "2 turns", "3 March 2024", "0.31 s"},
		{"pt_BR.UTF-8", "Settings", "1 turn", "2 turns", "3 March 2024", "0.31 s"},
		{"pl_PL.UTF-8", "Settings", "1 turn", "2 turns", "3 March 2024", "0.31 s"},
		// Nobody knows this; it is taken for Spanish.
		{"eu_ES.UTF-8", "Settings", "1 turn", "2 turns", "3 March 2024", "0.31 s"},
	} {
		t.Run(tt.locale, func(t *testing.T) {
			speak(t, tt.locale)
			got := []string{lang.L("Settings"), turns(1), turns(2), dateOf(atNoon(2024, 3, 3), atNoon(2026, 1, 1)), seconds(310 * time.Millisecond)}
			if want := []string{tt.settings, tt.turn, tt.turns, tt.date, tt.took}; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// Each state and each sentence with a value in it, as a German reads them.
func TestGermanSentences(t *testing.T) {
	speak(t, "de_DE.UTF-8")
	w, _ := newTestWindow(t, Options{})
	w.show(engine.LessonDone{Lesson: leaves()}, engine.LessonProgress{Progress: engine.Progress{Question: 2, Questions: 5, Right: 1}})
	for got, want := range map[string]string{
		w.centre.words.Text:            "Einen Moment …",
		w.lesson.come.Text:             "Frage 2 von 5 · 1 richtig",
		w.centre.header.title.Text:     "Neues Gespräch",
		keyWords(w.acts[0].keys[0]):    "Strg+N",
		leaving(w.settings):            "Nichts verlässt diesen Computer: Zuhören, Denken und Sprechen geschehen hier.",
		w.centre.entry.PlaceHolder:     "Oder tippen …",
		markFor("barge_in"):            "– hier hast du gesprochen",
		dayOf(atNoon(2024, 12, 24)):    "24. Dezember",
		dueText(1) + ", " + dueText(3): "1 Karte zu wiederholen, 3 Karten zu wiederholen",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// message is a text in each of its plural forms; one that has none is its other.
type message map[string]string

func translation(t *testing.T, language string) map[string]message {
	t.Helper()
	data, err := translations.ReadFile("translations/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	all := map[string]message{}
	for key, value := range raw {
		m, text := message{}, ""
		if json.Unmarshal(value, &text) == nil {
			m["other"] = text
		} else if err := json.Unmarshal(value, &m); err != nil {
			t.Fatalf("%s: %q: %v", language, key, err)
		}
		all[key] = m
	}
	return all
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// fieldsOf are what a text is filled in with, in order of their names.
func fieldsOf(text string) []string {
	return slices.Compact(slices.Sorted(slices.Values(placeholder.FindAllString(text, -1))))
}

func TestTranslationsAgree(t *testing.T) {
	english, german := translation(t, "en"), translation(t, "de")
	for key := range german {
		if english[key] == nil {
			t.Errorf("en lacks %q", key)
		}
	}
	for key, e := range english {
		g := german[key]
		if !slices.Equal(slices.Sorted(maps.Keys(e)), slices.Sorted(maps.Keys(g))) {
			t.Errorf("%q has the forms %v in English and %v in German", key, e, g)
		}
		for _, m := range []message{e, g} {
			for form, text := range m {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%q is empty", key)
				}
				// One of a kind may go without its number.
				if got, want := fieldsOf(text), fieldsOf(e["other"]); !slices.Equal(got, want) && (form == "other" || len(got) > 0) {
					t.Errorf("%q: %q has the fields %v, want %v", key, text, got, want)
				}
			}
		}
		if e["other"] != key && key != "decimal point" {
			t.Errorf("the English of %q is %q", key, e["other"])
		}
		if strings.Contains(key, "Ctrl") != strings.Contains(g["other"], "Strg") {
			t.Errorf("%q: %q names another key", key, g["other"])
		}
	}
}

// untranslated are texts that are the same in every language: names, addresses,
// and what is said aloud, which is English.
var untranslated = []string{
	"Parley", "Parley:", "Markdown", "GLFW", "WebSocket", "REST", "Ray", "Sally", "i", "s",
	"https://api.openai.com/v1", "https://parley.example.org", "translations", "translations/en.json", "files", "mcp-files /home/me/notes",
	"“What is gravity?”", "“Teach me about photosynthesis”", "“Remember that my exam is on Friday”",
}

// notForTheUser are the functions that take what the user does not see, and those
// whose texts are read and not shown: what a learner may call an option, and how
// an engine's error begins.
var notForTheUser = []string{"errors.New", "fmt.Errorf", "named", "plain"}

// verb is a value's place in a format.
var verb = regexp.MustCompile(`%[-+# 0-9.]*[a-z%]`)

// unseen are the files of the program on its desktop whose texts nobody reads: what
// is said over D-Bus, the desktop entry, the lock.
var unseen = []string{"bus", "appearance", "autostart", "instance"}

// shown are the files that have texts for the user: the window's, and those of the
// program on its desktop (the tray, notifications), which asks for its words in the
// same translations.
func shown(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	citizen, err := filepath.Glob("../cmd/parley/citizen/*.go")
	if err != nil || len(citizen) == 0 {
		t.Fatalf("no files of the program on its desktop: %v", err)
	}
	for _, file := range citizen {
		name := filepath.Base(file)
		if !slices.ContainsFunc(unseen, func(of string) bool { return strings.HasPrefix(name, of) }) {
			files = append(files, file)
		}
	}
	return files
}

// TestEveryTextIsTranslated walks the source: what the user may see is an argument
// of lang's functions, and what they ask for is there.
func TestEveryTextIsTranslated(t *testing.T) {
	asked := map[string]bool{"decimal point": true}
	for m := time.January; m <= time.December; m++ {
		asked[m.String()] = true
	}
	for _, file := range shown(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		s := sourceWalk{asked: asked, found: func(at token.Pos, text string) {
			t.Errorf("%v: %q is shown as it is: put it in lang.L, or among the untranslated", set.Position(at), text)
		}}
		ast.Inspect(f, s.visit)
	}
	english := translation(t, "en")
	for key := range asked {
		if english[key] == nil {
			t.Errorf("no translation of %q", key)
		}
	}
	for key := range english {
		if !asked[key] {
			t.Errorf("nothing asks for %q", key)
		}
	}
}

// The walk finds what it is to find.
func TestSourceWalk(t *testing.T) {
	const source = `package p
const colour name = "a name"
const plainText = "found 1"
const sayHello = "said"
var v = lang.L("asked", values{"Not": "found 2"})
func f() {
	label("found 3"); label("· %d"); label("Parley"); log.Error("told", "err", err)
	if s == "compared" { switch s { case "case": label("found 4") } }
	lang.N("asked, too", 2)
}`
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	s := sourceWalk{asked: map[string]bool{}, found: func(_ token.Pos, text string) { found = append(found, text) }}
	ast.Inspect(f, s.visit)
	if want := []string{"found 1", "found 2", "found 3", "found 4"}; !slices.Equal(found, want) {
		t.Errorf("found %q, want %q", found, want)
	}
	if got := slices.Sorted(maps.Keys(s.asked)); !slices.Equal(got, []string{"asked", "asked, too"}) {
		t.Errorf("asked for %q", got)
	}
}

// sourceWalk gathers the texts that are asked for by lang's functions, and finds
// those that the user may see without.
type sourceWalk struct {
	asked map[string]bool
	found func(at token.Pos, text string)
}

func (s sourceWalk) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.FuncDecl:
		return !slices.Contains(notForTheUser, n.Name.Name)
	case *ast.ValueSpec: // a constant of a named type is a name; one that is said is not shown
		_, named := n.Type.(*ast.Ident)
		_, foreign := n.Type.(*ast.SelectorExpr)
		return !named && !foreign && !strings.HasPrefix(n.Names[0].Name, "say") && n.Names[0].Name != "AppID" && n.Names[0].Name != "fynesOwn"
	case *ast.CallExpr:
		return s.call(n)
	case *ast.CaseClause:
		for _, b := range n.Body {
			ast.Inspect(b, s.visit)
		}
		return false
	case *ast.KeyValueExpr: // a field's name
		ast.Inspect(n.Value, s.visit)
		return false
	case *ast.IndexExpr:
		return false
	case *ast.BinaryExpr:
		return n.Op != token.EQL && n.Op != token.NEQ
	case *ast.BasicLit:
		text := literal(n)
		words := strings.TrimSpace(verb.ReplaceAllString(text, ""))
		if strings.ContainsFunc(words, unicode.IsLetter) && !slices.Contains(untranslated, words) {
			s.found(n.Pos(), text)
		}
	}
	return true
}

// call walks a call, and reports whether all of it is to be walked.
func (s sourceWalk) call(n *ast.CallExpr) bool {
	of, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	room := ""
	switch x := of.X.(type) {
	case *ast.Ident:
		room = x.Name
	case *ast.SelectorExpr:
		room = x.Sel.Name
	}
	switch name := room + "." + of.Sel.Name; {
	case room == "log" || room == "Log" || slices.Contains(notForTheUser, name):
		return false
	case room == "lang" && len(n.Args) > 0:
		if key, ok := n.Args[0].(*ast.BasicLit); ok {
			s.asked[literal(key)] = true
		}
		for _, a := range n.Args[1:] {
			if _, text := a.(*ast.BasicLit); !text {
				ast.Inspect(a, s.visit)
			}
		}
		return false
	}
	return true
}

// literal is the text of a string's literal, "" of another's.
func literal(l *ast.BasicLit) string {
	text, err := strconv.Unquote(l.Value)
	if err != nil || l.Kind != token.STRING {
		return ""
	}
	return text
}
