package tutor

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var full = fmt.Sprintf("I already have %d timers. Please cancel one first.", mostTimers)

const howLong = "For how long? You can say, for instance: set a timer for ten minutes."

var (
	settings = compile(
		"(set|~said|~sent|~sat|start|make|create|put|begin|run|give me|set me|start me) [up] [a|an|the|another|my] timer (for|of|to|on|at|~four) {duration} (called|named|labeled|for) {label}",
		"(set|~said|~sent|~sat|start|make|create|put|begin|run|give me|set me|start me) [up] [a|an|the|another|my] timer (for|of|to|on|at|~four) {duration}",
		"(set|~said|~sent|~sat|start|make|create|put|begin|run|give me|set me|start me) [up] [a|an|the|another|my] {label} timer (for|of|to|at|~four) {duration}",
		"(set|~said|~sent|~sat|start|make|create|put|begin|run|give me|set me|start me) [up] [a|an|the|another|my] {duration} timer (called|named|labeled|for) {label}",
		"(set|~said|~sent|~sat|start|make|create|put|begin|run|give me|set me|start me) [up] [a|an|the|another|my] {duration} timer",
		"(set|start|make|create|put) [a|an|the|another] timer (called|named|labeled|for) {label} (for|of) {duration}",
		"(set|start|make) [a|an|the|another] timer {duration}", "set a (~time her|~time or|time) for {duration}",
		"(timer|time|a timer) [for|of] {duration}", "{duration} timer", "count down [from] {duration}", "(wake me up|wake me|call me|alert me|tell me|beep|ping me) in {duration}", "set [an|the|my] alarm (for|in) {duration}",
		"[set] [an] alarm in {duration}")
	wantsTimer = compile("(set|start|make|create) [up] [a|an|the|another|my] [new] timer", "[a|new] timer", "i need a timer", "set a timer (for|to|of) {whatever}")
	cancels    = compile("(cancel|stop|delete|clear|remove|kill|end|turn off) {which}")
	timerWord  = regexp.MustCompile(`(?i)\b(timer|reminder|alarm)s?\b`)
	alarms     = compile(
		"(set|make|create) [an|the|my|a|another] (alarm|alarm clock) (for|at|to) {time}", "(wake me|wake me up|get me up) (at|tomorrow at) {time}", "wake me [up] {time}", "[an|a] alarm (for|at) {time}",
		"remind me at {time} (to|that|about|~two) {task}", "remind me (to|that|about|~two) {task} at {time}", "remind me tomorrow (to|about) {task} at {time}", "set a reminder (for|at) {time} (to|about) {task}", "at {time} remind me (to|about) {task}")
	reminders = compile(
		"remind me in {duration} (to|that|about|~two) {task}",
		"remind me (to|that|about|~two) {task} in {duration}",
		"in {duration} remind me (to|that|about|~two) {task}",
		"set a reminder (for|in) {duration} (to|about) {task}",
		"set a reminder (to|about) {task} in {duration}")
)

