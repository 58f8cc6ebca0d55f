package openai

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	api "github.com/sashabaranov/go-openai"
)

// What may go wrong with a service. Every error of this package that comes from
// one wraps one of these, and is one sentence for the user.
var (
	ErrRefused     = errors.New("openai: nobody answers")         // no server there, no such host, no network
	ErrAddress     = errors.New("openai: wrong base URL")         // something is there, but not this
	ErrCertificate = errors.New("openai: bad certificate")        //
	ErrKey         = errors.New("openai: wrong key")              // or none where one is wanted
	ErrForbidden   = errors.New("openai: not allowed")            // the key is right but may not do this
	ErrModel       = errors.New("openai: unknown model")          //
	ErrQuota       = errors.New("openai: quota used up")          //
	ErrRate        = errors.New("openai: asked too often")        // after retries
	ErrServer      = errors.New("openai: error of the server")    // after retries
	ErrRequest     = errors.New("openai: request refused")        // for a reason that the sentence gives
	ErrSlow        = errors.New("openai: service is too slow")    // nothing within FirstToken
	ErrCut         = errors.New("openai: answer was cut off")     // after its beginning
	ErrFormat      = errors.New("openai: answer in a wrong form") // not JSON, not a stream, not sound
	ErrEmpty       = errors.New("openai: empty answer")           //
)

// failure is an error that a user can be told.
type failure struct {
	kind  error
	text  string
	again bool          // worth another attempt
	after time.Duration // … not before that
	hint  string        // what the server wrote, lower case; to be looked at only
}

func (f *failure) Error() string { return "openai: " + f.text }
func (f *failure) Unwrap() error { return f.kind }

// explain makes of an error one that a user can be told. What has ended ctx comes
// first: the rest follows from it.
func (s Service) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	var (
		host   = s.host()
		syntax *json.SyntaxError
		kind   *json.UnmarshalTypeError
		lookup *net.DNSError
		record tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &lookup):
		return &failure{kind: ErrRefused, text: "there is no " + host + "; check the base URL and the network"}
	case badCertificate(err):
		return &failure{kind: ErrCertificate, text: "the certificate of " + host + " cannot be trusted; nothing was sent"}
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return &failure{kind: ErrAddress, text: host + " does not speak https; write http:// in the base URL"}
	case isOne(err, unreached):
		return &failure{kind: ErrRefused, text: "nobody answers at " + host + "; start the server, or choose another"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), isOne(err, broken):
		return s.cut()
	case errors.As(err, &syntax), errors.As(err, &kind):
		return &failure{kind: ErrFormat, text: host + " sent what cannot be read; it may not be the right kind of server"}
	case strings.Contains(err.Error(), "invalid header field value"):
		return &failure{kind: ErrKey, text: "the key has characters in it that no key has; enter it again"}
	}
	if text, kind := limits(err); text != "" {
		return &failure{kind: kind, text: s.Model + " " + text, hint: err.Error()}
	}
	var (
		timeout net.Error
		network *net.OpError
	)
	if errors.As(err, &network) || errors.As(err, &timeout) && timeout.Timeout() {
		return &failure{kind: ErrRefused, text: host + " cannot be reached; check the base URL and the network"}
	}
	return &failure{kind: ErrRequest, text: "the request to " + host + " cannot be made"}
}

// isOne says whether err is one of the system's errors.
func isOne(err error, system []syscall.Errno) bool {
	return slices.ContainsFunc(system, func(e syscall.Errno) bool { return errors.Is(err, e) })
}

// limits is what the library knows a model cannot do, before it asks.
func limits(err error) (text string, kind error) {
	switch {
	case errors.Is(err, api.ErrReasoningToolsRequireResponses):
		return "calls tools only when its reasoning effort is none", ErrRequest
	case errors.Is(err, api.ErrReasoningEffortUnsupported):
		return "does not know this reasoning effort", ErrRequest
	case errors.Is(err, api.ErrReasoningSamplingUnsupported), errors.Is(err, api.ErrReasoningModelLimitationsOther):
		return "lets nobody set its temperature", ErrRequest
	case errors.Is(err, api.ErrChatCompletionInvalidModel):
		return "cannot chat; choose another model", ErrModel
	}
	return "", nil
}

func badCertificate(err error) bool {
	var (
		verify  *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &name) || errors.As(err, &invalid)
}

// cut is worth another attempt as long as nothing has been taken of the answer.
func (s Service) cut() *failure {
	return &failure{kind: ErrCut, text: s.host() + " stopped in the middle of its answer", again: true}
}

func (s Service) slow() *failure {
	return &failure{kind: ErrSlow, text: fmt.Sprintf("%s has not begun to answer within %v", s.host(), s.firstToken())}
}
