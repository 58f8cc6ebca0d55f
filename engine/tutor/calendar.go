package tutor

import (
	"math"
	"strings"
	"time"
)

// day is a day that was named.
type day struct {
	name    string // as it is spoken: "Christmas", "tomorrow", "June 3rd"
	date    time.Time
	weekday bool // named by its place in the week
	dated   bool // named by its date
}

// daysFrom counts the midnights between now and d. It is rounded, because a day
// on which the clocks change has 23 or 25 hours.
func (d day) daysFrom(now time.Time) int {
	return int(math.Round(d.date.Sub(midnight(now)).Hours() / 24))
}

// fixed are days with the same date each year.
var fixed = []struct {
	names string // parted by commas; the first is spoken
	month time.Month
	day   int
}{
	{"Christmas,christmas day,xmas", time.December, 25},
	{"Christmas Eve", time.December, 24},
	{"New Year's Day,new year,new years,new years day,the new year,new year's", time.January, 1},
	{"New Year's Eve,new years eve", time.December, 31},
	{"Halloween,hallowe'en", time.October, 31},
	{"Valentine's Day,valentines day,valentines,valentine's", time.February, 14},
	{"Saint Patrick's Day,st patrick's day,st patricks day,saint patricks day", time.March, 17},
	{"Independence Day,fourth of july,the fourth of july", time.July, 4},
	{"April Fools' Day,april fools day,april fools", time.April, 1},
	{"Saint Nicholas Day", time.December, 6},
	{"Boxing Day", time.December, 26},
	{"Epiphany", time.January, 6},
}

// findDay finds the day that text names: the next one of that name, today
// included.
func findDay(text string, now time.Time) (day, bool) {
	today := midnight(now)
	text = strings.ToLower(strings.TrimSpace(text))
	name := strings.TrimSuffix(text, "'s")
	switch name {
	case "", "it", "today", "now", "todays":
		return day{name: "today", date: today}, true
	case "tomorrow", "tomorrows":
		return day{name: "tomorrow", date: today.AddDate(0, 0, 1)}, true
	case "yesterday":
		return day{name: "yesterday", date: today.AddDate(0, 0, -1)}, true
	case "the day after tomorrow", "day after tomorrow":
		return day{name: "the day after tomorrow", date: today.AddDate(0, 0, 2)}, true
	case "the day before yesterday", "day before yesterday":
		return day{name: "the day before yesterday", date: today.AddDate(0, 0, -2)}, true
	case "easter", "easter sunday":
		e := easter(now.Year(), now.Location())
		if e.Before(today) {
			e = easter(now.Year()+1, now.Location())
		}
		return day{name: "Easter Sunday", date: e}, true
	case "thanksgiving", "thanksgiving day":
		d := thanksgiving(now.Year(), now.Location())
		if d.Before(today) {
			d = thanksgiving(now.Year()+1, now.Location())
		}
		return day{name: "Thanksgiving", date: d}, true
	}
	for _, f := range fixed {
		names := strings.Split(f.names, ",")
		for _, n := range names {
			if n = strings.ToLower(n); n == text || "the "+n == text {
				return day{name: names[0], date: next(f.month, f.day, today)}, true
			}
		}
	}
	if d, ok := someWeekday(text, today); ok {
		return d, true
	}
	if d, ok := someDistance(text, today); ok {
		return d, true
	}
	return someDate(text, today)
}

// next is the first day of that month and number from today on.
func next(m time.Month, d int, today time.Time) time.Time {
	for y := today.Year(); ; y++ {
		t := time.Date(y, m, d, 0, 0, 0, 0, today.Location())
		if t.Month() == m && !t.Before(today) { // a 29th of February needs its year
			return t
		}
	}
}

// easter is Easter Sunday of a Gregorian year, by the anonymous algorithm
// (Meeus, Astronomical Algorithms, chapter 8).
func easter(y int, loc *time.Location) time.Time {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(y, time.Month(n/31), n%31+1, 0, 0, 0, 0, loc)
}