func (t *Tutor) timerSkills() []Skill {
	return []Skill{
		{
			Name:        "set_timer",
			Description: "Sets a timer or a reminder, which is spoken when it ends.",
			Args: []Arg{
				{"duration", Duration, "From now until it ends; at most thirty days.", true},
				{"label", Text, `What it is for: "pasta".`, false},
				{"task", Text, `Of a reminder, what to do: "call mom".`, false},
			},
			phrases: slices.Concat(reminders, settings),
			match: func(h heard, sc scene) (args, bool) {
				for _, ps := range []phrases{reminders, settings} {
					for i := range ps {
						m, ok := ps[i : i+1].match(h.text)
						if !ok {
							continue
						}
						if d, ok := parseDuration(timeAfter(m.text("duration"))); ok {
							m["duration"] = d
							return m, true
						}
					}
				}
				// The answer to the question how long.
				if sc.lastReply() == howLong {
					if d, ok := parseDuration(strings.TrimPrefix(h.text, "for ")); ok {
						return args{"duration": d}, true
					}
				}
				return nil, false
			},
			do: t.setTimer,
		},
		{
			Name:        "set_alarm",
			Description: "Sets an alarm or a reminder for a time of day.",
			Args: []Arg{
				{"time", Text, `"seven thirty", "6 pm", "tomorrow at eight", "noon".`, true},
				{"task", Text, `Of a reminder, what to do: "call mom".`, false},
			},
			phrases: alarms,
			match: func(h heard, sc scene) (args, bool) {
				for i := range alarms {
					m, ok := alarms[i : i+1].match(h.text)
					if !ok {
						continue
					}
					if _, ok := parseHour(m.text("time"), sc.at); ok {
						return m, true
					}
				}
				return nil, false
			},
			do: t.setAlarm,
		},
		{
			Name:        "ask_timer",
			Description: "Asks how long a timer shall run.",
			phrases:     wantsTimer,
			match: func(h heard, _ scene) (args, bool) {
				_, ok := wantsTimer.match(h.text)
				return nil, ok
			},
			do: func(context.Context, scene, args) (Answer, error) { return say(howLong), nil },
		},
		{
			Name:        "list_timers",
			Description: "Says which timers are running and how long each has left.",
			Args:        []Arg{{"which", Text, "The timer's label or duration; all if left out.", false}},
			phrases: compile("how (long|much time|much longer|many minutes|much) (is|are|do i have|have i|is there|is still) [still] (left|remaining|to go|left to go) [on|for|in|of|with] [the|my|that] [{which}] [timer|timers]",
				"how (long|much time|much longer|many minutes|much) [is] (left|remaining|to go) [on|for|in|of] [the|my] [{which}] (timer|timers)", "how (long|much time|much longer|many minutes) [left|remaining]",
				"(what|which) timers (are running|do i have|are there|are set|are on|are active) [now]", "(list|show|tell me|read) [all] [my|the] [running] timers", "[do i have|are there|have i got] [any] (timer|timers) [running|set|left]", "what is left on [the|my] [{which}] timer",
				"(check|status of) [the|my] [{which}] timer", "when (is|does|will) [the|my] [{which}] timer (done|end|go off|ready|over|finish|finished|be done)", "what (is|are) [my|the] (timer|timers) [at|on]"),
			do: t.listTimers,
		},
		{
			Name:        "cancel_timer",
			Description: "Cancels a timer, or all of them.",
			Args:        []Arg{{"which", Text, `The timer's label or duration, or "all"; may be left out when there is one.`, false}},
			phrases:     cancels,
			match: func(h heard, _ scene) (args, bool) {
				m, ok := cancels.match(h.text)
				return m, ok && timerWord.MatchString(m.text("which"))
			},
			do: t.cancelTimer,
		},
	}
}

// timeAfter drops what may stand before a duration.
func timeAfter(text string) string {
	for _, before := range []string{"about ", "another "} {
		text = strings.TrimPrefix(text, before)
	}
	return text
}

func (t *Tutor) setTimer(_ context.Context, sc scene, a args) (Answer, error) {
	d := a.duration("duration")
	tm := timer{name: spanName(d), task: secondPerson(a.text("task")), ends: sc.at.Add(d)}
	sentence := fmt.Sprintf("Your %s timer is set.", tm.name)
	switch {
	case tm.task != "":
		sentence = fmt.Sprintf("I'll remind you in %s: %s.", span(d), tm.task)
	case a.text("label") != "":
		tm.name = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(a.text("label")), "the "), "my ")
		sentence = fmt.Sprintf("Your %s timer is set for %s.", tm.name, span(d))
	}
	if len(t.timers.running()) >= mostTimers {
		return say(full), nil
	}
	return Answer{Sentences: []string{sentence}, Effect: func(context.Context) error {
		// It runs from when the turn is committed, which may be a moment later
		// than when the answer was prepared.
		tm.ends = t.now().Add(d)
		return t.timers.add(tm)
	}}, nil
}

