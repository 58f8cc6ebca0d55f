package tutor

import (
	"context"
	"fmt"
	"strings"
	"time"
)

func (t *Tutor) clockSkills() []Skill {
	return []Skill{
		{
			Name:        "time",
			Description: "Tells the time of day.",
			phrases: compile("what (time|hour) (is it|it is) [now|right now|at the moment|currently]", "what is the [current|exact|right] time [now|right now|please|here|at the moment]",
				"what the time is [now]", "what (time|hour)", "[the] [current] time [now|please]", "do you (have|know) the time", "have you got the time", "(tell|give|show) me the [current] time", "time check", "what is the hour", "how late is it", "is it late"),
			do: func(_ context.Context, sc scene, _ args) (Answer, error) {
				return say("It's " + clockTime(sc.at) + "."), nil
			},
		},
		{
			Name:        "date",
			Description: "Tells the date of a day: today, tomorrow, a weekday or a number of days from now.",
			Args:        []Arg{{"day", Text, `"today", "tomorrow", "friday", "in ten days", "christmas"; today if left out.`, false}},
			phrases:     dates,
			match: func(h heard, sc scene) (args, bool) {
				m, ok := dates.match(h.text)
				if !ok {
					return nil, false
				}
				if _, known := findDay(m.text("day"), sc.at); !known {
					return nil, false
				}
				return m, true
			},
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				d, ok := findDay(a.text("day"), sc.at)
				if !ok {
					return say("I don't know that day."), nil
				}
				verb := " is "
				switch {
				case d.weekday:
					return say(fmt.Sprintf("%s is %s %s.", capital(d.name), d.date.Month(), ordinalFigure(d.date.Day()))), nil
				case strings.HasPrefix(d.name, "in "):
					return say(capital(d.name) + " it's " + longDate(d.date, sc.at) + "."), nil
				}
				if d.dated {
					return say(fmt.Sprintf("%s is on a %s%s.", d.name, d.date.Weekday(), inYear(d.date, sc.at))), nil
				}
				if d.date.Before(midnight(sc.at)) {
					verb = " was "
				}
				return say(capital(d.name) + verb + longDate(d.date, sc.at) + "."), nil
			},
		},
		{
			Name:        "year",
			Description: "Tells the year or the month.",
			Args:        []Arg{{"what", Text, `"year" or "month".`, true}},
			phrases:     years,
			match: func(h heard, _ scene) (args, bool) {
				m, ok := years.match(h.text)
				return m, ok && (m.text("what") == "year" || m.text("what") == "month")
			},
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				switch a.text("what") {
				case "year":
					return say(fmt.Sprintf("It's %d.", sc.at.Year())), nil
				case "month":
					return say("It's " + sc.at.Month().String() + "."), nil
				}
				return Answer{}, fmt.Errorf("tutor: year: argument %q is neither year nor month: %w", "what", ErrBadArg)
			},
		},
		{
			Name:        "days_until",
			Description: "Counts the days until a day, or since it.",
			Args:        []Arg{{"day", Text, `"christmas", "friday", "the third of june", "july 4th".`, true}},
			phrases:     untils,
			match: func(h heard, sc scene) (args, bool) {
				m, ok := untils.match(h.text)
				if !ok {
					return nil, false
				}
				_, known := findDay(m.text("day"), sc.at)
				return m, known
			},
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				d, ok := findDay(a.text("day"), sc.at)
				if !ok {
					return say("I don't know when that is."), nil
				}
				return say(countdown(d, sc.at)), nil
			},
		},
	}
}

var dates = compile(
	"what (day|date|weekday) (is it|it is) [today|now]", "what is the (date|day) [today|now|today please]", "what is (the|today) date", "what is today's date", "what is todays date", "today's date", "[the] date [today]",
	"(what|which) day of the (week|month|year) is (it|{day})", "what (day|date|weekday) (is|was|will be|will it be|does) {day} [fall on|be|on]", "what is [the] (date|day) [of] {day}", "what is {day} date", "what is {day}'s date", "what day [of the week] is {day} on", "what (is|was|will be) {day} date", "what (day|date) (is|will) it [be] {day}", "what (day|date) will {day} be",
	"when is {day}", "(tell|give) me [the|today's] date", "what date is on {day}", "what day are we [today]", "what is today", "what day")

var years = compile("(what|which) {what} is it [now|currently]", "(what|which) {what} are we in", "what is the [current] {what}", "in what {what} are we")

var untils = compile("how (many days|long|much time|many more days|many days are there|many days left|many days are left|long is it|many sleeps|many days is it) (until|till|til|to|before) {day}", "days (until|till|to) {day}", "how (many days|long|long ago) (since|is it since|has it been since|ago was) {day}", "how (far|far away|many days) (is|away is|off is) {day} [away]", "(count|countdown) [the days] (to|until) {day}")

// clockTime is "3:05 in the afternoon"; whole hours without minutes.
func clockTime(at time.Time) string {
	h, m := at.Hour(), at.Minute()
	part := "at night"
	switch {
	case h == 0 && m == 0:
		return "midnight"
	case h == 12 && m == 0:
		return "noon"
	case h >= 5 && h < 12:
		part = "in the morning"
	case h >= 12 && h < 18:
		part = "in the afternoon"
	case h >= 18 && h < 22:
		part = "in the evening"
	case h < 5:
		part = "in the morning"
	}
	twelve := h % 12
	if twelve == 0 {
		twelve = 12
	}
	switch {
	case m == 0:
		return fmt.Sprintf("%s o'clock %s", cardinal(twelve), part)
	case m < 10:
		return fmt.Sprintf("%s oh %s %s", cardinal(twelve), cardinal(m), part)
	}
	return fmt.Sprintf("%d:%02d %s", twelve, m, part)
}

// longDate is "Sunday, November 22nd", with the year where it is not this one.
func longDate(d, now time.Time) string {
	s := fmt.Sprintf("%s, %s %s", d.Weekday(), d.Month(), ordinalFigure(d.Day()))
	if d.Year() != now.Year() {
		s += fmt.Sprintf(", %d", d.Year()) // without a comma in it, a number is read as a year
	}
	return s
}

// inYear is " in 2027" where d is not in this year.
func inYear(d, now time.Time) string {
	if d.Year() == now.Year() {
		return ""
	}
	return fmt.Sprintf(" in %d", d.Year())
}

func ordinalFigure(n int) string {
	suffix := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// countdown says how far a day is.
func countdown(d day, now time.Time) string {
	n := d.daysFrom(now)
	switch {
	case n == 0:
		return capital(d.name) + " is today."
	case n == 1:
		return capital(d.name) + " is tomorrow."
	case n == -1:
		return capital(d.name) + " was yesterday."
	case n < 0:
		return capital(d.name) + " was " + grouped(fmt.Sprint(-n)) + " days ago."
	}
	s := "There are " + brief(float64(n)) + " days until " + d.name
	if !d.dated && !d.weekday {
		s += ", which is on " + longDate(d.date, now)
	}
	return s + "."
}
