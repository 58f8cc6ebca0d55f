package ui

import (
	"embed"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// translations are the window's words in each of its languages: English, which
// the keys are written in, and German. What is said aloud, and what the engine
// says (errors, what a test found), is English in all of them, since that is what
// Parley speaks and understands.
//
//go:embed translations/*.json
var translations embed.FS

// fynesOwn are the languages that Fyne 2.7 brings beside ours.
var fynesOwn = []fyne.Locale{"cs", "el", "es", "fr", "pl", "pt", "pt-BR", "ru", "sv", "ta", "uk", "zh-Hans"}

// learn gives [lang] the window's words, once; it chooses the language by the
// user's locale.
var learn = sync.OnceValue(loadTranslations)

func loadTranslations() error {
	own := lang.AddTranslationsFS(translations, "translations")
	switch users, _, _ := strings.Cut(string(lang.SystemLocale()), "-"); users {
	case "en", "de":
		return own
	}
	return errors.Join(own, lendEnglish())
}

// lendEnglish gives our English to Fyne's own languages: whoever speaks one of them
// reads Fyne's words in it and ours in English. Without that, lang complains of each
// word and counts wrongly.
func lendEnglish() error {
	data, err := translations.ReadFile("translations/en.json")
	if err != nil {
		return err
	}
	var words map[string]any
	if err := json.Unmarshal(data, &words); err != nil {
		return err
	}
	for _, w := range words {
		if forms, plural := w.(map[string]any); plural {
			forms["few"], forms["many"] = forms["other"], forms["other"]
		}
	}
	if data, err = json.Marshal(words); err != nil {
		return err
	}
	for _, l := range fynesOwn {
		err = errors.Join(err, lang.AddTranslationsForLocale(data, l))
	}
	return err
}

// values are what a sentence is filled in with.
type values = map[string]any

// dayOf is a day without its year.
func dayOf(at time.Time) string {
	local := at.Local()
	return lang.L("{{.Day}} {{.Month}}", values{"Day": local.Day(), "Month": lang.L(local.Month().String())})
}

// dateOf is a day, with its year unless that is this one.
func dateOf(at, now time.Time) string {
	if year := at.Local().Year(); year != now.Local().Year() {
		return lang.L("{{.Date}} {{.Year}}", values{"Date": dayOf(at), "Year": year})
	}
	return dayOf(at)
}

// decimal is a number that Go has written, as the user's language writes it.
func decimal(number string) string {
	return strings.Replace(number, ".", lang.X("decimal point", "."), 1)
}