func (t *Tutor) setAlarm(_ context.Context, sc scene, a args) (Answer, error) {
	at, ok := parseHour(a.text("time"), sc.at)
	if !ok {
		return say("I didn't understand that time of day."), nil
	}
	tm := timer{name: "alarm", task: secondPerson(a.text("task")), hour: clockTime(at), ends: at}
	day := ""
	if at.Day() != sc.at.Day() {
		day = " tomorrow"
	}
	sentence := fmt.Sprintf("Your alarm is set for %s%s.", tm.hour, day)
	if tm.task != "" {
		sentence = fmt.Sprintf("I'll remind you at %s%s: %s.", tm.hour, day, tm.task)
	}
	if len(t.timers.running()) >= mostTimers {
		return say(full), nil
	}
	return Answer{Sentences: []string{sentence}, Effect: func(context.Context) error { return t.timers.add(tm) }}, nil
}

func (t *Tutor) listTimers(_ context.Context, sc scene, a args) (Answer, error) {
	all := t.timers.running()
	if len(all) == 0 {
		return say("No timer is running."), nil
	}
	found := chosen(all, a.text("which"))
	if len(found) == 0 {
		return say("I have no timer of that name."), nil
	}
	if len(found) > 1 {
		sentences := []string{fmt.Sprintf("You have %s timers.", brief(float64(len(found))))}
		for _, tm := range found[:min(4, len(found))] {
			sentences = append(sentences, left(tm, sc.at))
		}
		return say(sentences...), nil
	}
	return say(left(found[0], sc.at)), nil
}

func left(tm timer, now time.Time) string {
	return fmt.Sprintf("Your %s has %s left.", tm.title(), span(max(tm.ends.Sub(now), time.Second)))
}

func (t *Tutor) cancelTimer(_ context.Context, _ scene, a args) (Answer, error) {
	all := t.timers.running()
	if len(all) == 0 {
		return say("No timer is running."), nil
	}
	found := chosen(all, a.text("which"))
	which := strings.TrimPrefix(strings.ToLower(a.text("which")), "my ")
	switch {
	case len(found) == 0:
		return say("I have no timer of that name."), nil
	case len(found) > 1 && which != "all" && !strings.HasPrefix(which, "all ") && !strings.HasPrefix(which, "both") && !strings.HasPrefix(which, "every"):
		return say(fmt.Sprintf("You have %s timers. Which one? You can also say: cancel all timers.", brief(float64(len(found))))), nil
	}
	ids := make([]int, len(found))
	for i, tm := range found {
		ids[i] = tm.id
	}
	sentence := fmt.Sprintf("I've canceled your %s.", found[0].title())
	if len(found) == 2 {
		sentence = "I've canceled both of them."
	} else if len(found) > 2 {
		sentence = fmt.Sprintf("I've canceled all %s of them.", brief(float64(len(found))))
	}
	return Answer{Sentences: []string{sentence}, Effect: func(context.Context) error {
		t.timers.cancel(ids...)
		return nil
	}}, nil
}

// chosen are the timers that the words mean; every one for "all" or no words.
func chosen(all []timer, which string) []timer {
	var names []string
	for _, w := range strings.Fields(strings.ToLower(strings.ReplaceAll(which, "-", " "))) {
		switch w {
		case "the", "my", "a", "that", "this", "all", "of", "both", "every", "for", "about", "timer", "timers", "alarm", "alarms", "reminder", "reminders", "to":
		default:
			names = append(names, strings.TrimSuffix(w, "s"))
		}
	}
	var found []timer
	kind := ""
	if m := timerWord.FindStringSubmatch(which); m != nil {
		kind = strings.ToLower(m[1])
	}
	for _, tm := range all {
		if (kind == "alarm" && tm.hour == "") || (kind == "reminder" && tm.task == "") {
			continue
		}
		has := strings.ReplaceAll(strings.ToLower(tm.name+" "+tm.task+" "+tm.hour), "-", " ")
		if d, ok := parseDuration(strings.Join(names, " ")); ok && spanName(d) == tm.name {
			found = append(found, tm)
			continue
		}
		matches := true
		for _, n := range names {
			matches = matches && strings.Contains(has, n)
		}
		if matches {
			found = append(found, tm)
		}
	}
	return found
}
