package openai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

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
	case status == http.StatusUnauthorized, status == http.StatusBadRequest && strings.Contains(f.hint, "api key not valid"): // Google's
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
// tools. There is no code for it; these are the words of ollama, llama.cpp, vLLM
// and the library.
func noTools(f *failure) bool {
	hint := strings.ToLower(f.hint)
	if !strings.Contains(hint, "tool") {
		return false
	}
	for _, words := range []string{"support", "--jinja", "enable-auto-tool-choice", "requires the responses api"} {
		if strings.Contains(hint, words) {
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
	var list []json.RawMessage // as Google has it
	if json.Unmarshal(body, &list) == nil && len(list) > 0 {
		body = list[0]
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