// thanksgiving is the fourth Thursday of November.
func thanksgiving(y int, loc *time.Location) time.Time {
	first := time.Date(y, time.November, 1, 0, 0, 0, 0, loc)
	return first.AddDate(0, 0, (int(time.Thursday)-int(first.Weekday())+7)%7+21)
}

// someWeekday reads "friday", "next friday", "on friday".
func someWeekday(text string, today time.Time) (day, bool) {
	for _, before := range []string{"on ", "this ", "next ", "the next ", "coming "} {
		text = strings.TrimPrefix(text, before)
	}
	for w := time.Sunday; w <= time.Saturday; w++ {
		if text == strings.ToLower(w.String()) {
			n := (int(w) - int(today.Weekday()) + 7) % 7
			if n == 0 {
				n = 7 // who says the name of today means next week's
			}
			return day{name: w.String(), date: today.AddDate(0, 0, n), weekday: true}, true
		}
	}
	switch text {
	case "weekend", "the weekend":
		n := (int(time.Saturday) - int(today.Weekday()) + 7) % 7
		return day{name: "the weekend", date: today.AddDate(0, 0, n), weekday: true}, true
	}
	return day{}, false
}

// someDistance reads "in ten days", "two weeks from now", "three days ago",
// "a week from today".
func someDistance(text string, today time.Time) (day, bool) {
	sign, span := 1, ""
	if rest, ok := strings.CutPrefix(text, "in "); ok {
		span = rest
	} else if rest, ok := strings.CutSuffix(text, " from now"); ok {
		span = rest
	} else if rest, ok := strings.CutSuffix(text, " from today"); ok {
		span = rest
	} else if rest, ok := strings.CutSuffix(text, " ago"); ok {
		span, sign = rest, -1
	} else {
		return day{}, false
	}
	q, ok := parseQuantity(span)
	if !ok || q.unit.dim != "time" || q.v != math.Trunc(q.v) || q.v > 10000 {
		return day{}, false
	}
	n := sign * int(q.v)
	d := day{name: text}
	switch q.unit.one {
	case "day":
		d.date = today.AddDate(0, 0, n)
	case "week":
		d.date = today.AddDate(0, 0, 7*n)
	case "month":
		d.date = today.AddDate(0, n, 0)
	case "year":
		d.date = today.AddDate(n, 0, 0)
	default:
		return day{}, false
	}
	return d, true
}

// someDate reads "june third", "june 3rd", "the third of june", "3 june".
func someDate(text string, today time.Time) (day, bool) {
	words := strings.Fields(strings.NewReplacer("-", " ", ",", " ").Replace(text))
	month, number := time.Month(0), 0
	rest := words[:0:0]
	for _, w := range words {
		if m := monthNamed(w); m != 0 && month == 0 {
			month = m
		} else if w != "the" && w != "of" && w != "on" {
			rest = append(rest, w)
		}
	}
	number = dayNumber(rest)
	if month == 0 || number == 0 || time.Date(2024, month, number, 0, 0, 0, 0, time.UTC).Month() != month {
		return day{}, false
	}
	return day{name: month.String() + " " + ordinalFigure(number), date: next(month, number, today), dated: true}, true
}

func monthNamed(w string) time.Month {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if w == name || len(w) >= 3 && w == name[:min(3, len(name))] {
			return m
		}
	}
	return 0
}

// dayNumber reads a day of a month: "third", "twenty third", "3rd", "3", "three".
func dayNumber(words []string) int {
	text := strings.Join(words, " ")
	for n := 1; n <= 31; n++ {
		switch text {
		case strings.ReplaceAll(ordinal(n), "-", " "), ordinalFigure(n), strings.ReplaceAll(cardinal(n), "-", " "):
			return n
		}
		if v, ok := written(text); ok && v == float64(n) {
			return n
		}
	}
	return 0
}
