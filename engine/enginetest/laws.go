package enginetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// Laws checks the laws that hold in every interleaving (../shared design:
// architecture, numbered as there) and returns the breaches, none if all hold.
// Law 8, that nothing is left behind, is the synctest bubble's and the leak
// check's to see; law 10 has a test of its own.
func Laws(p Performance) []string {
	l := lawyer{p: p}
	l.oneVoice()
	l.oneTerminal()
	l.silencedBeforeCommit()
	l.nothingDropped()
	l.oneCommit()
	l.effectsOfCommits()
	l.historyIsWhatWasPlayed()
	l.piecesMakeTheText()
	if p.Err != nil {
		l.breach(9, "the session ended with %v", p.Err)
	}
	return l.breaches
}

type lawyer struct {
	p        Performance
	breaches []string
}

func (l *lawyer) breach(law int, format string, args ...any) {
	l.breaches = append(l.breaches, fmt.Sprintf("law %d: ", law)+fmt.Sprintf(format, args...))
}

// ofReply says whether an event is part of a reply, and whether it ends it.
func ofReply(ev engine.Event) (part, terminal bool) {
	switch ev.Body.(type) {
	case engine.ReplyText, engine.ReplyAudioStarted, engine.ReplyProgress, engine.TimingMeasured, engine.ReplyDucked, engine.ReplyResumed:
		return true, false
	case engine.ReplyDone, engine.ReplyInterrupted:
		return true, true
	case engine.Error:
		return ev.Turn != 0, ev.Turn != 0
	}
	return false, false
}

// oneVoice: law 1.
func (l *lawyer) oneVoice() {
	var speaking engine.TurnID
	for _, ev := range l.p.Events {
		if _, ok := ev.Body.(engine.ReplyAudioStarted); ok {
			if speaking != 0 {
				l.breach(1, "reply %d sounds while reply %d does", ev.Turn, speaking)
			}
			speaking = ev.Turn
		}
		if _, terminal := ofReply(ev); terminal && ev.Turn == speaking {
			speaking = 0
		}
	}
}

// oneTerminal: laws 2 and 3.
func (l *lawyer) oneTerminal() {
	ended, begun := map[engine.TurnID]bool{}, map[engine.TurnID]bool{}
	for _, ev := range l.p.Events {
		part, terminal := ofReply(ev)
		if !part {
			continue
		}
		begun[ev.Turn] = true
		if ended[ev.Turn] {
			l.breach(3, "%s of turn %d after its end", ev.Body.Type(), ev.Turn)
		}
		ended[ev.Turn] = ended[ev.Turn] || terminal
	}
	for turn := range begun {
		if !ended[turn] {
			l.breach(2, "the reply of turn %d has no end", turn)
		}
	}
}

// silencedBeforeCommit: law 4. A turn commits only when no older reply is open.
func (l *lawyer) silencedBeforeCommit() {
	open := map[engine.TurnID]bool{}
	for _, ev := range l.p.Events {
		if part, terminal := ofReply(ev); part {
			open[ev.Turn] = !terminal
		}
		if f, ok := ev.Body.(engine.TranscriptFinal); ok && f.Text != "" {
			for turn, is := range open {
				if is && turn < ev.Turn {
					l.breach(4, "turn %d commits while reply %d is open", ev.Turn, turn)
				}
			}
		}
	}
}

// nothingDropped: law 5. A watcher that looks seldom sees the same events, but
// for those of which the latest wins.
func (l *lawyer) nothingDropped() {
	prompt, late := control(l.p.Events), control(l.p.Late)
	if !slices.Equal(prompt, late) {
		l.breach(5, "a slow watcher saw %d control events of %d", len(late), len(prompt))
	}
}

func control(events []engine.Event) []string {
	var names []string
	for _, ev := range events {
		switch ev.Body.(type) {
		case engine.TranscriptPartial, engine.ReplyProgress, engine.Level, engine.LinkChanged, engine.Snapshot:
		default:
			names = append(names, fmt.Sprintf("%d %s %v", ev.Turn, ev.Body.Type(), ev.Body))
		}
	}
	return names
}

// oneCommit: law 6. A turn that began ends with one final transcript or error.
func (l *lawyer) oneCommit() {
	commits := map[engine.TurnID]int{}
	for _, ev := range l.p.Events {
		switch e := ev.Body.(type) {
		case engine.TranscriptFinal:
			commits[ev.Turn]++
		case engine.Error:
			if e.Stage == "transcriber" && ev.Turn != 0 {
				commits[ev.Turn]++
			}
		}
	}
	for _, ev := range l.p.Events {
		if _, ok := ev.Body.(engine.SpeechStarted); ok && commits[ev.Turn] != 1 {
			l.breach(6, "turn %d committed %d times", ev.Turn, commits[ev.Turn])
		}
	}
	for turn, n := range commits {
		if n > 1 {
			l.breach(6, "turn %d committed %d times", turn, n)
		}
	}
}

