package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"parley/audio/pcm"
	"parley/engine"
)

// official is OpenAI's own client.
func official(t *testing.T, b *bench) openai.Client {
	s := b.serve(t, Options{})
	return openai.NewClient(option.WithBaseURL(s.URL+"/v1/"), option.WithAPIKey("none"), option.WithHTTPClient(s.Client()), option.WithMaxRetries(0))
}

func TestOfficialClientChats(t *testing.T) {
	b := newBench(func(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
		if len(req.Functions) > 0 && len(req.Called) == 0 {
			return says("Let me look. ", engine.Call{Name: "weather", Arguments: `{"city":"Rome"}`})(ctx, req)
		}
		if len(req.Called) > 0 {
			return says("It is "+req.Called[0].Output+" in Rome.")(ctx, req)
		}
		return echo(ctx, req)
	})
	client := official(t, b)
	ask := openai.ChatCompletionNewParams{
		Model: "gpt-5", Messages: []openai.ChatCompletionMessageParamUnion{openai.SystemMessage("Be brief."), openai.UserMessage("Hello")},
	}
	got, err := client.Chat.Completions.New(t.Context(), ask)
	if err != nil || got.Choices[0].Message.Content != "You said Hello." || got.Choices[0].FinishReason != "stop" || got.Usage.TotalTokens == 0 {
		t.Fatalf("%+v, %v", got, err)
	}

	ask.StreamOptions.IncludeUsage = openai.Bool(true)
	joined := openai.ChatCompletionAccumulator{}
	stream := client.Chat.Completions.NewStreaming(t.Context(), ask)
	for stream.Next() {
		if !joined.AddChunk(stream.Current()) {
			t.Errorf("a chunk does not fit: %s", stream.Current().RawJSON())
		}
	}
	if err := stream.Err(); err != nil || joined.Choices[0].Message.Content != "You said Hello." || joined.Usage.TotalTokens != got.Usage.TotalTokens {
		t.Errorf("%+v, %v", joined.ChatCompletion, err)
	}

	// A function of the client's, and the answer to what came of it.
	ask.Tools = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
		Name: "weather", Parameters: openai.FunctionParameters{"type": "object"},
	})}
	joined = openai.ChatCompletionAccumulator{}
	stream = client.Chat.Completions.NewStreaming(t.Context(), ask)
	called := false
	for stream.Next() {
		joined.AddChunk(stream.Current())
		if call, ok := joined.JustFinishedToolCall(); ok {
			called = call.Name == "weather" && call.Arguments == `{"city":"Rome"}`
		}
	}
	if stream.Err() != nil || !called || joined.Choices[0].FinishReason != "tool_calls" {
		t.Fatalf("%+v, %v", joined.ChatCompletion, stream.Err())
	}
	message := joined.Choices[0].Message
	ask.Messages = append(ask.Messages, message.ToParam(), openai.ToolMessage("sunny", message.ToolCalls[0].ID))
	if got, err = client.Chat.Completions.New(t.Context(), ask); err != nil || got.Choices[0].Message.Content != "It is sunny in Rome." {
		t.Errorf("%+v, %v", got, err)
	}

	ask.N = openai.Int(3)
	var refused *openai.Error
	if _, err = client.Chat.Completions.New(t.Context(), ask); !errors.As(err, &refused) || refused.StatusCode != 400 || refused.Param != "n" || refused.Type != "invalid_request_error" {
		t.Errorf("%v", err)
	}
}

func TestOfficialClientListens(t *testing.T) {
	client := official(t, newBench(echo))
	file := func() io.Reader {
		return openai.File(bytes.NewReader(wav(44100, 1, square(44100, 450*time.Millisecond))), "a.wav", "audio/wav")
	}
	got, err := client.Audio.Transcriptions.New(t.Context(), openai.AudioTranscriptionNewParams{Model: openai.AudioModelWhisper1, File: file(), Language: openai.String("en")})
	if err != nil || got.Text != "la la la la" {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = client.Audio.Transcriptions.New(t.Context(), openai.AudioTranscriptionNewParams{
		Model: openai.AudioModelWhisper1, File: file(), ResponseFormat: openai.AudioResponseFormatVerboseJSON, TimestampGranularities: []string{"segment"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var verbose openai.TranscriptionVerbose
	if err := json.Unmarshal([]byte(got.RawJSON()), &verbose); err != nil || len(verbose.Segments) != 1 || verbose.Segments[0].Text != "la la la la" || verbose.Duration != 0.45 {
		t.Errorf("%s, %v", got.RawJSON(), err)
	}
	stream := client.Audio.Transcriptions.NewStreaming(t.Context(), openai.AudioTranscriptionNewParams{Model: openai.AudioModelGPT4oTranscribe, File: file()})
	var deltas, done string
	for stream.Next() {
		switch e := stream.Current(); e.Type {
		case "transcript.text.delta":
			deltas += e.Delta
		case "transcript.text.done":
			done = e.Text
		}
	}
	if stream.Err() != nil || deltas != "la la la la" || done != deltas {
		t.Errorf("%q, %q, %v", deltas, done, stream.Err())
	}
}

func TestOfficialClientSpeaks(t *testing.T) {
	b := newBench(echo)
	client := official(t, b)
	a, err := client.Audio.Speech.New(t.Context(), openai.AudioSpeechNewParams{
		Model: openai.SpeechModelTTS1, Input: "Hello there. Good day.", Voice: openai.AudioSpeechNewParamsVoiceUnion{OfString: openai.String("alloy")},
		ResponseFormat: openai.AudioSpeechNewParamsResponseFormatWAV, Speed: openai.Float(2),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if f, err := pcm.ReadWAV(a.Body); err != nil || len(f.Samples) != 4*480 || b.voice != "alloy" || b.speed != 2 {
		t.Errorf("%d samples by %s at %g, %v", len(f.Samples), b.voice, b.speed, err)
	}
	var refused *openai.Error
	bad, err := client.Audio.Speech.New(t.Context(), openai.AudioSpeechNewParams{
		Model: openai.SpeechModelTTS1, Input: "Hello.", ResponseFormat: openai.AudioSpeechNewParamsResponseFormatMP3,
	})
	if err == nil {
		bad.Body.Close()
	}
	if !errors.As(err, &refused) || refused.StatusCode != http.StatusBadRequest || !strings.Contains(refused.Message, "wav and pcm") {
		t.Errorf("%v", err)
	}
}

func TestOfficialClientFindsModels(t *testing.T) {
	client := official(t, newBench(echo))
	page, err := client.Models.List(t.Context())
	if err != nil || len(page.Data) != 1 || page.Data[0].ID != "parley" {
		t.Fatalf("%+v, %v", page, err)
	}
	if one, err := client.Models.Get(t.Context(), "parley"); err != nil || one.OwnedBy != "parley" {
		t.Errorf("%+v, %v", one, err)
	}
	var refused *openai.Error
	if _, err := client.Models.Get(t.Context(), "gpt-9"); !errors.As(err, &refused) || refused.StatusCode != 404 || refused.Code != "model_not_found" {
		t.Errorf("%v", err)
	}
}
