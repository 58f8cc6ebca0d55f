package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"parley/engine/flite"
	"parley/engine/settings"
	"parley/engine/turn"
)

const serveUsage = `usage: parleyd serve [flags]

where
  --listen ADDRESS           default 127.0.0.1:8765; with PORT in the environment, that port: on every address
                             with --behind-proxy, else on 127.0.0.1
  --tls-cert FILE --tls-key FILE
                             a certificate and its key, in PEM; read again on SIGHUP
  --behind-proxy             a proxy in front has TLS; a token is needed even on loopback then
  --host NAME                a name that clients know it by; may be repeated. Loopback's are always known
  --allow-origin ORIGIN      whose pages may use it, as https://example.org; may be repeated
  --metrics-listen ADDRESS   /metrics there and not beside the other routes
who
  --tokens FILE              made by "parleyd token add"; read again on SIGHUP. PARLEYD_TOKENS in the environment
                             has more lines of it
how much
  --sessions N               at once; default 1000
  --sessions-per-token N     default: as many as there may be
  --requests-per-minute N    of one token; default 600
  --connections N            at once; default 4096
  --session-length TIME      default 1h
  --utterance-length TIME    default 2m
  --drain TIME               how long current replies may go on after SIGTERM; default 20s
what
  --transcribers N           utterances understood at once; default: the number of cores. Each takes some 150 MB
  --waiting N                utterances that may wait for one; default: four times as many
  --language-model DIR       the model of what people say to Parley; default: beside the program, or the user's cache;
                             none: the model of English alone
  --voice NAME               where a client names none; default rms
  --patience HOW             quick, balanced (default) or patient, with users who pause
  --responder-url URL        a language model with OpenAI's interface that answers; its key in OPENAI_API_KEY
  --responder-model NAME
  --canned                   instant stages that answer with a fixed text and tone: for load tests alone
and
  --config FILE              TOML with the same names, "_" for "-": listen = "127.0.0.1:8765". Flags go before it
  --log-level LEVEL          debug, info (default), warn or error
`

// options are what `parleyd serve` is told.
type options struct {
	listen           string
	cert, key        string
	behindProxy      bool
	hosts, origins   []string
	metricsListen    string
	tokens           string
	fixedTokens      string // lines of a token file
	sessions         int
	sessionsPerToken int
	requests         int
	connections      int
	sessionLength    time.Duration
	utteranceLength  time.Duration
	drain            time.Duration
	transcribers     int
	waiting          int
	languageModel    string
	voice            string
	patience         turn.Patience
	responderURL     string
	responderModel   string
	responderKey     string
	canned           bool
	config           string
	level            slog.Level
}

// defaults are the options of someone who says nothing.
func defaults() (options, error) {
	data, err := settings.DataDir()
	if err != nil {
		return options{}, err
	}
	return options{
		listen: "127.0.0.1:8765", tokens: filepath.Join(data, "parleyd", "tokens"), sessions: 1000, requests: 600, connections: 4096,
		sessionLength: time.Hour, utteranceLength: 2 * time.Minute, drain: 20 * time.Second,
		transcribers: runtime.NumCPU(), voice: "rms", patience: turn.Balanced,
	}, nil
}

// flags says which flag sets what.
func (o *options) flags() *flag.FlagSet {
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	for name, to := range map[string]*string{
		"listen": &o.listen, "tls-cert": &o.cert, "tls-key": &o.key, "metrics-listen": &o.metricsListen, "tokens": &o.tokens,
		"language-model": &o.languageModel, "responder-url": &o.responderURL, "responder-model": &o.responderModel, "config": &o.config,
	} {
		f.StringVar(to, name, *to, "")
	}
	for name, to := range map[string]*int{
		"sessions": &o.sessions, "sessions-per-token": &o.sessionsPerToken, "requests-per-minute": &o.requests,
		"connections": &o.connections, "transcribers": &o.transcribers, "waiting": &o.waiting,
	} {
		f.Var(positive{to}, name, "")
	}
	for name, to := range map[string]*time.Duration{
		"session-length": &o.sessionLength, "utterance-length": &o.utteranceLength, "drain": &o.drain,
	} {
		f.Var(span{to}, name, "")
	}
	for name, to := range map[string]*[]string{"host": &o.hosts, "allow-origin": &o.origins} {
		f.Func(name, "", func(text string) error {
			*to = append(*to, text)
			return nil
		})
	}
	f.BoolVar(&o.behindProxy, "behind-proxy", false, "")
	f.BoolVar(&o.canned, "canned", false, "")
	f.Func("voice", "", oneOf(&o.voice, flite.Voices()...))
	f.Func("patience", "", oneOf(&o.patience, turn.Quick, turn.Balanced, turn.Patient))
	f.TextVar(&o.level, "log-level", o.level, "")
	return f
}

