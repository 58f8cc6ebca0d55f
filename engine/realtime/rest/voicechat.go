package rest

import (
	"net/http"
	"strings"
	"time"

	"parley/engine"
)

// voiceChat is the customer's own fallback: the conversation so far up, what is to
// be said next down, and whether a lesson is asked for.
func (h *routes) voiceChat(w http.ResponseWriter, r *http.Request) error {
	began := time.Now()
	var asked struct {
		Messages []message `json:"messages"`
	}
	if err := readJSON(w, r, h.limits.JSON, &asked); err != nil {
		return err
	}
	if len(asked.Messages) == 0 {
		return invalid("messages", "messages is missing")
	}
	req, err := conversation(asked.Messages)
	if err != nil {
		return err
	}
	req.Teaching = h.teaching(req.Text)
	lesson := req.Teaching.Kind == engine.TeachLesson
	var text strings.Builder
	for piece, err := range h.answer(r.Context(), req) {
		if err != nil {
			return err
		}
		text.WriteString(wordsOf(piece))
		if _, asked := piece.(engine.Teach); asked {
			lesson = true
		}
	}
	answer := struct {
		Role     string  `json:"role"`
		Content  string  `json:"content"`
		Took     float64 `json:"responseTime"` // ms
		Teaching bool    `json:"teachingRequest,omitempty"`
		Original string  `json:"originalPrompt,omitempty"` // the user's words that ask for the lesson
	}{Role: "assistant", Content: text.String(), Took: float64(time.Since(began).Microseconds()) / 1000}
	if lesson {
		answer.Teaching, answer.Original = true, req.Text
	}
	writeJSON(w, http.StatusOK, answer)
	return nil
}