// effectsOfCommits: law 6, of what replies do: not before the turn is committed,
// and once.
func (l *lawyer) effectsOfCommits() {
	for i, d := range l.p.Done {
		before := 0 // effects of the same words until now, and commits of them
		for _, other := range l.p.Done[:i+1] {
			if other.Text == d.Text {
				before++
			}
		}
		for _, ev := range l.p.Events {
			if f, ok := ev.Body.(engine.TranscriptFinal); ok && goesOnFrom(d.Text, f.Text) && !ev.At.After(d.At) {
				before--
			}
		}
		if before > 0 {
			l.breach(6, "the effect of %q came without its commit", d.Text)
		}
	}
}

// goesOnFrom says whether a turn's words are what was answered, or the rest of it.
func goesOnFrom(answered, text string) bool {
	return answered == text || text != "" && strings.HasSuffix(answered, " "+text)
}

// hearSlack is how much of a word's end may be missing for it to count as
// heard: what the engine grants.
const hearSlack = 20 * time.Millisecond

// historyIsWhatWasPlayed: law 7, against the loudspeaker's own books: history,
// events and sound tell the same words, and nothing sounds after the end.
func (l *lawyer) historyIsWhatWasPlayed() {
	var kept, told, played []string
	for _, t := range l.p.Turns {
		if t.Who == engine.Assistant {
			kept = append(kept, strings.Fields(t.Heard)...)
			if !strings.HasPrefix(t.Text, t.Heard) {
				l.breach(7, "turn %d: heard %q is no beginning of %q", t.ID, t.Heard, t.Text)
			}
		}
	}
	var lastEnd time.Time
	for _, ev := range l.p.Events {
		switch e := ev.Body.(type) {
		case engine.ReplyDone:
			told = append(told, strings.Fields(e.Heard)...)
		case engine.ReplyInterrupted:
			told = append(told, strings.Fields(e.Heard)...)
		case engine.Error:
			told = append(told, strings.Fields(e.Heard)...)
		}
		if _, terminal := ofReply(ev); terminal {
			lastEnd = ev.At
		}
	}
	for _, w := range l.p.Played {
		if w.Missing <= hearSlack {
			played = append(played, w.Text)
		}
		if w.Until.After(lastEnd) {
			l.breach(3, "%q sounds after the last reply's end", w.Text)
		}
	}
	if !slices.Equal(told, played) {
		l.breach(7, "told %q, played %q", told, played)
	}
	if !l.historyFails() && !slices.Equal(kept, told) {
		l.breach(7, "kept %q, told %q", kept, told)
	}
}

// piecesMakeTheText: what watchers were told piece by piece is the whole text.
func (l *lawyer) piecesMakeTheText() {
	pieces := map[engine.TurnID]string{}
	for _, ev := range l.p.Events {
		text := ""
		switch e := ev.Body.(type) {
		case engine.ReplyText:
			pieces[ev.Turn] += e.Text
			continue
		case engine.ReplyDone:
			text = e.Text
		case engine.ReplyInterrupted:
			text = e.Text
		default:
			continue
		}
		if text != pieces[ev.Turn] {
			l.breach(7, "turn %d: pieces make %q, its end says %q", ev.Turn, pieces[ev.Turn], text)
		}
	}
}

func (l *lawyer) historyFails() bool {
	return slices.ContainsFunc(l.p.Score.Faults, func(f Fault) bool { return f.Stage == "history" })
}

// Wishes checks what the score itself wants to happen.
func Wishes(p Performance) []string {
	var unmet []string
	for _, want := range p.Score.Expected {
		if !slices.ContainsFunc(p.Events, func(ev engine.Event) bool {
			at := ev.At.Sub(p.Start)
			return ev.Body.Type() == want.Type && ev.Turn == want.Turn && at >= want.From && at <= want.To
		}) {
			unmet = append(unmet, fmt.Sprintf("no %s of turn %d between %v and %v", want.Type, want.Turn, want.From, want.To))
		}
	}
	said := map[engine.TurnID]string{}
	for _, ev := range p.Events {
		for _, never := range p.Score.Never {
			if never.Type == ev.Body.Type() && (never.Turn == 0 || never.Turn == ev.Turn) {
				unmet = append(unmet, fmt.Sprintf("%s of turn %d", ev.Body.Type(), ev.Turn))
			}
		}
		if f, ok := ev.Body.(engine.TranscriptFinal); ok {
			said[ev.Turn] = f.Text
		}
	}
	for turn, want := range p.Score.Said {
		if said[turn] != want {
			unmet = append(unmet, fmt.Sprintf("turn %d said %q, want %q", turn, said[turn], want))
		}
	}
	for turn, want := range p.Score.Heard {
		got, found := "", false
		for _, ev := range p.Events {
			if ev.Turn != turn {
				continue
			}
			switch e := ev.Body.(type) {
			case engine.ReplyDone:
				got, found = e.Heard, true
			case engine.ReplyInterrupted:
				got, found = e.Heard, true
			}
		}
		if !found || got != want {
			unmet = append(unmet, fmt.Sprintf("of reply %d was heard %q, want %q", turn, got, want))
		}
	}
	return unmet
}
