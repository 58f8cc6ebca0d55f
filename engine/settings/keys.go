package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// key is a setting as the file has it.
type key struct {
	name    string
	comment string                     // what it is, for the file
	allowed string                     // what its value must be, for a notice: "a number from 0.5 to 2"
	get     func(*Settings) any        // as TOML
	set     func(*Settings, any) error // errNotAllowed leaves the setting as it was
}

var errNotAllowed = errors.New("settings: value not allowed")

// keys are all settings, in the file's order.
var keys = slices.Concat([]key{
	device("microphone", `The microphone's name as "parley doctor" lists it; "" is the system's default.`,
		func(s *Settings) *string { return &s.Microphone }),
	device("speaker", `The speaker's name as "parley doctor" lists it; "" is the system's default.`,
		func(s *Settings) *string { return &s.Speaker }),
	flag("echo_cancel", "Take the speaker's sound out of the microphone's. Headphones can do without.",
		func(s *Settings) *bool { return &s.EchoCancel }),
	choice("keep", "How long conversations are kept; off writes nothing of what is said to disk", func(s *Settings) *Keep { return &s.Keep }, Forever, Month, KeptNever),
	choice("patience", "How long to wait, when you fall silent, before answering", func(s *Settings) *Patience { return &s.Patience }, Quick, Balanced, Patient),
	choice("barge_in", "How much it takes to interrupt an answer by speaking", func(s *Settings) *BargeIn { return &s.BargeIn }, Easily, Normally, Insist),
	choice("voice", "Who speaks", func(s *Settings) *Voice { return &s.Voice }, RMS, SLT),
	number("speed", "How fast it speaks; 1 is normal", func(s *Settings) *float64 { return &s.Speed }, MinSpeed, MaxSpeed),
}, service("transcriber", "Who understands speech", func(s *Settings) *Service { return &s.Transcriber }),
	service("responder", "Who answers", func(s *Settings) *Service { return &s.Responder }),
	service("lesson", "Who writes lessons", func(s *Settings) *Service { return &s.Lesson }),
	service("synthesizer", "Who speaks, instead of a built-in voice", func(s *Settings) *Service { return &s.Synthesizer }), []key{
		text("synthesizer_voice", `The voice there, as the server names it; "" is its own choice.`, "a voice's name in quotes, on one line",
			func(t string) bool { return isLine(t, modelLength) }, func(s *Settings) *string { return &s.Synthesizer.Voice }),
		number("answer_within", "How many seconds a server may take before the built-in engine goes on", func(s *Settings) *float64 { return &s.AnswerWithin }, MinAnswer, MaxAnswer),
		toolServers(),
		text("remote_url", `A Parley on another computer that answers instead of this one: its base address, such as "https://parley.example.org"; "" is none.`,
			`an address such as "https://parley.example.org", without a password or a query, or ""`, isRemote, func(s *Settings) *string { return &s.Remote }),
		flag("remote_stand_in", "Go on with the built-in engine while the other computer is away.", func(s *Settings) *bool { return &s.RemoteStandIn }),
		flag("start_at_login", "Start with the desktop.", func(s *Settings) *bool { return &s.StartAtLogin }),
		flag("tray", "Show an icon in the desktop's tray.", func(s *Settings) *bool { return &s.Tray }),
		flag("greeted", "The first start's screen has been seen.", func(s *Settings) *bool { return &s.Greeted }),
		choice("theme", "How the window looks", func(s *Settings) *Theme { return &s.Theme }, System, Light, Dark),
		number("text_size", "How large the window's text is, in percent", func(s *Settings) *int { return &s.TextSize }, MinText, MaxText),
		number("window_width", "How wide the window was when last closed", func(s *Settings) *int { return &s.WindowWidth }, MinWindow, MaxWindow),
		number("window_height", "How high the window was when last closed", func(s *Settings) *int { return &s.WindowHeight }, MinWindow, MaxWindow),
		number("side_width", "How wide the list of conversations was", func(s *Settings) *int { return &s.SideWidth }, MinPanel, MaxPanel),
		orNone(number("lesson_width", "How wide the lesson was", lessonWidth, MinPanel, MaxPanel), lessonWidth),
	})

func lessonWidth(s *Settings) *int { return &s.LessonWidth }

// deviceLength is how many bytes of a device's name make sense.
const deviceLength = 512

func device(name, comment string, field func(*Settings) *string) key {
	return text(name, comment, "a device's name in quotes, on one line", func(t string) bool { return isLine(t, deviceLength) }, field)
}

func flag(name, comment string, field func(*Settings) *bool) key {
	return key{
		name:    name,
		comment: comment + " true or false.",
		allowed: "true or false",
		get:     func(s *Settings) any { return *field(s) },
		set: func(s *Settings, v any) error {
			on, ok := v.(bool)
			if !ok {
				return errNotAllowed
			}
			*field(s) = on
			return nil
		},
	}
}

func choice[T ~string](name, comment string, field func(*Settings) *T, options ...T) key {
	quoted := make([]string, len(options))
	for i, option := range options {
		quoted[i] = fmt.Sprintf("%q", string(option))
	}
	last := len(quoted) - 1
	allowed := strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	return key{
		name:    name,
		comment: comment + ": " + allowed + ".",
		allowed: allowed,
		get:     func(s *Settings) any { return string(*field(s)) },
		set: func(s *Settings, v any) error {
			for _, option := range options {
				if v == string(option) {
					*field(s) = option
					return nil
				}
			}
			return errNotAllowed
		},
	}
}

func number[T int | float64](name, comment string, field func(*Settings) *T, lowest, highest T) key {
	allowed := fmt.Sprintf("%v to %v", lowest, highest)
	kind := "a whole number from "
	if T(1)/2 != 0 {
		kind = "a number from "
	}
	return key{
		name:    name,
		comment: comment + ": " + allowed + ".",
		allowed: kind + allowed,
		get:     func(s *Settings) any { return *field(s) },
		set: func(s *Settings, v any) error {
			var n T
			switch v := v.(type) {
			case int64: // how the parser gives a whole number
				n = T(v)
			case float64:
				n = T(v)
				if float64(n) != v { // a fraction where none is wanted, or not a number
					return errNotAllowed
				}
			default:
				return errNotAllowed
			}
			if inRange := n >= lowest && n <= highest; !inRange { // also what is not a number
				return errNotAllowed
			}
			*field(s) = n
			return nil
		},
	}
}

// orNone lets a number also be 0, for what is not chosen.
func orNone(k key, field func(*Settings) *int) key {
	k.comment = strings.TrimSuffix(k.comment, ".") + "; 0 is as there is room."
	k.allowed += ", or 0"
	inRange := k.set
	k.set = func(s *Settings, v any) error {
		if v == int64(0) || v == float64(0) {
			*field(s) = 0
			return nil
		}
		return inRange(s, v)
	}
	return k
}
