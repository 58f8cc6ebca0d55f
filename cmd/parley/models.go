package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/cmd/parley/backend"
	"parley/engine/lesson"
	"parley/engine/localservers"
	"parley/engine/openai"
	"parley/engine/settings"
)

const modelsUsage = `usage: parley models                              what is chosen, and the model servers found on this computer
       parley models use STAGE SERVER [MODEL [VOICE]]  SERVER is an address such as https://api.openai.com/v1, or a name
                                                  that "parley models" lists; nothing is sent to it before you choose it
       parley models use STAGE builtin            the built-in engine again
       parley models key SERVER                   keep the key that is typed, or piped in
       parley models forget SERVER                forget its key
       parley models test                         ask what is chosen whether it works
       parley models prompts                      write the prompts to files that you can change
STAGE is responder (answers), lesson, transcriber (understands speech) or synthesizer (speaks).
`

// stage is one whose work a service can do.
type stage struct {
	name string
	of   func(*settings.Settings) *settings.Service
}

// stages are the settings of those who can do a stage's work.
var stages = []stage{
	{"responder", func(s *settings.Settings) *settings.Service { return &s.Responder }},
	{"lesson", func(s *settings.Settings) *settings.Service { return &s.Lesson }},
	{"transcriber", func(s *settings.Settings) *settings.Service { return &s.Transcriber }},
	{"synthesizer", func(s *settings.Settings) *settings.Service { return &s.Synthesizer }},
}

// builtIn is who does it where no service is chosen.
func (s stage) builtIn() string {
	if !ownSpeech && (s.name == "transcriber" || s.name == "synthesizer") {
		return "nobody: this build has no engine for it"
	}
	return "the built-in engine"
}

// chooser does `parley models`.
type chooser struct {
	cons  console
	in    io.Reader
	ports []int // asked for local servers
	path  string
	*services
}

// models is `parley models`.
func models(ctx context.Context, args []string, cons console, log *slog.Logger) int {
	path, err := settings.ConfigPath()
	if err != nil {
		return cons.fail(err)
	}
	s, notices, err := settings.Load(path)
	for _, n := range notices {
		fmt.Fprintln(cons.err, "parley:", n)
	}
	if err != nil {
		return cons.fail(err)
	}
	all, err := newServices(s, log)
	if err != nil {
		return cons.fail(err)
	}
	defer all.close()
	err = chooser{cons: cons, in: os.Stdin, ports: localservers.Ports(), path: path, services: all}.run(ctx, args)
	var wrong usageError
	if errors.As(err, &wrong) {
		fmt.Fprintf(cons.err, "parley models: %v\n%s", err, modelsUsage)
		return exitUsage
	}
	if err != nil {
		return cons.fail(err)
	}
	return exitOK
}

func (c chooser) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return c.list(ctx)
	}
	switch name, rest := args[0], args[1:]; {
	case name == "use" && len(rest) >= 2 && len(rest) <= 4:
		return c.use(ctx, rest)
	case name == "key" && len(rest) == 1:
		return c.key(ctx, rest[0])
	case name == "forget" && len(rest) == 1:
		return c.forget(ctx, rest[0])
	case name == "test" && len(rest) == 0:
		return c.test(ctx)
	case name == "prompts" && len(rest) == 0:
		return c.writePrompts()
	}
	return usageError("not understood: " + strings.Join(args, " "))
}

// list tells what is chosen and what there is.
func (c chooser) list(ctx context.Context) error {
	for _, stage := range stages {
		chosen, what := *stage.of(&c.chosen), stage.builtIn()
		if chosen.URL != "" {
			what = strings.TrimSpace(fmt.Sprintf("%s %s %s", chosen.URL, chosen.Model, chosen.Voice))
		}
		fmt.Fprintf(c.cons.out, "%-12s %s\n", stage.name, what)
	}
	found := localservers.Find(ctx, c.ports...)
	if len(found) == 0 {
		fmt.Fprintln(c.cons.out, "No model server was found on this computer.")
	}
	for _, s := range found {
		fmt.Fprintf(c.cons.out, "\n%s at %s\n", s.Name, s.URL)
		for _, m := range s.Models {
			fmt.Fprintf(c.cons.out, "  %s %s\n", m.ID, m.Task)
		}
	}
	if len(found) > 0 {
		fmt.Fprintf(c.cons.out, "\nTo let one answer: parley models use responder %s MODEL\n", found[0].URL)
	}
	return nil
}

