package openai

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	api "github.com/sashabaranov/go-openai"
)

// OpenAI is the base URL of OpenAI itself.
const OpenAI = "https://api.openai.com/v1"

// FirstToken is how long a service may take to begin its answer, unless its
// Service says otherwise.
const FirstToken = 8 * time.Second

// Service is a service with OpenAI's interface, and what to ask it for. It is a
// plain value, which can be printed without giving the key away.
type Service struct {
	// BaseURL ends with the version: "http://127.0.0.1:11434/v1". Empty is OpenAI.
	BaseURL string

	// Key is asked for the key at each request, so that nothing here holds it. Nil,
	// or an empty key, sends none: most local servers want none.
	Key func() string

	// Model is the name that the service has for it.
	Model string

	// Effort is how much a chat model that reasons does so before it answers ("none",
	// "minimal", "low", …), Temperature how freely it chooses its words, 0 to 2. Empty
	// and 0 leave it to the service, which may refuse either.
	Effort      string
	Temperature float32

	// FirstToken is how long it may take until the first token, the first sound or
	// the transcription is there, retries included; 0 is the constant of that name.
	// After that, it gives up with [ErrSlow].
	FirstToken time.Duration

	// Stall is how long it may then pause in the middle before it counts as cut off
	// ([ErrCut]); 0 is FirstToken.
	Stall time.Duration

	// HTTP makes the requests; nil is a client that all such services share. See
	// [NewHTTP].
	HTTP *http.Client

	// Log is told of retries and the like, never of what is said; nil discards.
	Log *slog.Logger
}

// NewHTTP makes a client as services want it: connections are kept, so that a
// turn does not wait for a handshake, answers are not compressed, so that they
// stream, and a proxy is used where the system names one, but never to this
// machine itself. It sets no limit to an answer's length; the Service does. Its
// CloseIdleConnections ends what it keeps.
func NewHTTP() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment, // which leaves the loopback alone
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   5 * time.Second,
		MaxIdleConns:          16,
		MaxIdleConnsPerHost:   4,
		IdleConnTimeout:       5 * time.Minute,                                                                    // between two turns somebody may think
		HTTP2:                 &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 3 * time.Second}, // and find the connection dead
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true,
	}}
}

var shared = sync.OnceValue(NewHTTP)

func (s Service) http() *http.Client {
	if s.HTTP == nil {
		return shared()
	}
	return s.HTTP
}

func (s Service) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

func (s Service) key() string {
	if s.Key == nil {
		return ""
	}
	return strings.TrimSpace(s.Key())
}

func (s Service) baseURL() string {
	if base := strings.TrimSpace(s.BaseURL); base != "" {
		return base
	}
	return OpenAI
}

// host is the service's name in a sentence: without a user or a path.
func (s Service) host() string {
	u, err := url.Parse(s.baseURL())
	if err != nil || u.Host == "" {
		return "the service"
	}
	return u.Host
}

// check refuses a base URL that can be none.
func (s Service) check() error {
	u, err := url.Parse(s.baseURL())
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &failure{kind: ErrAddress, text: "the base URL is no web address; write it like http://127.0.0.1:11434/v1"}
	}
	return nil
}

// client is the library's, for one request that c makes. It is cheap, and it
// never learns the key.
func (s Service) client(c *call) *api.Client {
	c.service = s
	cfg := api.DefaultConfig("")
	cfg.BaseURL = strings.TrimRight(s.baseURL(), "/")
	cfg.HTTPClient = c
	return api.NewClientWithConfig(cfg)
}

func (s Service) firstToken() time.Duration {
	if s.FirstToken > 0 {
		return s.FirstToken
	}
	return FirstToken
}

func (s Service) stall() time.Duration {
	if s.Stall > 0 {
		return s.Stall
	}
	return s.firstToken()
}

// String names the service and the model.
func (s Service) String() string { return fmt.Sprintf("%s at %s", s.Model, s.host()) }
