package history

import (
	"bufio"
	"fmt"
	"io"
)

// WriteList writes a line for each conversation: its number, when something was
// last said in it (local time), how many turns it has, a star if it is pinned, and
// its title.
func WriteList(w io.Writer, list []Entry) error {
	out := bufio.NewWriter(w)
	for _, e := range list {
		pin := ' '
		if e.Pinned {
			pin = '*'
		}
		fmt.Fprintf(out, "%5d  %s  %4d %c %s\n", e.ID, e.Last.Local().Format(dayAndTime), e.Turns, pin, printable(e.Title))
	}
	return out.Flush()
}

// WriteLessons writes a line for each lesson: its number, when it was made (local
// time), how many questions its quiz has, its title.
func WriteLessons(w io.Writer, list []LessonInfo) error {
	out := bufio.NewWriter(w)
	for _, l := range list {
		fmt.Fprintf(out, "%5d  %s  %4d   %s\n", l.ID, l.At.Local().Format(dayAndTime), l.Questions, printable(l.Title))
	}
	return out.Flush()
}

// WriteHits writes two lines for each hit: where it is, and what it says there.
func WriteHits(w io.Writer, hits []Hit) error {
	out := bufio.NewWriter(w)
	for _, h := range hits {
		where := "its title"
		switch {
		case h.Lesson.ID != 0:
			where = fmt.Sprintf("lesson %d, %s", h.Lesson.ID, printable(h.Lesson.Title))
		case h.Place >= 0:
			where = nameOf(h.Turn.Who)
		}
		fmt.Fprintf(out, "%5d  %s  %s\n       %s: %s\n", h.Conversation.ID, h.Conversation.Began.Local().Format(dayAndTime),
			printable(h.Conversation.Title), where, printable(h.Excerpt))
	}
	return out.Flush()
}

// WriteFacts writes a line for each fact: its number, when it was told (local
// time), what it says.
func WriteFacts(w io.Writer, facts []KeptFact) error {
	out := bufio.NewWriter(w)
	for _, f := range facts {
		fmt.Fprintf(out, "%5d  %s  %s\n", f.ID, f.At.Local().Format(dayAndTime), printable(f.Text))
	}
	return out.Flush()
}
