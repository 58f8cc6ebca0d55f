package rest

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"parley/audio/pcm"
)

// transcriptFormats write what was said as a response_format has it.
var transcriptFormats = map[string]func(http.ResponseWriter, transcriptionRequest, []written){
	"json": func(w http.ResponseWriter, asked transcriptionRequest, all []written) {
		writeJSON(w, http.StatusOK, map[string]any{"text": joined(all), "usage": heard(asked.samples)})
	},
	"text": func(w http.ResponseWriter, _ transcriptionRequest, all []written) {
		writeText(w, "text/plain", joined(all)+"\n")
	},
	"verbose_json": verbose,
	"srt": func(w http.ResponseWriter, _ transcriptionRequest, all []written) {
		var b strings.Builder
		for i, one := range all {
			fmt.Fprintf(&b, "%d\n%s --> %s\n%s\n\n", i+1, clock(one.start(), ","), clock(one.end(), ","), one.Text)
		}
		writeText(w, "text/plain", b.String())
	},
	"vtt": func(w http.ResponseWriter, _ transcriptionRequest, all []written) {
		var b strings.Builder
		b.WriteString("WEBVTT\n\n")
		for _, one := range all {
			fmt.Fprintf(&b, "%s --> %s\n%s\n\n", clock(one.start(), "."), clock(one.end(), "."), one.Text)
		}
		writeText(w, "text/vtt", b.String())
	},
}

func (s segment) start() time.Duration { return pcm.Rate16k.Duration(s.voice) }
func (s segment) end() time.Duration   { return pcm.Rate16k.Duration(s.quiet) }

// spokenSegment is a segment as verbose_json has it. What a transcriber here does
// not have (tokens, the chance that nobody spoke) is what Whisper's would be for
// certain speech.
type spokenSegment struct {
	ID           int     `json:"id"`
	Seek         int     `json:"seek"`
	Start        float64 `json:"start"` // seconds
	End          float64 `json:"end"`
	Text         string  `json:"text"`
	Tokens       []int   `json:"tokens"`
	Temperature  float64 `json:"temperature"`
	AvgLogProb   float64 `json:"avg_logprob"`
	Compression  float64 `json:"compression_ratio"`
	NoSpeechProb float64 `json:"no_speech_prob"`
}

// verbose has the segments. Words have no times of their own here, so there are no
// words in it.
func verbose(w http.ResponseWriter, asked transcriptionRequest, all []written) {
	spoken := make([]spokenSegment, len(all))
	for i, one := range all {
		spoken[i] = spokenSegment{
			ID: i, Start: one.start().Seconds(), End: one.end().Seconds(), Text: one.Text,
			Tokens: []int{}, Temperature: asked.temperature, Compression: 1,
		}
		if one.Confidence > 0 {
			spoken[i].AvgLogProb = math.Log(one.Confidence)
		}
	}
	language := asked.language
	if language == "" || language == "en" {
		language = "english"
	}
	usage := heard(asked.samples)
	writeJSON(w, http.StatusOK, map[string]any{
		"task": "transcribe", "language": language, "duration": usage.Seconds,
		"text": joined(all), "segments": spoken, "usage": usage,
	})
}

func writeText(w http.ResponseWriter, kind, text string) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	_, _ = w.Write([]byte(text)) // who does not take it has gone
}
