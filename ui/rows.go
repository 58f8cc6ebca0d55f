package ui

import (
	"slices"

	"fyne.io/fyne/v2/lang"

	"parley/engine"
)

// Kind says what a [Row] of the conversation is.
type Kind uint8

// The kinds of row.
const (
	UserRow   Kind = iota // what the user said or is saying
	ReplyRow              // what Parley said or is saying
	ErrorRow              // something failed here
	NoticeRow             // something the user should know, not a failure
	ToolRow               // a tool that was called for a reply
)

// Row is one paragraph of the conversation as it is drawn. It is comparable, so
// that a view can tell whether it has to draw it again.
//
// Text is in three parts: before Sure it is certain (the user's words) or has
// been said (Parley's), from Sure to Now is the word being spoken, and the rest
// is not yet certain, or not yet said. 0 ≤ Sure ≤ Now ≤ len(Text), all on rune
// boundaries.
type Row struct {
	Kind  Kind
	Turn  engine.TurnID
	Text  string
	Sure  int
	Now   int
	Mark  string              // where and why a reply was cut off, empty when it was not
	Badge engine.TeachingKind // what was recognised in the user's turn
	Done  bool                // nothing more will happen to it
	Lost  bool                // it says that sound is lost, until that is back
}

// Thread is the rows of a conversation, oldest first. The rows of turns that
// have ended are shared between a thread and its successors; those of running
// turns, a handful, are copied on every change. Neither is ever changed in
// place, so a thread handed to a view stays as it is.
type Thread struct {
	settled []Row
	live    []Row
}

// Len is the number of rows.
func (t Thread) Len() int { return len(t.settled) + len(t.live) }

// At is row i, 0 ≤ i < Len.
func (t Thread) At(i int) Row {
	if i < len(t.settled) {
		return t.settled[i]
	}
	return t.live[i-len(t.settled)]
}

// common is how many rows t and u begin with that are the same.
func (t Thread) common(u Thread) int {
	n := 0
	if sameSlice(t.settled, u.settled) {
		n = len(t.settled)
	}
	for n < min(t.Len(), u.Len()) && t.At(n) == u.At(n) {
		n++
	}
	return n
}

// last is the newest row, or the zero row.
func (t Thread) last() Row {
	if t.Len() == 0 {
		return Row{}
	}
	return t.At(t.Len() - 1)
}

// find is the index in t.live of the running row of that kind and turn, or -1.
// A row that came with a snapshot bears no turn number and belongs to the first
// turn that asks for it.
func (t Thread) find(k Kind, turn engine.TurnID) int {
	return slices.IndexFunc(t.live, func(r Row) bool {
		return r.Kind == k && !r.Done && (r.Turn == turn || r.Turn == 0)
	})
}

// put appends r, or replaces the live row i when i ≥ 0, and settles what has
// ended.
func (t Thread) put(i int, r Row) Thread {
	t.live = slices.Clone(t.live)
	if i < 0 {
		t.live = append(t.live, r)
	} else {
		t.live[i] = r
	}
	return t.settle()
}

// drop removes the live row i.
func (t Thread) drop(i int) Thread {
	t.live = slices.Delete(slices.Clone(t.live), i, i+1)
	return t.settle()
}

// soundBack has the rows that say that sound is lost say so no longer: the newest
// error tells that it is back, those before it go, and what told so before; and a
// reply was cut off, that is all.
func (t Thread) soundBack(notice Row) Thread {
	told := false
	back := func(rows []Row) []Row {
		var after []Row // from the newest to the oldest
		for _, r := range slices.Backward(rows) {
			switch {
			case r == notice && told:
				continue
			case !r.Lost:
			case r.Kind == ReplyRow:
				r.Mark, r.Lost = markFor(""), false
			case told:
				continue
			default:
				r, told = notice, true
			}
			after = append(after, r)
		}
		slices.Reverse(after)
		return after
	}
	t.live = back(t.live)
	t.settled = back(t.settled)
	return t
}

// settle moves the ended rows at the front of t.live to t.settled. Clip makes
// the append copy when another thread shares the array, which costs one copy of
// the settled rows a turn.
func (t Thread) settle() Thread {
	n := slices.IndexFunc(t.live, func(r Row) bool { return !r.Done })
	if n < 0 {
		n = len(t.live)
	}
	if n > 0 {
		t.settled = append(slices.Clip(t.settled), t.live[:n]...)
		t.live = t.live[n:]
	}
	return t
}

// toolShown is how much of what a tool was given or has answered is shown, in
// bytes.
const toolShown = 120

// toolRow is a call of a tool in one line: its name, what it was given, and what
// came of it.
func toolRow(turn engine.TurnID, use engine.ToolUse) Row {
	text := use.Tool
	if given := oneLine(use.Arguments); given != "" && given != "{}" {
		text += " " + shortened(given, toolShown)
	}
	if use.Failed {
		text += " " + lang.L("failed")
	}
	if result := oneLine(use.Result); result != "" {
		text += ": " + shortened(result, toolShown)
	}
	return Row{Kind: ToolRow, Turn: turn, Text: text, Sure: len(text), Now: len(text), Done: true}
}

// shortened is the beginning of text, with a mark where it was cut.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:onRune(text, most)] + "…"
}

// threadOf is the thread of a conversation's finished turns.
func threadOf(turns []engine.Turn) Thread {
	rows := make([]Row, 0, len(turns))
	var asked engine.Turn // the user's turn that the next reply answers
	for _, turn := range turns {
		r := Row{Kind: ReplyRow, Turn: turn.ID, Text: turn.Text, Done: true}
		switch {
		case turn.Who == engine.User:
			r.Kind, asked = UserRow, turn
			r.Badge = turn.Teaching.Kind
		case turn.Interrupted:
			r.Text, r.Mark = turn.Heard, markFor("")
		}
		if r.Kind == ReplyRow {
			r.Badge = turn.Teaching.Kind
			if r.Badge == "" && asked.ID == turn.ID {
				r.Badge = asked.Teaching.Kind
			}
		}
		for _, use := range turn.Tools {
			rows = append(rows, toolRow(turn.ID, use))
		}
		r.Sure, r.Now = len(r.Text), len(r.Text)
		rows = append(rows, r)
	}
	return Thread{settled: rows}
}
