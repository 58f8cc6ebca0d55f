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
	"net/http"
	"strings"
	"syscall"
	"time"
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

// longestRemark is how much of a server's own words a sentence takes up, in bytes.
const longestRemark = 200

// refusal is what an answer with a status other than success means.
func (s Service) refusal(resp *http.Response, body []byte) *failure {
	f := s.statusFailure(resp.StatusCode, body, resp.Request.URL.Path)
	f.after = retryAfter(resp.Header)
	return f
}

func (s Service) statusFailure(status int, body []byte, path string) *failure {
	said := readRemark(body)
	f := &failure{hint: strings.ToLower(said.Message + " " + said.code())}
	host := s.host()
	switch {
	case status == http.StatusUnauthorized && s.key() == "":
		f.kind, f.text = ErrKey, host+" wants a key; enter one in the settings"
	case status == http.StatusUnauthorized:
		f.kind, f.text = ErrKey, host+" does not accept the key; check it in the settings"
	case status == http.StatusForbidden:
		f.kind, f.text = ErrForbidden, fmt.Sprintf("%s does not allow the use of %s with this key", host, s.Model)
	case status == http.StatusNotFound && strings.Contains(f.hint, "model"),
		status == http.StatusBadRequest && unknownModel(f.hint):
		f.kind, f.text = ErrModel, fmt.Sprintf("%s has no model %q; choose one that it has", host, s.Model)
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		f.kind, f.text = ErrAddress, fmt.Sprintf("%s knows no %s; check the base URL, which mostly ends in /v1", host, path)
	case status == http.StatusPaymentRequired, strings.Contains(f.hint, "insufficient_quota"):
		f.kind, f.text = ErrQuota, "the quota at "+host+" is used up; look at your account there"
	case status == http.StatusTooManyRequests:
		f.kind, f.text, f.again = ErrRate, host+" is being asked too often; wait a moment", true
	case status >= 500 && noTools(f):
		f.kind, f.text = ErrServer, host+" cannot call tools"
	case status >= 500:
		f.kind, f.text, f.again = ErrServer, fmt.Sprintf("%s has an error of its own (%d)%s", host, status, s.quoted(said)), true
	case status >= 300 && status < 400:
		f.kind, f.text = ErrAddress, host+" sends on to another address; enter that one as the base URL"
	default:
		f.kind, f.text = ErrRequest, fmt.Sprintf("%s refuses the request (%d)%s", host, status, s.quoted(said))
	}
	return f
}

func unknownModel(hint string) bool {
	if !strings.Contains(hint, "model") {
		return false
	}
	for _, words := range []string{"not found", "does not exist", "unknown model", "invalid model", "model_not_found", "not a valid model"} {
		if strings.Contains(hint, words) {
			return true
		}
	}
	return false
}

// noTools says whether a failure means that the server, or the model, cannot call
// tools. There is no code for it; these are the words of ollama, llama.cpp and vLLM.
func noTools(f *failure) bool {
	if !strings.Contains(f.hint, "tool") {
		return false
	}
	for _, words := range []string{"support", "--jinja", "enable-auto-tool-choice"} {
		if strings.Contains(f.hint, words) {
			return true
		}
	}
	return false
}

// remark is what a server wrote about an error, in any of the ways there are.
type remark struct {
	Message string
	Type    string
	Code    any
}

func (r remark) code() string { return fmt.Sprint(r.Type, " ", r.Code) }

// readRemark finds {"error": {"message": …}}, {"error": "…"}, {"message": "…"} or
// {"detail": "…"}; other bodies say nothing that a person should read.
func readRemark(body []byte) remark {
	var outer struct {
		Error   json.RawMessage `json:"error"`
		Message json.RawMessage `json:"message"`
		Detail  json.RawMessage `json:"detail"`
		Type    any             `json:"type"`
		Code    any             `json:"code"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return remark{}
	}
	var inner struct {
		Message any `json:"message"`
		Type    any `json:"type"`
		Code    any `json:"code"`
	}
	if len(outer.Error) > 0 && json.Unmarshal(outer.Error, &inner) == nil {
		text, _ := inner.Message.(string)
		kind, _ := inner.Type.(string)
		return remark{Message: text, Type: kind, Code: inner.Code}
	}
	kind, _ := outer.Type.(string)
	r := remark{Type: kind, Code: outer.Code}
	for _, raw := range []json.RawMessage{outer.Error, outer.Message, outer.Detail} {
		if r.Message == "" && json.Unmarshal(raw, &r.Message) != nil {
			r.Message = ""
		}
	}
	return r
}

// quoted is a server's remark for the end of a sentence: one line, not long, and
// without the key, should the server have repeated it.
func (s Service) quoted(said remark) string {
	text := strings.Join(strings.Fields(said.Message), " ")
	if key := s.key(); key != "" {
		text = strings.ReplaceAll(text, key, "…")
	}
	if len(text) > longestRemark {
		text = strings.ToValidUTF8(text[:longestRemark], "") + "…"
	}
	if text == "" {
		return ""
	}
	return ": " + text
}

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
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return &failure{kind: ErrRefused, text: "nobody answers at " + host + "; start the server, or choose another"}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return s.cut()
	case errors.As(err, &syntax), errors.As(err, &kind):
		return &failure{kind: ErrFormat, text: host + " sent what cannot be read; it may not be the right kind of server"}
	case strings.Contains(err.Error(), "invalid header field value"):
		return &failure{kind: ErrKey, text: "the key has characters in it that no key has; enter it again"}
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
