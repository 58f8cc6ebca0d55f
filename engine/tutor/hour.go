package tutor

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// parseHour reads a time of day: "seven", "seven thirty p m", "7:30am", "half
// past six", "quarter to five", "noon", "six in the morning", "tomorrow at
// eight". It returns the next moment after now of that time; of an hour with
// neither morning nor evening, whichever comes first.
func parseHour(text string, now time.Time) (time.Time, bool) {
	text = strings.NewReplacer(":", " ", ".", "", "o'clock", "", "oclock", "", "oh clock", "").Replace(strings.ToLower(text))
	var words []string
	for _, w := range numberWords(text) {
		for _, half := range []string{"am", "pm"} {
			if figure, ok := strings.CutSuffix(w, half); ok && figure != "" {
				if _, err := strconv.Atoi(figure); err == nil {
					words = append(words, figure)
					w = half
				}
			}
		}
		words = append(words, w)
	}
	tomorrow := false
	words = slices.DeleteFunc(words, func(w string) bool {
		tomorrow = tomorrow || w == "tomorrow"
		return w == "tomorrow" || w == "at" || w == "the" || w == "in" || w == "on" || w == "for"
	})
	half := "" // am, pm or unknown
	for len(words) > 1 {
		last := words[len(words)-1]
		cut := 1
		switch {
		case last == "am" || last == "morning":
			half = "am"
		case last == "pm" || last == "afternoon" || last == "evening" || last == "tonight" || last == "night":
			half = "pm"
		case last == "m" && len(words) > 2 && (words[len(words)-2] == "a" || words[len(words)-2] == "p"):
			half, cut = words[len(words)-2]+"m", 2
		case last == "today":
		default:
			cut = 0
		}
		if cut == 0 {
			break
		}
		words = words[:len(words)-cut]
	}
	h, m, ok := hourAndMinute(words)
	if !ok {
		return time.Time{}, false
	}
	exact := h > 12 || h == 0 || half != "" || words[0] == "noon" || words[0] == "midnight"
	switch {
	case half == "pm" && h < 12:
		h += 12
	case half == "am" && h == 12, words[0] == "midnight":
		h = 0
	}
	y, mo, d := now.Date()
	at := time.Date(y, mo, d, h, m, 0, 0, now.Location())
	if tomorrow {
		return at.AddDate(0, 0, 1), true // "tomorrow at eight" is in the morning
	}
	step := 12 * time.Hour
	if exact {
		step = 24 * time.Hour
	}
	for !at.After(now) {
		at = at.Add(step)
	}
	return at, true
}

// hourAndMinute reads "seven", "seven thirty", "seven oh five", "half past six",
// "ten to five".
func hourAndMinute(words []string) (h, m int, ok bool) {
	if len(words) == 0 {
		return 0, 0, false
	}
	if len(words) == 1 && (words[0] == "noon" || words[0] == "midday" || words[0] == "midnight") {
		return 12, 0, true
	}
	for i, w := range words {
		if w != "past" && w != "to" && w != "after" && w != "before" {
			continue
		}
		var minutes float64
		switch lead := strings.Join(words[:i], " "); lead {
		case "half":
			minutes = 30
		case "quarter", "a quarter":
			minutes = 15
		default:
			v, good := parseNumber(strings.TrimSuffix(lead, " minutes"))
			if !good {
				return 0, 0, false
			}
			minutes = v
		}
		v, took := readWhole(words[i+1:])
		if took == 0 || took != len(words)-i-1 || v < 1 || v > 12 || minutes < 0 || minutes > 59 {
			return 0, 0, false
		}
		h, m = int(v), int(minutes)
		if w == "to" || w == "before" {
			h, m = (h+11)%12, (60-m)%60
		}
		return h, m, true
	}
	hour, took := readWhole(words[:1])
	if took == 0 || hour > 23 || hour != float64(int(hour)) {
		return 0, 0, false
	}
	rest := words[1:]
	if len(rest) > 0 && (rest[0] == "oh" || rest[0] == "o") {
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return int(hour), 0, len(words) == 1
	}
	if hour > 12 && len(words) > 1 && tens[words[0]] > 0 {
		return 0, 0, false // "twenty five" is a number
	}
	minute, used := readWhole(rest)
	if used != len(rest) || minute > 59 || minute != float64(int(minute)) {
		return 0, 0, false
	}
	return int(hour), int(minute), true
}
