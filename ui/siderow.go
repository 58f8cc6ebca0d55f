package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"parley/engine"
)

// sideKind is what a [sideRow] is.
type sideKind uint8

const (
	headingRow sideKind = iota
	entryRow
	hitRow
)

// sideRow is a row of the history: a heading, a conversation, or something found.
type sideRow struct {
	kind    sideKind
	heading string
	entry   Entry
	hit     Hit
	now     time.Time // when the row was made
}

// caption stands below the title or the excerpt. It is made when it is drawn: of a
// hundred thousand rows, a few are in sight.
func (r sideRow) caption() string {
	if r.kind == hitRow {
		return hitCaption(r.hit, r.now)
	}
	return entryCaption(r.entry, midnight(r.now))
}

// title is what a conversation is called in the list.
func (r sideRow) title() string {
	if r.entry.Title == "" {
		return lang.L("Untitled")
	}
	return capital(r.entry.Title)
}

// sideRows puts headings before the pinned conversations and before those of each
// span of days. Conversations in which nothing was said are left out.
func sideRows(entries []Entry, today time.Time) []sideRow {
	rows := make([]sideRow, 0, len(entries)+4)
	last := noSpan
	yesterday := today.AddDate(0, 0, -1)
	for _, e := range entries {
		if e.Turns == 0 {
			continue
		}
		s := earlier
		switch {
		case e.Pinned:
			s = pinned
		case !e.Last.Before(today):
			s = ofToday
		case !e.Last.Before(yesterday):
			s = ofYesterday
		}
		if s != last {
			last = s
			rows = append(rows, sideRow{heading: s.heading()})
		}
		rows = append(rows, sideRow{kind: entryRow, entry: e, now: today})
	}
	return rows
}

// span is what stands below one heading.
type span uint8

const (
	noSpan span = iota
	pinned
	ofToday
	ofYesterday
	earlier
)

func (s span) heading() string {
	switch s {
	case pinned:
		return lang.L("Pinned")
	case ofToday:
		return lang.L("Today")
	case ofYesterday:
		return lang.L("Yesterday")
	}
	return lang.L("Earlier")
}

// entryCaption says when something was last said in a conversation, whether there
// is a lesson in it, and how long it is.
func entryCaption(e Entry, today time.Time) string {
	parts := []string{moment(e.Last, today)}
	if e.Lessons > 0 {
		parts = append(parts, lang.L("Lesson"))
	}
	return strings.Join(append(parts, turns(e.Turns)), " · ")
}

// moment is a time of day where the list's headings tell the day, else the day.
func moment(at, today time.Time) string {
	local := at.Local()
	switch {
	case !at.Before(today.AddDate(0, 0, -1)):
		return local.Format("15:04")
	}
	return dateOf(local, today)
}

func turns(n int) string {
	return lang.N("{{.Count}} turns", n, values{"Count": n})
}

// hitRows are the rows of what was found.
func hitRows(hits []Hit, now time.Time) []sideRow {
	rows := make([]sideRow, 0, len(hits)+1)
	for _, h := range hits {
		rows = append(rows, sideRow{kind: hitRow, hit: h, now: now})
	}
	return rows
}

// hitCaption says whose words were found, in which conversation, and when they
// were said.
func hitCaption(h Hit, now time.Time) string {
	whose := lang.L("Title")
	switch {
	case h.Lesson:
		whose = lang.L("Lesson")
	case h.Place >= 0 && h.Who == engine.User:
		whose = lang.L("You")
	case h.Place >= 0:
		whose = "Parley"
	}
	day := dateOf(h.At, now)
	if !h.At.Before(midnight(now)) {
		day = h.At.Local().Format("15:04")
	}
	parts := []string{whose, day}
	if h.Conversation.Title != "" {
		parts = append(parts, capital(h.Conversation.Title))
	}
	return strings.Join(parts, " · ")
}