// parseServe reads flags, environment and file: flags go before the environment,
// and that before the file. The error is [flag.ErrHelp], or says what is wrong.
func parseServe(args []string, env func(string) string) (options, error) {
	o, err := defaults()
	if err != nil {
		return o, err
	}
	f := o.flags()
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected %q", f.Arg(0))
	}
	given := make(map[string]bool)
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.config != "" {
		if err := readConfig(o.config, f, given); err != nil {
			return o, err
		}
	}
	if port := env("PORT"); port != "" && !given["listen"] {
		host := "127.0.0.1"
		if o.behindProxy {
			host = "0.0.0.0"
		}
		o.listen = net.JoinHostPort(host, port)
	}
	if o.waiting == 0 {
		o.waiting = 4 * o.transcribers
	}
	o.fixedTokens = env("PARLEYD_TOKENS")
	o.responderKey = env("OPENAI_API_KEY")
	for _, name := range []string{"RAILWAY_PUBLIC_DOMAIN", "RENDER_EXTERNAL_HOSTNAME"} { // hosts that say how we are called
		if host := env(name); host != "" {
			o.hosts = append(o.hosts, host)
		}
	}
	return o, nil
}

// configLimit is more than any sensible file has, in bytes.
const configLimit = 64 << 10

// readConfig sets what the file at path says and no flag has said; what it has set
// is then given, too.
func readConfig(path string, f *flag.FlagSet, given map[string]bool) error {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer file.Close()
	values := make(map[string]any)
	if _, err := toml.NewDecoder(io.LimitReader(file, configLimit)).Decode(&values); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		known := f.Lookup(strings.ReplaceAll(name, "_", "-"))
		if known == nil || known.Name == "config" || strings.Contains(name, "-") {
			return fmt.Errorf("%s: there is no setting %q; \"parleyd serve -h\" lists them", path, name)
		}
		if given[known.Name] {
			continue
		}
		given[known.Name] = true
		many, ok := values[name].([]any)
		if !ok {
			many = []any{values[name]}
		}
		for _, v := range many {
			if err := known.Value.Set(fmt.Sprint(v)); err != nil {
				return fmt.Errorf("%s: %s = %v: %w", path, name, v, err)
			}
		}
	}
	return nil
}

// positive is a whole number from 1.
type positive struct{ to *int }

// String implements [flag.Value].
func (p positive) String() string { return "" }

// Set implements [flag.Value].
func (p positive) Set(text string) error {
	var n int
	if _, err := fmt.Sscanf(text+"\n", "%d\n", &n); err != nil || n < 1 || n > 1_000_000 {
		return errors.New("want a whole number from 1 to 1000000")
	}
	*p.to = n
	return nil
}

// span is a duration over 0.
type span struct{ to *time.Duration }

// String implements [flag.Value].
func (s span) String() string { return "" }

// Set implements [flag.Value].
func (s span) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return errors.New(`want a time such as "20s" or "1h"`)
	}
	*s.to = d
	return nil
}

// oneOf takes one of some words.
func oneOf[T ~string](to *T, words ...T) func(string) error {
	return func(text string) error {
		if !slices.Contains(words, T(text)) {
			return fmt.Errorf("want one of %q", words)
		}
		*to = T(text)
		return nil
	}
}