// address is the server's base address: as given, or of the local server of that
// name.
func (c chooser) address(ctx context.Context, server string) (string, error) {
	if u, err := url.Parse(server); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return server, nil
	}
	for _, s := range localservers.Find(ctx, c.ports...) {
		if strings.EqualFold(s.Name, server) {
			return s.URL, nil
		}
	}
	return "", fmt.Errorf("models: %q is neither an address nor a server that runs on this computer; see parley models", server)
}

// use chooses a service for a stage: STAGE SERVER [MODEL [VOICE]].
func (c chooser) use(ctx context.Context, args []string) error {
	i := slices.IndexFunc(stages, func(s stage) bool { return s.name == args[0] })
	if i < 0 {
		return usageError("there is no stage " + args[0])
	}
	var chosen settings.Service
	if args[1] != "builtin" {
		at, err := c.address(ctx, args[1])
		if err != nil {
			return err
		}
		rest := append(args[2:], "", "")
		chosen = settings.Service{URL: at, Model: rest[0]}
		if args[0] == "synthesizer" {
			chosen.Voice = rest[1]
		}
	}
	if err := settings.Update(c.path, func(s *settings.Settings) { *stages[i].of(s) = chosen }); err != nil {
		return err
	}
	fmt.Fprintf(c.cons.out, "%s: %s, from the next start on.\n", args[0], cmp.Or(chosen.URL, stages[i].builtIn()))
	return nil
}

// host is what a server's key is kept by. A Parley on another computer is a server,
// too: its address may be written as "parley talk --remote" takes it.
func (c chooser) host(ctx context.Context, server string) (string, error) {
	at := server
	if !strings.ContainsAny(server, ".:") {
		var err error
		if at, err = c.address(ctx, server); err != nil {
			return "", err
		}
	}
	u, err := backend.Base(at)
	if err != nil {
		return "", fmt.Errorf("models: %q is no address", server)
	}
	return u.Host, nil
}

// key keeps the key that is typed.
func (c chooser) key(ctx context.Context, server string) error {
	host, err := c.host(ctx, server)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.cons.err, "The key for %s: ", host)
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("models: reading the key: %w", err)
	}
	kept, err := c.keys.Keep(ctx, host, strings.TrimSpace(line))
	if err != nil {
		return err
	}
	fmt.Fprintln(c.cons.out, kept.Where)
	return nil
}

// forget forgets a server's key.
func (c chooser) forget(ctx context.Context, server string) error {
	host, err := c.host(ctx, server)
	if err != nil {
		return err
	}
	if err := c.keys.Forget(ctx, host); err != nil {
		return err
	}
	fmt.Fprintf(c.cons.out, "The key for %s is forgotten.\n", host)
	return nil
}

// testWithin is how long a service has to list its models.
const testWithin = 10 * time.Second

// test asks each chosen service for its models.
func (c chooser) test(ctx context.Context) error {
	var failed error
	for _, stage := range stages {
		chosen := *stage.of(&c.chosen)
		if chosen.URL == "" {
			continue
		}
		service := c.service(chosen)
		ctx, cancel := context.WithTimeout(ctx, testWithin)
		names, err := openai.Models(ctx, c.http, chosen.URL, service.Key())
		cancel()
		switch {
		case err != nil:
			failed = cmp.Or(failed, fmt.Errorf("models: %s does not work", stage.name))
			fmt.Fprintf(c.cons.out, "not ok  %-12s %v\n", stage.name, err)
		case chosen.Model != "" && len(names) > 0 && !slices.Contains(names, chosen.Model):
			failed = cmp.Or(failed, fmt.Errorf("models: %s does not work", stage.name))
			fmt.Fprintf(c.cons.out, "not ok  %-12s %s does not list the model %q; it has %s\n", stage.name, chosen.URL, chosen.Model, strings.Join(names, ", "))
		default:
			fmt.Fprintf(c.cons.out, "ok      %-12s %s, %d models\n", stage.name, chosen.URL, len(names))
		}
	}
	return failed
}

// writePrompts writes the prompts that are not there yet, to be changed.
func (c chooser) writePrompts() error {
	if err := os.MkdirAll(c.prompts, 0o700); err != nil {
		return fmt.Errorf("models: %w", err)
	}
	for _, p := range []struct{ name, text string }{{"voice", openai.VoicePrompt()}, {"summary", openai.SummaryPrompt()}, {"lesson", lesson.Prompt}} {
		path := filepath.Join(c.prompts, p.name+".md")
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			fmt.Fprintln(c.cons.out, path, "is there already, and yours")
			continue
		}
		if err != nil {
			return fmt.Errorf("models: %w", err)
		}
		_, err = io.WriteString(f, p.text)
		if err := errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("models: %w", err)
		}
		fmt.Fprintln(c.cons.out, path)
	}
	return nil
}
