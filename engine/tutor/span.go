package tutor

import (
	"strings"
	"time"
)

// span is a duration in words, in its two largest units: "an hour and five
// minutes" is "one hour and five minutes".
func span(d time.Duration) string {
	d = d.Round(time.Second)
	if d >= time.Hour {
		d = d.Round(time.Minute)
	}
	if d >= 24*time.Hour {
		d = d.Round(time.Hour)
	}
	var said []string
	for _, p := range []struct {
		length    time.Duration
		one, many string
	}{{24 * time.Hour, "day", "days"}, {time.Hour, "hour", "hours"}, {time.Minute, "minute", "minutes"}, {time.Second, "second", "seconds"}} {
		n := int64(d / p.length)
		d %= p.length
		if n > 0 {
			said = append(said, brief(float64(n))+" "+plural(float64(n), p.one, p.many))
		}
	}
	if len(said) == 0 {
		return "less than a second"
	}
	return strings.Join(said, " and ")
}

// spanName is a duration as the name of a timer: "twelve minute", "one hour
// thirty minute".
func spanName(d time.Duration) string {
	words := strings.Fields(strings.ReplaceAll(span(d), " and ", " "))
	for i, w := range words {
		switch w {
		case "days", "hours", "minutes", "seconds":
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	return strings.Join(words, " ")
}
